"""The way back of acts on topics."""

from datetime import datetime

from accounts.models import User
from crossings.links import actions
from crossings.models import Crossing
from crossings.similar import feedback
from forum.actions import rearrange, topics, visibility
from forum.counters import locks
from forum.models import Rearrangement, Subforum, Topic
from forum.permissions import CannotBeDone
from moderation.actions.base import lock_judged_topic, lock_kept_topic
from moderation.actions.reversals.base import require
from moderation.actions.topic_acts import clear_in_time, linked_to
from moderation.models import EntryWords, ModerationEntry
from moderation.queue import items


def topic_of(entry: ModerationEntry) -> Topic:
    return Topic.objects.select_related("subforum").get(pk=entry.topic_id or 0)


def unlock(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    topic = lock_kept_topic(user, topic_of(entry))
    require(topic.is_locked)
    topics.unlock_topic(user, topic)


def lock(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    topic = lock_kept_topic(user, topic_of(entry))
    require(not topic.is_locked)
    until = _end(words.before)
    topics.lock_topic(user, topic, reason=words.before["lock_reason"], until=until)
    clear_in_time(topic, until)


def unpin(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    topic = lock_kept_topic(user, topic_of(entry))
    require(topic.is_pinned)
    topics.unpin_topic(user, topic)


def pin(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    topic = lock_kept_topic(user, topic_of(entry))
    require(not topic.is_pinned)
    until = _end(words.before)
    topics.pin_topic(user, topic, until=until)
    clear_in_time(topic, until)


def unpin_across(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    topic = lock_kept_topic(user, topic_of(entry))
    require(topic.is_pinned_across)
    topics.unpin_across(user, topic)


def pin_across(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    topic = lock_kept_topic(user, topic_of(entry))
    require(not topic.is_pinned_across)
    until = _end(words.before)
    topics.pin_across(user, topic, until=until)
    clear_in_time(topic, until)


def _end(snapshot: dict[str, str]) -> datetime | None:
    """When a lock or pin ends by itself."""
    return datetime.fromisoformat(snapshot["until"]) if "until" in snapshot else None


def restore_topic(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    topic = lock_judged_topic(user, topic_of(entry))
    require(topic.hidden_at is not None)
    visibility.restore_topic(user, topic)
    items.reopen(words.before["closed"])


def hide_topic(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    topic = lock_judged_topic(user, topic_of(entry))
    require(topic.hidden_at is None)
    if words.before.get("waited") and topic.opening_post is not None:
        visibility.hold_post(user, topic.opening_post)
    visibility.hide_topic(user, topic)


def move_back(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    topic = lock_kept_topic(user, topic_of(entry))
    require(topic.subforum_id == words.after["subforum"])
    former = Subforum.objects.filter(pk=words.before["subforum"]).first()
    if former is None:
        raise CannotBeDone("The subforum that it came from was removed.")
    topics.move_topic(user, topic, former)
    topics.set_pointers(topic, words.before.get("pointers", []))


def title_back(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    topic = lock_kept_topic(user, topic_of(entry))
    require(topic.title == words.after["title"])
    topics.retitle(user, topic, words.before["title"])


def unmark_duplicate(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    of = Topic.objects.get(pk=words.after["duplicate_of"])
    locks.lock_topics(topic_of(entry), of)
    topic = lock_kept_topic(user, topic_of(entry))
    require(topic.duplicate_of_id == of.pk)
    topics.unmark_duplicate(user, topic)
    items.reopen(words.before["closed"])


def mark_duplicate(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    of = Topic.objects.get(pk=words.before["duplicate_of"])
    locks.lock_topics(topic_of(entry), of)
    topic = lock_kept_topic(user, topic_of(entry))
    require(topic.duplicate_of_id is None)
    topics.mark_duplicate(user, topic, of)


def link_back(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    topic = lock_kept_topic(user, topic_of(entry))
    require(linked_to(topic) == words.after["crossings"])
    actions.set_links(user, topic, Crossing.objects.filter(pk__in=words.before["crossings"]))


def related_again(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    feedback.unmark_unrelated(user, topic_of(entry), Topic.objects.get(pk=words.after["other"]))


def unrelated_again(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    feedback.mark_unrelated(user, topic_of(entry), Topic.objects.get(pk=words.after["other"]))


def rearrange_back(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    made = Rearrangement.objects.select_related("source", "target").get(pk=words.before["rearrangement"])
    require(made.undone_at is None)
    rearrange.undo_rearrangement(user, made)
    items.reopen(words.before.get("closed", items.NOTHING))
