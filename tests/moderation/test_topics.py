"""Keeping topics in order: each act, twice, taken back, and refused."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crossings.links import actions
from forum.models import Rearrangement, Topic, TopicPointer
from forum.permissions import CannotBeDone, NotAllowed
from moderation.actions import base, for_each, post_acts, topic_acts, undo
from moderation.log.entries import Why
from moderation.models import Flag, ModerationEntry, QueueItem, Verb
from tests.crossings.factories import make_crossing
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.moderation.factories import WHY, make_admin, make_flag, make_moderator

pytestmark = pytest.mark.django_db


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


class Place:
    """A topic, and whoever keeps its subforum and another one in order."""

    def __init__(self):
        self.topic = make_topic(title="Torugart in June")
        self.reply = make_post(topic=self.topic)
        self.other_subforum = make_subforum()
        self.other = make_topic(subforum=self.topic.subforum, title="Torugart in May")
        self.moderator = make_moderator(self.topic.subforum, self.other_subforum)


@pytest.fixture
def place():
    return Place()


def prepared(place, **fields):
    Topic.objects.filter(pk=place.topic.pk).update(**fields)


def now_of(place):
    """What any act may have changed."""
    topic = fresh(place.topic)
    facts = ("title", "subforum_id", "locked_at", "lock_reason", "pinned_at", "hidden_at", "duplicate_of_id")
    told = [getattr(topic, fact) for fact in facts]
    return [value if not hasattr(value, "year") else "set" for value in told] + [topic_acts.linked_to(topic)]


@pytest.mark.parametrize(
    ("lock", "name"),
    [(base.lock_kept_topic, "topic"), (base.lock_judged_topic, "topic"), (base.lock_judged_post, "reply")],
)
def test_a_row_is_locked_for_who_may_act_on_it(place, lock, name):
    thing = getattr(place, name)

    assert lock(place.moderator, thing) == thing
    with pytest.raises(NotAllowed):
        lock(make_moderator(make_subforum()), thing)


ACTS = {
    Verb.LOCK: lambda place, by: topic_acts.lock(by, place.topic, WHY),
    Verb.PIN: lambda place, by: topic_acts.pin(by, place.topic, WHY),
    Verb.HIDE_TOPIC: lambda place, by: topic_acts.hide(by, place.topic, WHY),
    Verb.MOVE_TOPIC: lambda place, by: topic_acts.move(by, place.topic, place.other_subforum, WHY),
    Verb.RETITLE: lambda place, by: topic_acts.retitle(by, place.topic, "The arch at Torugart", WHY),
    Verb.MARK_DUPLICATE: lambda place, by: topic_acts.mark_duplicate(by, place.topic, place.other, WHY),
}
BACK = {
    Verb.LOCK: (Verb.UNLOCK, lambda place, by: topic_acts.unlock(by, place.topic, WHY)),
    Verb.PIN: (Verb.UNPIN, lambda place, by: topic_acts.unpin(by, place.topic, WHY)),
    Verb.HIDE_TOPIC: (Verb.RESTORE_TOPIC, lambda place, by: topic_acts.restore(by, place.topic, WHY)),
    Verb.MARK_DUPLICATE: (Verb.UNMARK_DUPLICATE, lambda place, by: topic_acts.unmark_duplicate(by, place.topic, WHY)),
}


@pytest.mark.parametrize("verb", ACTS)
def test_each_act_is_done_logged_and_taken_back(place, verb):
    before = now_of(place)

    entry = ACTS[verb](place, place.moderator)

    assert now_of(place) != before
    assert (entry.verb, entry.topic_id, entry.by) == (verb, place.topic.pk, place.moderator)
    assert (entry.member_id, entry.subforum_id) == (place.topic.author_id, place.topic.subforum_id)
    assert entry.words.reason == WHY.reason
    undo.undo(place.moderator, entry)
    assert now_of(place) == before


@pytest.mark.parametrize("verb", ACTS)
def test_twice_changes_nothing_and_logs_nothing(place, verb):
    ACTS[verb](place, place.moderator)

    assert ACTS[verb](place, place.moderator) is None
    assert ModerationEntry.objects.count() == 1


@pytest.mark.parametrize("verb", BACK)
def test_the_opposite_act_can_be_taken_back_too(place, verb):
    opposite, act = BACK[verb]
    assert act(place, place.moderator) is None
    ACTS[verb](place, place.moderator)
    done = now_of(place)

    entry = act(place, place.moderator)

    assert entry.verb == opposite
    assert now_of(place) != done
    undo.undo(place.moderator, entry)
    assert now_of(place) == done


@pytest.mark.parametrize("verb", [verb for verb in ACTS if verb != Verb.MARK_DUPLICATE])
def test_an_act_that_somebody_changed_since_is_not_undone(place, verb):
    entry = ACTS[verb](place, place.moderator)
    undo_by_hand = {
        Verb.MOVE_TOPIC: lambda: topic_acts.move(place.moderator, place.topic, place.topic.subforum, WHY),
        Verb.RETITLE: lambda: topic_acts.retitle(place.moderator, place.topic, "A third title of it", WHY),
    }
    undo_by_hand.get(verb, lambda: BACK[verb][1](place, place.moderator))()
    standing = now_of(place)

    with pytest.raises(CannotBeDone):
        undo.undo(place.moderator, entry)

    assert now_of(place) == standing


@pytest.mark.parametrize("verb", ACTS)
@pytest.mark.parametrize("who", ["the author", "a moderator elsewhere", "a suspended moderator"])
def test_others_may_not(place, verb, who):
    by = {
        "the author": place.topic.author,
        "a moderator elsewhere": make_moderator(make_subforum()),
        "a suspended moderator": make_moderator(place.topic.subforum, suspended_until="2990-01-01T00:00Z"),
    }[who]
    before = now_of(place)

    with pytest.raises(NotAllowed):
        ACTS[verb](place, fresh(by))

    assert now_of(place) == before
    assert not ModerationEntry.objects.exists()


def test_nobody_moves_into_a_subforum_they_do_not_moderate(place):
    mover = make_moderator(place.topic.subforum)

    with pytest.raises(NotAllowed):
        topic_acts.move(mover, place.topic, place.other_subforum, WHY)

    assert topic_acts.move(make_admin(), place.topic, place.other_subforum, WHY)


def test_a_bulk_act_and_its_undo_lock_what_they_are_about_and_nothing_else(place):
    replies = [place.reply, make_post(topic=place.topic)]
    make_post()

    with CaptureQueriesContext(connection) as captured:
        undo.undo_all(place.moderator, for_each(post_acts.hide, place.moderator, replies, WHY))

    assert locked(captured, "forum_post") == {reply.pk for reply in replies}
    assert locked(captured, "forum_topic") == {place.topic.pk}


def locked(captured, table):
    """The primary keys by which rows of a table were locked."""
    lists = re.compile(rf'"{table}"\."id" IN \(([\d, ]+)\).*FOR NO KEY UPDATE')
    found = [match[1] for query in captured if (match := lists.search(query["sql"]))]
    return {int(pk) for pks in found for pk in pks.split(",")}


@pytest.mark.parametrize("length", [200, 201])
def test_of_a_long_reason_two_hundred_characters_stand_on_the_page(place, length):
    topic_acts.lock(place.moderator, place.topic, Why(reason="a" * length))

    assert fresh(place.topic).lock_reason == "a" * 200


def test_a_move_that_is_taken_back_leaves_no_pointer_behind(place):
    admin, first, second = make_admin(), place.topic.subforum, make_subforum()
    entry = topic_acts.move(admin, place.topic, second, WHY)
    topic_acts.move(admin, make_topic(), second, WHY)
    pointers = TopicPointer.objects.order_by("pk")
    before = list(pointers.values())

    moved_on = topic_acts.move(admin, fresh(place.topic), make_subforum(), WHY)
    undo.undo(admin, moved_on)

    assert (entry.subforum, before[0]["subforum_id"]) == (first, first.pk)
    assert list(pointers.values()) == before

    undo.undo(admin, topic_acts.move(admin, fresh(place.topic), first, WHY))

    assert {row["left_at"] for row in pointers.values()} == {row["left_at"] for row in before}
    assert fresh(place.topic).subforum_id == second.pk


def test_a_move_is_undone_only_by_who_moderates_both(place):
    entry = topic_acts.move(place.moderator, place.topic, place.other_subforum, WHY)
    place.topic.subforum.moderators.remove(place.moderator)

    with pytest.raises(NotAllowed):
        undo.undo(fresh(place.moderator), entry)


def test_a_moderator_keeps_the_topics_of_administrators_in_order_but_does_not_hide_them(place):
    topic = make_topic(subforum=place.topic.subforum, author=make_admin())

    assert topic_acts.lock(place.moderator, topic, WHY)
    undo.undo(place.moderator, topic_acts.retitle(place.moderator, topic, "What it is about", WHY))
    assert Topic.objects.get(pk=topic.pk).title == topic.title
    with pytest.raises(NotAllowed):
        topic_acts.hide(place.moderator, topic, WHY)


def test_a_topic_cannot_point_at_what_the_moderator_may_not_see(place):
    secret = make_topic(subforum=make_subforum(access="staff"), author=make_admin())

    with pytest.raises(NotAllowed):
        topic_acts.mark_duplicate(place.moderator, place.topic, secret, WHY)


def test_marking_a_duplicate_upholds_the_flags_that_said_so_and_no_others(place):
    opening = place.topic.opening_post
    said_so = make_flag(opening, reason=Flag.Reason.DUPLICATE, other_topic=place.other)
    else_ = make_flag(opening)

    entry = topic_acts.mark_duplicate(place.moderator, place.topic, place.other, WHY)

    assert [fresh(said_so).outcome, fresh(else_).outcome] == ["upheld", ""]
    assert QueueItem.objects.open().get().kinds == ["flag"]
    undo.undo(place.moderator, entry)
    assert QueueItem.objects.open().get().kinds == ["duplicate", "flag"]


def test_crossings_are_changed_with_a_reason_and_changed_back(place):
    one, other = make_crossing(), make_crossing()
    actions.set_links(place.topic.author, place.topic, [one])

    entry = topic_acts.link_crossings(place.moderator, place.topic, [other], WHY)

    assert topic_acts.linked_to(place.topic) == [other.pk]
    assert topic_acts.link_crossings(place.moderator, place.topic, [other], WHY) is None
    undo.undo(place.moderator, entry)
    assert topic_acts.linked_to(place.topic) == [one.pk]


# --- Rearranging ---


def test_a_merged_topic_is_logged_and_comes_back(place):
    entry = topic_acts.merge(place.moderator, place.topic, place.other, WHY)

    assert fresh(place.topic).merged_into == place.other
    assert (entry.verb, entry.topic_id, entry.words.after) == (
        "merge",
        place.topic.pk,
        {"topic": place.other.pk, "posts": 2},
    )
    assert topic_acts.merge(place.moderator, place.topic, place.other, WHY) is None
    undo.undo(place.moderator, entry)
    assert fresh(place.topic).merged_into is None
    assert fresh(place.reply).topic == place.topic


def test_split_posts_are_logged_and_come_back(place):
    entry = topic_acts.split(place.moderator, [place.reply], WHY, title="What about the arch?")

    split_off = fresh(place.reply).topic
    assert (split_off.title, entry.words.after) == ("What about the arch?", {"topic": split_off.pk, "posts": 1})
    undo.undo(place.moderator, entry)
    assert fresh(place.reply).topic == place.topic


def test_moved_posts_are_logged_and_come_back(place):
    entry = topic_acts.move_posts(place.moderator, [place.reply], place.other, WHY)

    assert fresh(place.reply).topic == place.other
    undo.undo(place.moderator, entry)
    assert fresh(place.reply).topic == place.topic
    with pytest.raises(CannotBeDone):
        undo.undo(place.moderator, undone_by_hand(place))


def undone_by_hand(place):
    """A move that the forum took back without the log."""
    from forum.actions import rearrange

    entry = topic_acts.move_posts(place.moderator, [fresh(place.reply)], place.other, WHY)
    rearrange.undo_rearrangement(place.moderator, Rearrangement.objects.get(pk=entry.words.before["rearrangement"]))
    return entry


@pytest.mark.parametrize(
    "act",
    [
        lambda place, by: topic_acts.merge(by, place.topic, place.other, WHY),
        lambda place, by: topic_acts.split(by, [place.reply], WHY, title="What about the arch?"),
        lambda place, by: topic_acts.split(
            by, [place.reply], WHY, title="What about the arch?", subforum=place.other_subforum
        ),
        lambda place, by: topic_acts.move_posts(by, [place.reply], place.other, WHY),
    ],
)
def test_rearranging_needs_power_over_all_of_it(place, act):
    for by in (place.topic.author, make_moderator(place.other_subforum)):
        with pytest.raises(NotAllowed):
            act(place, by)

    assert not ModerationEntry.objects.exists()


def test_what_waits_about_a_post_follows_it(place):
    item = make_flag(place.reply).item
    elsewhere = make_topic(subforum=place.other_subforum)

    topic_acts.move_posts(place.moderator, [place.reply], elsewhere, WHY)
    assert fresh(item).subforum == place.other_subforum

    topic_acts.move(place.moderator, elsewhere, place.topic.subforum, WHY)
    assert fresh(item).subforum == place.topic.subforum


# --- Many at once ---


def test_one_act_on_many_gives_an_entry_for_each(place):
    entries = for_each(topic_acts.lock, place.moderator, [place.topic, place.other, place.topic], WHY)

    assert sorted(entry.topic_id for entry in entries) == sorted([place.topic.pk, place.other.pk])
    assert for_each(topic_acts.lock, place.moderator, [place.topic, place.other], WHY) == []


def test_one_act_on_many_is_done_to_all_or_none(place):
    elsewhere = make_post()

    with pytest.raises(NotAllowed):
        for_each(post_acts.hide, place.moderator, [place.reply, elsewhere], WHY)

    assert fresh(place.reply).hidden_at is None
    assert not ModerationEntry.objects.exists()


def test_what_one_act_needs_besides_is_given_to_each(place):
    for_each(topic_acts.move, place.moderator, [place.topic, place.other], place.other_subforum, WHY)

    assert {fresh(topic).subforum for topic in (place.topic, place.other)} == {place.other_subforum}


def test_a_member_who_is_no_moderator_of_anything_cannot_use_it(place):
    with pytest.raises(NotAllowed):
        for_each(topic_acts.lock, make_user(), [place.topic], WHY)
