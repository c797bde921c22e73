"""Topics that administrators pin across the forum: on the index, and above the list of every subforum."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forum.actions import topics
from forum.models import Subforum, Topic
from forum.models.topic import MOST_PINNED_ACROSS
from forum.permissions import CannotBeDone, NotAllowed
from moderation.actions import topic_acts, undo
from moderation.log import wording
from moderation.models import ModerationEntry
from tests.factories import make_user
from tests.forum.factories import make_group, make_post, make_subforum, make_topic
from tests.moderation.factories import WHY, make_admin, make_moderator

pytestmark = pytest.mark.django_db
TITLE = "New rules for the Irkeshtam permit"
TOMORROW = timezone.now() + timedelta(days=1)
MARK = "Pinned across the forum"


@pytest.fixture
def admin():
    return make_admin()


@pytest.fixture
def elsewhere():
    """Another subforum than the topic's, with one topic of its own."""
    return make_topic().subforum


def pinned_topic(admin, until=None, **fields):
    topic = make_topic(**({"title": TITLE} | fields))
    topic_acts.pin_across(admin, topic, WHY, until)
    topic.refresh_from_db()
    return topic


def announced(client, path):
    """The HTML of what the page announces."""
    page = client.get(path).text
    assert page.count('id="across"') <= 1
    return page.partition('id="across"')[2].partition("</section>")[0]


def seen_at(client, path):
    return TITLE in announced(client, path)


def seen(client, subforum):
    """Whether the title stands on the index and above the subforum's list; both or neither."""
    answers = {seen_at(client, "/"), seen_at(client, subforum.get_absolute_url())}
    assert len(answers) == 1
    return answers.pop()


def act(client, topic, **data):
    return client.post(f"/moderation/topics/{topic.pk}/", data, follow=True)


# --- Pinning, and ending it ---


def test_an_administrator_pins_across_and_ends_it_on_the_page(client, admin, elsewhere):
    topic = make_topic(title=TITLE)
    client.force_login(admin)
    before = seen_at(client, elsewhere.get_absolute_url())

    page = act(client, topic, act="pin-across", reason="Everybody asks.").text
    after = announced(client, elsewhere.get_absolute_url())
    act(client, topic, act="unpin-across")

    assert "across the forum" in page
    assert (before, TITLE in after, MARK in after) == (False, True, True)
    assert not seen(client, elsewhere)


def test_the_topic_says_so_itself(client, admin):
    topic = pinned_topic(admin, TOMORROW)

    page = client.get(topic.get_absolute_url()).text

    assert f"{MARK} until" in page


def test_it_may_last_until_a_day_and_the_log_says_until_when(client, admin):
    topic = make_topic(title=TITLE)
    client.force_login(admin)

    page = act(client, topic, act="pin-across", lasts="week").text

    topic.refresh_from_db()
    entry = ModerationEntry.objects.select_related("words", "member", "topic").get()
    assert timedelta(0) <= timezone.now() + timedelta(days=7) - topic.pinned_across_until < timedelta(minutes=2)
    assert wording.did(entry).endswith("across the forum")
    assert wording.effect(entry).startswith("Until ")
    assert wording.effect(entry) in page.replace("&#x27;", "'")


def test_a_time_that_has_passed_is_refused(admin):
    with pytest.raises(CannotBeDone, match="has passed"):
        topics.pin_across(admin, make_topic(), until=timezone.now() - timedelta(hours=1))


def test_a_moderator_of_the_subforum_may_not(client, elsewhere):
    topic = make_topic(title=TITLE)
    moderator = make_moderator(topic.subforum)
    client.force_login(moderator)

    answers = [act(client, topic, act=name) for name in ("pin-across", "unpin-across")]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert all("Only administrators pin a topic across the forum" in answer.text for answer in answers)
    assert 'value="pin-across"' not in client.get(f"/moderation/topics/{topic.pk}/").text
    assert not ModerationEntry.objects.exists()
    assert not seen(client, elsewhere)


@pytest.mark.parametrize("state", [{"suspended_until": TOMORROW}, {"banned_at": timezone.now()}])
def test_nor_an_administrator_who_is_suspended_or_banned(state):
    topic = make_topic()

    with pytest.raises(NotAllowed):
        topics.pin_across(make_user(is_staff=True, **state), topic)


def test_a_moderator_may_not_end_it_either(admin):
    topic = pinned_topic(admin)

    for act in (topic_acts.unpin_across, topic_acts.pin_across):
        with pytest.raises(NotAllowed):
            act(make_moderator(topic.subforum), topic, WHY)

    topic.refresh_from_db()
    assert topic.is_pinned_across


def test_twice_changes_nothing(admin):
    topic = pinned_topic(admin, TOMORROW)

    assert topic_acts.pin_across(admin, topic, WHY, TOMORROW + timedelta(days=3)) is None
    topic.refresh_from_db()
    assert topic.pinned_across_until == TOMORROW
    topic_acts.unpin_across(admin, topic, WHY)
    assert topic_acts.unpin_across(admin, topic, WHY) is None
    assert ModerationEntry.objects.count() == 2


def test_only_a_pin_across_has_an_end():
    topic = make_topic()

    with pytest.raises(IntegrityError), transaction.atomic():
        Topic.objects.filter(pk=topic.pk).update(pinned_across_until=TOMORROW)


# --- How many ---


def test_a_fourth_is_refused_and_the_three_are_named(client, admin, elsewhere):
    for number in range(MOST_PINNED_ACROSS):
        topic_acts.pin_across(admin, make_topic(title=f"Announcement {number}"), WHY)
    fourth = make_topic(title=TITLE)
    client.force_login(admin)

    answer = act(client, fourth, act="pin-across")

    assert answer.status_code == 400
    assert "3 topics are pinned across the forum already" in answer.text
    assert all(f"Announcement {number}" in answer.text for number in range(MOST_PINNED_ACROSS))
    assert not seen(client, elsewhere)


def test_an_ended_pin_leaves_room_before_its_task_has_run(admin):
    for number in range(MOST_PINNED_ACROSS):
        topic_acts.pin_across(admin, make_topic(title=f"Announcement {number}"), WHY, TOMORROW)
    Topic.objects.filter(title="Announcement 1").update(pinned_across_until=timezone.now() - timedelta(seconds=1))

    assert pinned_topic(admin).is_pinned_across


def test_a_merged_topic_leaves_room_too(client, admin, elsewhere):
    first = pinned_topic(admin)
    for number in range(MOST_PINNED_ACROSS - 1):
        topic_acts.pin_across(admin, make_topic(title=f"Announcement {number}"), WHY)
    entry = topic_acts.merge(admin, first, make_topic(), WHY)
    away = seen(client, elsewhere)

    undo.undo(admin, entry)

    assert not away
    assert seen(client, elsewhere)
    topic_acts.merge(admin, first, make_topic(), WHY)
    topic_acts.pin_across(admin, make_topic(), WHY)


# --- Taking it back ---


def test_both_acts_are_taken_back_exactly(client, admin, elsewhere):
    topic = make_topic(title=TITLE)
    pinned = topic_acts.pin_across(admin, topic, WHY, TOMORROW)
    unpinned = topic_acts.unpin_across(admin, topic, WHY)

    undo.undo(admin, unpinned)
    topic.refresh_from_db()
    state = topic.is_pinned_across, topic.pinned_across_until
    again = seen(client, elsewhere)
    undo.undo(admin, pinned)

    topic.refresh_from_db()
    assert (state, again) == ((True, TOMORROW), True)
    assert (topic.pinned_across_at, topic.pinned_across_until) == (None, None)
    assert not seen(client, elsewhere)


def test_what_was_pinned_again_since_is_not_taken_back_with_the_first_time(admin):
    topic = make_topic()
    first = topic_acts.pin_across(admin, topic, WHY)
    topic_acts.unpin_across(admin, topic, WHY)
    topic_acts.pin_across(make_admin(), topic, WHY)

    with pytest.raises(CannotBeDone):
        undo.undo(admin, first)

    topic.refresh_from_db()
    assert topic.is_pinned_across


def test_an_unpinning_is_not_taken_back_where_three_others_stand_by_now(admin):
    unpinned = topic_acts.unpin_across(admin, pinned_topic(admin), WHY)
    for number in range(MOST_PINNED_ACROSS):
        topic_acts.pin_across(admin, make_topic(title=f"Announcement {number}"), WHY)

    with pytest.raises(CannotBeDone, match="3 topics are pinned"):
        undo.undo(admin, unpinned)


def test_who_administers_no_longer_takes_nothing_back(admin):
    topic = make_topic()
    topic.subforum.moderators.add(admin)
    entry = topic_acts.pin_across(admin, topic, WHY)
    admin.is_staff = False
    admin.save()

    with pytest.raises(NotAllowed):
        undo.undo(admin, entry)


# --- An end that comes by itself ---


def test_it_ends_by_itself_at_once_and_is_cleared_later(client, admin, elsewhere):
    topic = pinned_topic(admin, TOMORROW)
    before = seen(client, elsewhere)

    Topic.objects.filter(pk=topic.pk).update(pinned_across_until=timezone.now() - timedelta(seconds=1))
    after = seen(client, elsewhere)
    mark = f"{MARK} until" in client.get(topic.get_absolute_url()).text
    topics.clear_all_ended()

    topic.refresh_from_db()
    assert (before, after, mark) == (True, False, False)
    assert (topic.pinned_across_at, topic.pinned_across_until) == (None, None)
    assert not seen(client, elsewhere)


def test_clearing_one_state_leaves_the_others(admin):
    topic = pinned_topic(admin)
    topic_acts.pin(admin, topic, WHY, TOMORROW)
    Topic.objects.filter(pk=topic.pk).update(pinned_until=timezone.now() - timedelta(seconds=1))

    topics.clear_ended(topic.pk)

    topic.refresh_from_db()
    assert (topic.is_pinned_across, topic.pinned_at) == (True, None)
    before = topic.version
    topics.clear_ended(topic.pk)
    topic.refresh_from_db()
    assert topic.version == before


# --- Kept pages, and what happens to the topic ---


def hide_and_restore(admin, topic):
    entry = topic_acts.hide(admin, topic, WHY)
    return lambda: undo.undo(admin, entry)


def move_to_the_staff(admin, topic):
    entry = topic_acts.move(admin, topic, make_subforum(access=Subforum.Access.STAFF), WHY)
    return lambda: undo.undo(admin, entry)


def close_its_subforum(admin, topic):
    Subforum.objects.filter(pk=topic.subforum_id).update(access=Subforum.Access.STAFF)
    return lambda: Subforum.objects.filter(pk=topic.subforum_id).update(access=Subforum.Access.OPEN)


def retitle(admin, topic):
    entry = topic_acts.retitle(admin, topic, "Something else", WHY)
    return lambda: undo.undo(admin, entry)


@pytest.mark.parametrize("change", [hide_and_restore, move_to_the_staff, close_its_subforum, retitle])
@pytest.mark.parametrize("reader", ["visitor", "member"])
def test_what_happens_to_the_topic_shows_at_once_in_every_list(client, admin, elsewhere, change, reader):
    topic = pinned_topic(admin)
    if reader == "member":
        client.force_login(make_user())
    before = seen(client, elsewhere)

    go_back = change(admin, topic)
    after = seen(client, elsewhere)
    go_back()

    assert (before, after) == (True, False)
    assert seen(client, elsewhere)


def test_one_pin_in_the_place_of_another_ends_kept_pages(client, admin, elsewhere):
    first, second = pinned_topic(admin), make_topic(title="The other announcement")
    assert seen(client, elsewhere)

    topic_acts.unpin_across(admin, first, WHY)
    topic_acts.pin_across(admin, second, WHY)
    # So the sum of their versions is as before.
    Topic.objects.filter(pk=second.pk).update(version=first.version)

    assert not seen(client, elsewhere)
    assert "The other announcement" in announced(client, elsewhere.get_absolute_url())


# --- Who reads it ---


def visitor(client, topic):
    return False


def member(client, topic):
    client.force_login(make_user())
    return topic.subforum.access == Subforum.Access.MEMBERS


def other_moderator(client, topic):
    client.force_login(make_moderator(make_subforum()))
    return topic.subforum.access == Subforum.Access.MEMBERS


def suspended_administrator(client, topic):
    client.force_login(make_user(is_staff=True, suspended_until=TOMORROW))
    return topic.subforum.access == Subforum.Access.MEMBERS


def own_moderator(client, topic):
    client.force_login(make_moderator(topic.subforum))
    return True


def group_member(client, topic):
    chosen = make_user()
    if topic.subforum.access == Subforum.Access.CHOSEN:
        Subforum.objects.filter(pk=topic.subforum_id).update(group=make_group(chosen))
    client.force_login(chosen)
    return topic.subforum.access in {Subforum.Access.MEMBERS, Subforum.Access.CHOSEN}


def administrator(client, topic):
    client.force_login(make_admin())
    return True


READERS = [visitor, member, other_moderator, suspended_administrator, own_moderator, group_member, administrator]


@pytest.mark.parametrize("access", ["members", "staff", "chosen"])
@pytest.mark.parametrize("reader", READERS)
def test_it_is_shown_to_those_alone_who_may_read_it(client, admin, elsewhere, access, reader):
    group = make_group() if access == "chosen" else None
    topic = pinned_topic(admin, author=admin, subforum=make_subforum(access=access, group=group))
    client.force_login(admin)
    assert seen(client, elsewhere)  # and stands in the caches of this process
    client.logout()

    may_read = reader(client, topic)

    assert seen(client, elsewhere) == may_read
    page = client.get(elsewhere.get_absolute_url()).text
    assert (TITLE in page, MARK in page) == (may_read, may_read)


@pytest.mark.parametrize("state", ["hidden_at", "held_at"])
def test_a_topic_that_cannot_be_read_is_announced_to_nobody(client, admin, elsewhere, state):
    topic = pinned_topic(admin)
    Topic.objects.filter(pk=topic.pk).update(**{state: timezone.now(), "version": topic.version + 1})
    client.force_login(admin)

    assert not seen(client, elsewhere)


# --- Cost ---


def queries_of(client, path):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(path)
    return len(asked)


@pytest.mark.parametrize("reader", ["visitor", "member"])
def test_a_pin_costs_no_query_once_it_is_cached(client, admin, elsewhere, reader, settings):
    settings.KEPT_SECONDS = 0  # so that no page of visitors is kept
    paths = ["/", elsewhere.get_absolute_url()]
    if reader == "member":
        client.force_login(make_user())
    for path in paths:
        client.get(path)
    before = [queries_of(client, path) for path in paths]
    for number in range(MOST_PINNED_ACROSS):
        topic_acts.pin_across(admin, make_topic(title=f"Announcement {number}"), WHY)

    for path in paths:
        client.get(path)

    assert [queries_of(client, path) for path in paths] == before


def test_later_pages_of_a_list_leave_it_out(client, admin, elsewhere):
    pinned_topic(admin)
    for _ in range(31):
        make_post(topic=make_topic(subforum=elsewhere))

    assert seen_at(client, elsewhere.get_absolute_url())
    assert not seen_at(client, f"{elsewhere.get_absolute_url()}?page=2")
