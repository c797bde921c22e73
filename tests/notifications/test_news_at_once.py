"""News when several happen at once, on a real database; each race has a control that must fail."""

import pytest
from django.db import connection, transaction

from accounts.models import NewsVersion, User
from forum.actions import posts, reactions
from forum.models import Topic
from notifications.models import Notification
from notifications.news import counts, post_news, read_marks, tell
from notifications.watches.actions import watch
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic
from tests.forum.test_at_once import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

WORKERS = 8


def fresh(user):
    return User.objects.get(pk=user.pk)


def test_told_by_many_workers_at_once_each_watcher_hears_once():
    topic = make_topic()
    watchers = [make_user() for _ in range(12)]
    for watcher in watchers:
        watch(watcher, topic)
    post = make_post(topic=topic)

    failures = at_once(*[lambda: post_news.tell_of_post(post.pk) for _ in range(WORKERS)])

    assert failures == []
    assert Notification.objects.count() == 13  # with who asked
    assert all(counts.unread_count(fresh(watcher)) == 1 for watcher in watchers)


def test_control_without_the_key_of_the_cause_each_worker_tells_anew(monkeypatch):
    topic, post = make_topic(), None
    post = make_post(topic=topic)
    keys = iter(range(1_000))
    cause_of_post = tell.cause_of_post

    def keyless(kind, post, **more):
        cause = cause_of_post(kind, post, **more)
        return tell.Cause(**{**vars(cause), "key": f"anew-{next(keys)}"})

    monkeypatch.setattr(post_news, "cause_of_post", keyless)

    at_once(*[lambda: post_news.tell_of_post(post.pk) for _ in range(WORKERS)])

    assert Notification.objects.filter(user=topic.author).count() == WORKERS


def test_read_while_news_comes_the_bell_says_what_is_unread():
    reader, topic = make_user(), make_topic()
    watch(reader, topic)
    written = [make_post(topic=topic, author=make_user(trust=1)) for _ in range(6)]

    def look(post):
        user = fresh(reader)
        read_marks.mark_posts_read(user, [post.pk])
        counts.unread_count(user)

    jobs = [lambda post=post: post_news.tell_of_post(post.pk) for post in written]
    jobs += [lambda post=post: look(post) for post in written]
    jobs += [lambda: read_marks.mark_all_read(fresh(reader), 10**9), lambda: counts.unread_count(fresh(reader))]
    failures = at_once(*jobs)

    unread = Notification.objects.filter(user=reader).unread()
    assert failures == []
    assert counts.unread_count(fresh(reader)) == len({news.group for news in unread})


def test_a_count_begun_before_news_was_committed_is_not_kept_after_it():
    reader, topic = make_user(), make_topic()
    watch(reader, topic)
    post = make_post(topic=topic)

    def count_meanwhile():
        assert counts.unread_count(fresh(reader)) == 0

    with transaction.atomic():
        post_news.tell_of_post(post.pk)
        assert at_once(count_meanwhile) == []

    assert counts.unread_count(fresh(reader)) == 1


def test_control_without_the_version_the_old_count_is_kept(monkeypatch):
    monkeypatch.setattr(NewsVersion, "bump", classmethod(lambda cls, ids: {}))
    test = test_a_count_begun_before_news_was_committed_is_not_kept_after_it

    with pytest.raises(AssertionError):
        test()


def test_marking_in_two_orders_at_once_never_deadlocks():
    reader, topic = make_user(), make_topic()
    watch(reader, topic)
    written = [make_post(topic=topic, author=make_user(trust=1)) for _ in range(10)]
    for post in written:
        post_news.tell_of_post(post.pk)
    ids = [post.pk for post in written]

    failures = at_once(
        *[lambda: read_marks.mark_posts_read(fresh(reader), ids[::-1]) for _ in range(4)],
        *[lambda: read_marks.mark_all_read(fresh(reader), 10**9) for _ in range(4)],
    )

    assert failures == []
    assert counts.unread_count(fresh(reader)) == 0


def test_reacting_and_taking_back_at_once_leaves_what_stands():
    post = make_post()
    members = [make_user(trust=1) for _ in range(4)]

    def thank_and_take_back(member):
        reactions.react(member, post, "helpful")
        reactions.withdraw_reaction(member, post, "helpful")

    failures = at_once(
        *[lambda member=member: thank_and_take_back(member) for member in members],
        lambda: posts.reply(members[0], Topic.objects.select_related("subforum").get(pk=post.topic_id), source="Hm."),
    )

    assert failures == []
    connection.close()
    assert not Notification.objects.readable_by(fresh(post.author)).filter(kind="reaction").exists()
