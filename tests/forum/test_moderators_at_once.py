"""Moderators at once, with each other and with members who write: on a real database, with controls that fail."""

import contextlib
import threading

import pytest
from django.db import transaction

from forum import actions
from forum.actions import reactions, rearrange, visibility
from forum.actions.topics import mark_duplicate, move_topic
from forum.counters import locks
from forum.counters.recount import recount
from forum.models import Post, Rearrangement, Topic
from forum.permissions import CannotBeDone, NotAllowed
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.forum.test_at_once import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture
def moderator():
    return make_user(is_staff=True)


def numbers_are_dense():
    return all(
        list(topic.posts.order_by("number").values_list("number", flat=True)) == list(range(1, topic.last_number + 1))
        for topic in Topic.objects.all()
    )


def try_to(act):
    """What came too late is refused in words."""

    def tried():
        with contextlib.suppress(CannotBeDone, NotAllowed):
            act()

    return tried


def test_two_topics_merged_into_each_other_at_once_are_merged_once(moderator):
    for _ in range(4):
        one, other = make_topic(), make_topic()

        refused = at_once(
            lambda one=one, other=other: rearrange.merge_topics(moderator, one, other),
            lambda one=one, other=other: rearrange.merge_topics(moderator, other, one),
        )

        assert [type(error) for error in refused] == [CannotBeDone]
        assert sorted(Topic.objects.filter(pk__in=[one.pk, other.pk]).values_list("posts_count", flat=True)) == [0, 2]
    assert recount(mend=False) == []


def test_control_topics_that_are_looked_at_before_they_are_locked_vanish_into_each_other(moderator, monkeypatch):
    one, other, both_have_looked = make_topic(), make_topic(), threading.Barrier(2)

    def careless(*topics):
        found = [Topic.objects.select_related("subforum").get(pk=topic.pk) for topic in topics]
        both_have_looked.wait()
        return found

    monkeypatch.setattr(locks, "lock_topics", careless)
    failures = at_once(
        lambda: rearrange.merge_topics(moderator, one, other), lambda: rearrange.merge_topics(moderator, other, one)
    )

    one.refresh_from_db()
    other.refresh_from_db()
    are_in_a_circle = one.merged_into_id == other.pk and other.merged_into_id == one.pk
    assert failures or are_in_a_circle or recount(mend=False)
    assert [type(error) for error in failures] != [CannotBeDone]


def test_replies_on_their_way_while_topics_are_merged_are_in_one_of_them_or_refused(moderator):
    one, other = make_topic(), make_topic()
    writers = [make_user() for _ in range(8)]
    written = []

    def write(writer):
        for topic in (one, other, one, other):
            with contextlib.suppress(NotAllowed):
                written.append(actions.posts.reply(writer, topic, source="At the gate.").pk)

    failures = at_once(
        *[lambda writer=writer: write(writer) for writer in writers],
        lambda: rearrange.merge_topics(moderator, one, other),
    )

    assert failures == []
    assert Post.objects.filter(pk__in=written).count() == len(written)
    assert Post.objects.filter(topic=one).count() == 0
    assert numbers_are_dense()
    assert recount(mend=False) == []


def test_a_split_against_a_merging_leaves_every_post_in_one_topic(moderator):
    for _ in range(3):
        one, other = make_topic(), make_topic()
        posts = [make_post(topic=one) for _ in range(4)]
        everything = Post.objects.count()

        failures = at_once(
            try_to(lambda posts=posts: rearrange.split_posts(moderator, posts[1:], title="Another question")),
            try_to(lambda one=one, other=other: rearrange.merge_topics(moderator, one, other)),
            try_to(lambda posts=posts, other=other: rearrange.move_posts(moderator, posts[:1], other)),
        )

        assert failures == []
        assert Post.objects.count() == everything
        assert numbers_are_dense()
    assert Rearrangement.objects.exists()
    assert recount(mend=False) == []


def test_control_a_split_that_only_looks_at_its_topic_finds_no_posts_after_a_merging(moderator, monkeypatch):
    one, other, careless = make_topic(), make_topic(), []
    posts = [make_post(topic=one) for _ in range(2)]
    has_looked, is_merged = threading.Event(), threading.Event()
    lock_topics, divide = locks.lock_topics, rearrange._divide

    def only_look(*topics):
        if threading.current_thread() in careless:
            return [Topic.objects.select_related("subforum").get(pk=topic.pk) for topic in topics]
        return lock_topics(*topics)

    def wait_for_the_merging(*args):
        found = divide(*args)
        has_looked.set()
        assert is_merged.wait(60)
        return found

    def split():
        careless.append(threading.current_thread())
        rearrange.split_posts(moderator, posts, title="Another question")

    def merge():
        assert has_looked.wait(60)
        rearrange.merge_topics(moderator, one, other)
        is_merged.set()

    monkeypatch.setattr(locks, "lock_topics", only_look)
    monkeypatch.setattr(rearrange, "_divide", wait_for_the_merging)

    failures = at_once(split, merge)

    assert [type(failure) for failure in failures] == [KeyError]


def test_undoing_twice_at_once_undoes_once(moderator):
    one, other = make_topic(), make_topic()
    made = rearrange.merge_topics(moderator, one, other)

    failures = at_once(*[lambda: rearrange.undo_rearrangement(moderator, made)] * 3)

    assert failures == []
    assert [Topic.objects.get(pk=topic.pk).posts_count for topic in (one, other)] == [1, 1]
    assert recount(mend=False) == []


def test_all_that_moderators_do_at_once_with_members_who_write_keeps_every_counter(moderator):
    topics = [make_topic() for _ in range(3)]
    posts = [make_post(topic=topic) for topic in topics for _ in range(2)]
    elsewhere = [make_subforum(), make_subforum(access="members")]
    members = [make_user() for _ in range(3)]

    failures = at_once(
        *[
            lambda member=member: [try_to(lambda t=t: actions.posts.reply(member, t, source="More."))() for t in topics]
            for member in members
        ],
        *[
            lambda member=member: [try_to(lambda p=p: reactions.react(member, p, "helpful"))() for p in posts]
            for member in members
        ],
        lambda: [try_to(lambda p=p: visibility.hide_post(moderator, p))() for p in posts],
        lambda: [try_to(lambda p=p: visibility.restore_post(moderator, p))() for p in posts],
        lambda: [try_to(lambda p=p: visibility.hold_post(None, p))() for p in posts],
        *[lambda to=to: [try_to(lambda t=t: move_topic(moderator, t, to))() for t in topics] for to in elsewhere],
        lambda: try_to(lambda: rearrange.merge_topics(moderator, topics[0], topics[1]))(),
        lambda: try_to(lambda: rearrange.merge_topics(moderator, topics[2], topics[0]))(),
        lambda: try_to(lambda: rearrange.split_posts(moderator, posts[-1:], title="Another"))(),
        lambda: try_to(lambda: mark_duplicate(moderator, topics[1], topics[2]))(),
    )

    assert failures == []
    assert numbers_are_dense()
    assert recount(mend=False) == []


def test_control_numbers_that_are_given_anew_without_a_lock_meet_new_replies(moderator):
    topic, writer = make_topic(), make_user()
    post, both_have_looked = make_post(topic=topic), threading.Barrier(2)

    def careless():
        with transaction.atomic():
            last = Topic.objects.get(pk=topic.pk).last_number
            both_have_looked.wait()
            both_have_looked.wait()
            Post.objects.filter(pk=post.pk).update(number=last + 1)

    def reply():
        both_have_looked.wait()
        actions.posts.reply(writer, topic, source="At the gate.")
        both_have_looked.wait()

    assert len(at_once(careless, reply)) == 1
