"""Locks and pins that end by themselves."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from forum.actions import topics
from forum.models import Topic
from forum.permissions import CannotBeDone
from moderation import tasks
from moderation.actions import topic_acts, undo
from moderation.log import wording
from moderation.log.entries import Why
from moderation.models import ModerationEntry
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic

pytestmark = pytest.mark.django_db
WHY = Why(reason="Cool down.")
TOMORROW = timezone.now() + timedelta(days=1)


@pytest.fixture
def moderator(client):
    user = make_user(time_zone="Asia/Tashkent")
    client.force_login(user)
    return user


def kept_topic(moderator, **fields):
    topic = make_topic(**fields)
    topic.subforum.moderators.add(moderator)
    return topic


def act(client, topic, **data):
    return client.post(f"/moderation/topics/{topic.pk}/", data, follow=True)


def let_it_end(topic):
    """The time has come, and no task has run."""
    past = timezone.now() - timedelta(seconds=1)
    for name in ("locked", "pinned"):
        Topic.objects.filter(pk=topic.pk, **{f"{name}_until__isnull": False}).update(**{f"{name}_until": past})
    topic.refresh_from_db()


@pytest.mark.parametrize(("lasts", "days"), [("day", 1), ("week", 7), ("month", 30)])
def test_a_moderator_locks_for_a_time(client, moderator, lasts, days):
    topic = kept_topic(moderator)

    page = act(client, topic, act="lock", lasts=lasts).text

    topic.refresh_from_db()
    assert timedelta(0) <= timezone.now() + timedelta(days=days) - topic.locked_until < timedelta(minutes=2)
    assert topic.is_locked
    assert " UTC)." in page


def test_the_day_and_hour_are_in_the_moderators_time_zone(client, moderator):
    topic, year = kept_topic(moderator), timezone.now().year + 1

    page = act(client, topic, act="pin", lasts="at", ends_at=f"{year}-03-03T02:30").text

    topic.refresh_from_db()
    assert topic.pinned_until == datetime(year, 3, 3, 2, 30, tzinfo=ZoneInfo("Asia/Tashkent"))
    assert f"Until 3 March {year}, 02:30 (2 March, 21:30 UTC)." in page


def test_without_a_choice_it_lasts_until_somebody_ends_it(client, moderator):
    topic = kept_topic(moderator)

    act(client, topic, act="lock")

    topic.refresh_from_db()
    assert (topic.is_locked, topic.locked_until) == (True, None)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"lasts": "at"}, "Say at which day and hour"),
        ({"lasts": "at", "ends_at": "2020-01-01T10:00"}, "Choose a day and hour to come"),
        ({"lasts": "at", "ends_at": "2999-01-01T10:00"}, "within the next two years"),
        ({"lasts": "at", "ends_at": "soon"}, "Enter a valid date/time"),
        ({"lasts": "fortnight"}, "Select a valid choice"),
    ],
)
def test_an_end_that_makes_no_sense_is_refused_in_words(client, moderator, data, words):
    topic = kept_topic(moderator)

    answer = act(client, topic, act="lock", **data)

    topic.refresh_from_db()
    assert (answer.status_code, words in answer.text, topic.locked_at) == (400, True, None)


def test_bulk_acts_lock_and_pin_for_a_time(client, moderator):
    one = kept_topic(moderator)
    other = make_topic(subforum=one.subforum)
    data = {"act": "lock", "topics": [one.pk, other.pk], "lasts": "week"}

    page = client.post(f"/moderation/forums/{one.subforum.slug}/", data, follow=True).text

    assert Topic.objects.filter(locked_until__isnull=False).count() == 2
    assert "Locked 2 topics. Until " in page


def test_readers_are_told_until_when_it_is_locked(client):
    topic = make_topic()
    topics.lock_topic(make_user(is_staff=True), topic, until=datetime(2999, 12, 3, 14, tzinfo=UTC))

    page = client.get(topic.get_absolute_url()).text

    assert "locked until" in page
    assert "3 December 2999, 14:00 UTC" in page


def test_when_the_time_has_come_members_reply_though_no_task_has_run(client):
    topic = make_topic()
    topics.lock_topic(make_user(is_staff=True), topic, until=TOMORROW)
    member = make_user()
    client.force_login(member)
    refused = client.post(f"/topics/{topic.pk}/reply/", {"source": "Too early."}).status_code

    let_it_end(topic)
    page = client.get(topic.get_absolute_url()).text
    client.post(f"/topics/{topic.pk}/reply/", {"source": "It was open on Monday."})

    assert refused == 403
    assert "This topic is locked" not in page
    assert topic.posts.filter(author=member).count() == 1


def test_kept_pages_of_visitors_end_when_the_time_has_come(client):
    topic = make_topic(title="Torugart in June")
    topics.lock_topic(make_user(is_staff=True), topic, until=TOMORROW)
    paths = [topic.get_absolute_url(), topic.subforum.get_absolute_url()]
    before = [">Locked" in client.get(path).text.replace("</svg>", ">") for path in paths]

    Topic.objects.filter(pk=topic.pk).update(locked_until=timezone.now() - timedelta(seconds=1))

    assert before == [True, True]
    assert [">Locked" in client.get(path).text.replace("</svg>", ">") for path in paths] == [False, False]


def test_a_pin_that_has_ended_is_listed_by_its_last_post_at_once(client):
    pinned = make_topic(title="The pinned one")
    make_topic(subforum=pinned.subforum, title="The newer one")
    topics.pin_topic(make_user(is_staff=True), pinned, until=TOMORROW)
    path = pinned.subforum.get_absolute_url()
    before = client.get(path).text

    Topic.objects.filter(pk=pinned.pk).update(pinned_until=timezone.now() - timedelta(seconds=1))
    after = client.get(path).text

    assert before.index("The pinned one") < before.index("The newer one")
    assert after.index("The newer one") < after.index("The pinned one")
    assert "Pinned" not in after


def test_the_task_clears_what_has_ended_and_nothing_else(moderator):
    topic = kept_topic(moderator)
    topic_acts.lock(moderator, topic, WHY, TOMORROW)
    topic_acts.pin(moderator, topic, WHY)
    task = DBTaskResult.objects.get(task_path="moderation.tasks.clear_ended_state")

    tasks.clear_ended_state.func(topic.pk)
    topic.refresh_from_db()
    early = topic.is_locked
    let_it_end(topic)
    tasks.clear_ended_state.func(topic.pk)

    topic.refresh_from_db()
    assert (task.run_after, early) == (TOMORROW, True)
    assert (topic.locked_at, topic.locked_until, topic.lock_reason) == (None, None, "")
    assert topic.is_pinned


def test_the_nightly_chore_clears_what_a_lost_task_left():
    topic = make_topic()
    topics.lock_topic(make_user(is_staff=True), topic, until=TOMORROW)
    let_it_end(topic)

    topics.clear_all_ended()

    topic.refresh_from_db()
    assert topic.locked_at is None


def test_a_topic_whose_lock_has_ended_can_be_locked_for_good_though_no_task_has_run(moderator):
    topic = kept_topic(moderator)
    topic_acts.lock(moderator, topic, WHY, TOMORROW)
    let_it_end(topic)

    topic_acts.lock(moderator, topic, WHY)
    tasks.clear_ended_state.func(topic.pk)

    topic.refresh_from_db()
    assert (topic.is_locked, topic.locked_until) == (True, None)


def test_an_undone_lock_is_gone_and_an_undone_unlock_has_its_end_again(moderator):
    topic = kept_topic(moderator)
    topic_acts.lock(moderator, topic, WHY, TOMORROW)
    unlocked = topic_acts.unlock(moderator, topic, Why())
    topic.refresh_from_db()
    early = (topic.is_locked, topic.locked_until)

    undo.undo(moderator, unlocked)

    topic.refresh_from_db()
    assert early == (False, None)
    assert (topic.is_locked, topic.locked_until, topic.lock_reason) == (True, TOMORROW, "Cool down.")


def test_an_undone_unpin_has_its_end_again(moderator):
    topic = kept_topic(moderator)
    topic_acts.pin(moderator, topic, WHY, TOMORROW)

    undo.undo(moderator, topic_acts.unpin(moderator, topic, Why()))

    topic.refresh_from_db()
    assert (topic.is_pinned, topic.pinned_until) == (True, TOMORROW)


def test_a_lock_whose_time_has_passed_is_not_undone_to(moderator):
    topic = kept_topic(moderator)
    topic_acts.lock(moderator, topic, WHY, timezone.now() + timedelta(seconds=60))
    unlocked = topic_acts.unlock(moderator, topic, Why())
    words = unlocked.words
    type(words).objects.filter(pk=words.pk)  # the snapshot cannot be changed: wait by asking later
    later = timezone.now() + timedelta(hours=1)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: later)
        with pytest.raises(CannotBeDone, match="has passed"):
            undo.undo(moderator, unlocked)


def test_a_lock_that_has_ended_is_not_undone(moderator):
    topic = kept_topic(moderator)
    entry = topic_acts.lock(moderator, topic, WHY, TOMORROW)
    let_it_end(topic)

    with pytest.raises(CannotBeDone):
        undo.undo(moderator, entry)


def test_the_log_says_until_when(moderator):
    entry = topic_acts.lock(moderator, kept_topic(moderator), WHY, datetime(2999, 12, 3, 14, tzinfo=UTC))

    entry = ModerationEntry.objects.select_related("words").get(pk=entry.pk)
    assert wording.effect(entry) == "Until 3 December 2999, 14:00 UTC."


def test_the_second_lock_changes_nothing(moderator):
    topic = kept_topic(moderator)
    topic_acts.lock(moderator, topic, WHY, TOMORROW)

    assert topic_acts.lock(moderator, topic, WHY, TOMORROW + timedelta(days=3)) is None
    topic.refresh_from_db()
    assert topic.locked_until == TOMORROW


def test_only_a_lock_or_pin_has_an_end():
    topic = make_topic()

    for name in ("locked_until", "pinned_until"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Topic.objects.filter(pk=topic.pk).update(**{name: TOMORROW})


def test_reactions_and_edits_are_possible_when_a_lock_has_ended(client):
    post = make_post()
    topics.lock_topic(make_user(is_staff=True), post.topic, until=TOMORROW)
    client.force_login(make_user())
    refused = client.post(f"/posts/{post.pk}/react/helpful/").status_code

    let_it_end(post.topic)

    assert refused == 403
    assert client.post(f"/posts/{post.pk}/react/helpful/").status_code == 302
