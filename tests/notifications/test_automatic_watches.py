"""Topics are watched by themselves on asking and on replying; a choice made by hand is never overruled."""

import importlib
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from crossings.models import CrossingReport
from forum.actions import posts, visibility
from forum.models import Post, Topic
from notifications.models import Notification, Watch
from notifications.watches.actions import choose_level, prefer, stop_watching, watch
from tests.crossings.factories import make_crossing, make_report
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.forum.test_at_once import at_once
from tests.notifications.worker import do_tasks

pytestmark = pytest.mark.django_db
Level = Watch.Level


def level_of(user, topic):
    """Level, and whether the watch began by itself; or None."""
    return Watch.objects.filter(user=user, topic=topic).values_list("level", "is_automatic").first()


def test_who_asks_and_who_replies_watches_the_topic():
    topic = make_topic()
    reply = make_post(topic=topic)

    assert level_of(topic.author, topic) == ("watching", True)
    assert level_of(reply.author, topic) == ("watching", True)
    assert Watch.objects.count() == 2


@pytest.mark.parametrize(("on_asking", "on_replying"), [(True, True), (True, False), (False, True), (False, False)])
def test_each_member_may_switch_either_off(on_asking, on_replying):
    user = make_user()
    prefer(user, on_asking=on_asking, on_replying=on_replying)

    asked, replied = make_topic(author=user), make_post(author=user).topic

    assert (level_of(user, asked) is not None, level_of(user, replied) is not None) == (on_asking, on_replying)


@pytest.mark.parametrize("level", ["watching", "mentions", "muted"])
def test_a_level_chosen_by_hand_stays(level):
    user, topic = make_user(), make_topic()
    watch(user, topic, level=Level(level))

    make_post(topic=topic, author=user)

    assert level_of(user, topic) == (level, False)


def test_a_watch_ended_by_hand_stays_ended_until_it_is_chosen_again():
    topic = make_topic()
    stop_watching(topic.author, topic), stop_watching(topic.author, topic)

    make_post(topic=topic, author=topic.author)

    assert level_of(topic.author, topic) == ("ended", False)
    assert not Watch.objects.readable_by(topic.author).exists()
    choose_level(topic.author, topic, Level.WATCHING)
    assert level_of(topic.author, topic) == ("watching", False)


def test_who_muted_a_subforum_does_not_watch_its_topics_by_writing_there():
    user, subforum = make_user(), make_subforum()
    watch(user, subforum, level=Level.MUTED)

    topic = make_topic(author=user, subforum=subforum)

    assert level_of(user, topic) is None


def test_a_held_topic_is_watched_from_when_it_can_be_read():
    topic, moderator = make_topic(), make_user(is_staff=True)
    Watch.objects.all().delete()
    opening = Post.objects.select_related("topic__subforum").get(topic=topic)
    visibility.hold_post(moderator, opening)

    visibility.approve_post(moderator, Post.objects.select_related("topic__subforum").get(pk=opening.pk))

    assert level_of(topic.author, topic) == ("watching", True)


def test_who_reports_a_crossing_does_not_watch_its_reports_but_who_asks_there_does():
    report, asker = make_report(make_crossing()), make_user()
    topic = report.post.topic

    make_post(topic=topic, author=asker, source="Was the bus running?")

    assert topic.is_running
    assert CrossingReport.objects.count() == 1
    assert level_of(report.post.author, topic) is None
    assert level_of(asker, topic) == ("watching", True)


def test_who_asked_before_there_were_watches_hears_of_answers():
    topic, reply, gone = make_topic(), make_post(), make_topic(author=make_user())
    muted = make_topic()
    make_report(make_crossing())
    gone.author.is_active = False
    gone.author.save()
    Watch.objects.all().delete()
    watch(muted.author, muted, level=Level.MUTED)
    migration = importlib.import_module("notifications.migrations.0005_topics_are_watched_by_themselves")

    with connection.cursor() as cursor:
        cursor.execute(migration.WATCH_OWN_TOPICS)

    assert set(Watch.objects.values_list("user", "topic", "level")) == {
        (topic.author_id, topic.pk, "watching"),
        (reply.topic.author_id, reply.topic_id, "watching"),
        (muted.author_id, muted.pk, "muted"),
    }


@pytest.mark.database
def test_two_replies_at_once_are_one_watch(transactional_db):
    user, topic = make_user(), make_topic()

    failures = at_once(*[lambda: posts.reply(user, topic, source="At the gate.") for _ in range(6)])

    assert failures == []
    assert Post.objects.filter(author=user).count() == 6
    assert level_of(user, topic) == ("watching", True)


@pytest.mark.database
def test_control_looking_first_and_writing_then_fails_at_once(transactional_db):
    """What the one statement is for: without the lock of the topic and ON CONFLICT, the same jobs collide."""
    user, topic = make_user(), make_topic()

    def look_and_write():
        if not Watch.objects.filter(user=user, topic=topic).exists():
            pause.wait()
            Watch.objects.create(user=user, topic=topic, is_automatic=True, watched_at=timezone.now())

    pause = threading.Barrier(2, timeout=60)
    failures = at_once(look_and_write, look_and_write)

    assert [type(error).__name__ for error in failures] == ["IntegrityError"]


@pytest.mark.database
def test_muted_while_replying_it_stays_muted(transactional_db):
    for _ in range(5):
        user, topic = make_user(), make_topic()

        failures = at_once(
            lambda user=user, topic=topic: posts.reply(user, topic, source="At the gate."),
            lambda user=user, topic=topic: choose_level(user, topic, Level.MUTED),
        )

        assert failures == []
        assert level_of(user, topic) == ("muted", False)


def test_a_watch_chosen_on_a_merged_topic_is_one_of_where_its_posts_are():
    user, topic, target = make_user(), make_topic(), make_topic()
    now = timezone.now() - timedelta(days=1)
    Topic.objects.filter(pk=topic.pk).update(merged_into=target, hidden_at=now, hidden_by=target.author)

    choose_level(user, topic, Level.WATCHING)

    assert level_of(user, target) == ("watching", False)
    assert level_of(user, topic) is None


@pytest.mark.parametrize(
    ("choice", "news"),
    [
        (lambda topic: None, ["reply"]),
        (lambda topic: choose_level(topic.author, topic, Level.MENTIONS), []),
        (lambda topic: choose_level(topic.author, topic, Level.MUTED), []),
        (lambda topic: stop_watching(topic.author, topic), []),
    ],
    ids=["asked", "mentions", "muted", "stopped"],
)
def test_who_asked_hears_of_replies_as_long_as_they_watch(choice, news):
    topic = make_topic()
    choice(topic)

    make_post(topic=topic)
    do_tasks()

    assert list(Notification.objects.filter(user=topic.author).values_list("kind", flat=True)) == news


def test_who_switched_it_off_hears_of_no_replies_to_their_question():
    asker = make_user()
    prefer(asker, on_asking=False, on_replying=True)

    make_post(topic=make_topic(author=asker))
    do_tasks()

    assert not Notification.objects.filter(user=asker).exists()
