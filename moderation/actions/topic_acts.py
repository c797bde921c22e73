"""Acts on topics. Each is idempotent: the second time it returns None instead of an entry.

All raise NotAllowed, and CannotBeDone with a message for the moderator.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from crossings.links import actions
from crossings.models import Crossing
from forum.actions import rearrange, topics, visibility
from forum.counters import locks
from forum.models import FormerPlace, Post, Rearrangement, Subforum, Topic
from forum.permissions import NotAllowed, can_moderate, can_pin_across
from moderation import consequences, tasks
from moderation.actions.base import lock_judged_topic, lock_kept_topic, on_topic
from moderation.log import entries
from moderation.log.entries import Snapshot, Why
from moderation.models import Flag, Hold, ModerationEntry, Verb
from moderation.queue import items

LONGEST_LOCK_REASON = 200


@transaction.atomic
def lock(user: User, topic: Topic, why: Why, until: datetime | None = None) -> ModerationEntry | None:
    """Let only moderators reply, for good or `until` a time; the reason is shown on the topic's page."""
    topic = lock_kept_topic(user, topic)
    if topic.is_locked:
        return None
    topics.lock_topic(user, topic, reason=why.reason[:LONGEST_LOCK_REASON], until=until)
    clear_in_time(topic, until)
    return on_topic(user, Verb.LOCK, why, topic, after=_ending(until))


@transaction.atomic
def unlock(user: User, topic: Topic, why: Why) -> ModerationEntry | None:
    """Let members reply again."""
    topic = lock_kept_topic(user, topic)
    if not topic.is_locked:
        return None
    topics.unlock_topic(user, topic)
    before = {"lock_reason": topic.lock_reason} | _ending(topic.locked_until)
    return on_topic(user, Verb.UNLOCK, why, topic, before=before)


@transaction.atomic
def pin(user: User, topic: Topic, why: Why, until: datetime | None = None) -> ModerationEntry | None:
    """List the topic before all others of its subforum, for good or `until` a time."""
    topic = lock_kept_topic(user, topic)
    if topic.is_pinned:
        return None
    topics.pin_topic(user, topic, until=until)
    clear_in_time(topic, until)
    return on_topic(user, Verb.PIN, why, topic, after=_ending(until))


@transaction.atomic
def unpin(user: User, topic: Topic, why: Why) -> ModerationEntry | None:
    """List the topic by its last post again."""
    topic = lock_kept_topic(user, topic)
    if not topic.is_pinned:
        return None
    topics.unpin_topic(user, topic)
    return on_topic(user, Verb.UNPIN, why, topic, before=_ending(topic.pinned_until))


@transaction.atomic
def pin_across(user: User, topic: Topic, why: Why, until: datetime | None = None) -> ModerationEntry | None:
    """Show the topic on the index and above every subforum's list, for good or `until` a time. For administrators."""
    topic = lock_kept_topic(user, topic)
    if can_pin_across(user) and topic.is_pinned_across:
        return None
    topics.pin_across(user, topic, until=until)
    clear_in_time(topic, until)
    return on_topic(user, Verb.PIN_ACROSS, why, topic, after=_ending(until))


@transaction.atomic
def unpin_across(user: User, topic: Topic, why: Why) -> ModerationEntry | None:
    """Show the topic in its own subforum only again. For administrators."""
    topic = lock_kept_topic(user, topic)
    if can_pin_across(user) and not topic.is_pinned_across:
        return None
    topics.unpin_across(user, topic)
    return on_topic(user, Verb.UNPIN_ACROSS, why, topic, before=_ending(topic.pinned_across_until))


def clear_in_time(topic: Topic, until: datetime | None) -> None:
    """Enqueue the task that clears a lock or pin when it has ended."""
    if until is not None:
        tasks.clear_ended_state.using(run_after=until).enqueue(topic.pk)


def _ending(until: datetime | None) -> Snapshot:
    return {"until": until.isoformat()} if until else {}


@transaction.atomic
def hide(user: User, topic: Topic, why: Why) -> ModerationEntry | None:
    """Hide a topic from all but moderators. Flags of its opening post are upheld; if it was held, that rejects it."""
    topic = lock_judged_topic(user, topic)
    if topic.hidden_at is not None:
        return None
    after = {"replies": consequences.replies_with(topic)}
    visibility.hide_topic(user, topic)
    closed = items.NOTHING
    if topic.opening_post is not None:
        closed = items.settle(user, topic.opening_post, flags=Flag.Outcome.UPHELD, hold=Hold.Outcome.REJECTED)
    return on_topic(user, Verb.HIDE_TOPIC, why, topic, before={"closed": closed}, after=after)


@transaction.atomic
def restore(user: User, topic: Topic, why: Why) -> ModerationEntry | None:
    """Restore a hidden topic. If it was held when it was hidden, that also approves it."""
    topic = lock_judged_topic(user, topic)
    if topic.hidden_at is None:
        return None
    visibility.restore_topic(user, topic)
    opening = topic.opening_post if topic.held_at is not None else None
    if opening is not None:
        visibility.approve_post(user, opening)
    return on_topic(user, Verb.RESTORE_TOPIC, why, topic, before={"waited": opening is not None})


@transaction.atomic
def move(user: User, topic: Topic, subforum: Subforum, why: Why) -> ModerationEntry | None:
    """Move a topic into another subforum that the user moderates, too; a pointer stays in the old list."""
    topic = lock_kept_topic(user, topic)
    if not can_moderate(user, subforum):
        raise NotAllowed
    if topic.subforum_id == subforum.pk:
        return None
    was: Snapshot = {"subforum": topic.subforum_id, "pointers": topics.pointers_to(topic)}
    topics.move_topic(user, topic, subforum)
    # The entry belongs to the old subforum, whose rule the topic broke: `topic` is as it was when it was locked.
    return on_topic(user, Verb.MOVE_TOPIC, why, topic, before=was, after={"subforum": subforum.pk})


@transaction.atomic
def retitle(user: User, topic: Topic, title: str, why: Why) -> ModerationEntry | None:
    """Change the title of a topic."""
    topic = lock_kept_topic(user, topic)
    if topic.title == title:
        return None
    before = topic.title
    with entries.writing_own_entry():
        topics.retitle(user, topic, title, reason=why.reason[:LONGEST_LOCK_REASON])
    return on_topic(user, Verb.RETITLE, why, topic, before={"title": before}, after={"title": title})


@transaction.atomic
def mark_duplicate(user: User, topic: Topic, of: Topic, why: Why) -> ModerationEntry | None:
    """Mark a topic as a duplicate of an older one; both stay and link to each other. Flags that said so are upheld."""
    locks.lock_topics(topic, of)
    topic = lock_kept_topic(user, topic)
    if topic.duplicate_of_id == of.pk:
        return None
    if not Topic.objects.visible_to(user).filter(pk=of.pk).exists():
        raise NotAllowed
    topics.mark_duplicate(user, topic, of)
    closed = items.NOTHING
    if topic.opening_post is not None:
        closed = items.settle(user, topic.opening_post, flags=Flag.Outcome.UPHELD, only=Flag.Reason.DUPLICATE)
    after = {"duplicate_of": of.pk}
    return on_topic(user, Verb.MARK_DUPLICATE, why, topic, before={"closed": closed}, after=after)


@transaction.atomic
def unmark_duplicate(user: User, topic: Topic, why: Why) -> ModerationEntry | None:
    """Unmark a duplicate."""
    locks.lock_topics(topic, *Topic.objects.filter(duplicates=topic.pk))
    topic = lock_kept_topic(user, topic)
    if topic.duplicate_of_id is None:
        return None
    before = topic.duplicate_of_id
    topics.unmark_duplicate(user, topic)
    return on_topic(user, Verb.UNMARK_DUPLICATE, why, topic, before={"duplicate_of": before})


@transaction.atomic
def link_crossings(user: User, topic: Topic, crossings: Iterable[Crossing], why: Why) -> ModerationEntry | None:
    """Set the crossings that a topic is linked to."""
    topic = lock_kept_topic(user, topic)
    before = linked_to(topic)
    with entries.writing_own_entry():
        actions.set_links(user, topic, crossings)
    after = linked_to(topic)
    if before == after:
        return None
    return on_topic(user, Verb.LINK_CROSSINGS, why, topic, before={"crossings": before}, after={"crossings": after})


@transaction.atomic
def merge(user: User, source: Topic, target: Topic, why: Why) -> ModerationEntry | None:
    """Move all posts of one topic into another, in order of time; the first redirects to it. Flags that called it a
    duplicate are upheld."""
    if Topic.objects.filter(pk=source.pk, merged_into=target.pk).exists():
        return None
    opening = source.opening_post
    made = rearrange.merge_topics(user, source, target)
    closed = items.NOTHING
    if opening is not None:
        closed = items.settle(user, opening, flags=Flag.Outcome.UPHELD, only=Flag.Reason.DUPLICATE)
    return _rearranged(user, Verb.MERGE, why, made, closed=closed)


@transaction.atomic
def split(
    user: User, posts: Sequence[Post], why: Why, *, title: str, subforum: Subforum | None = None
) -> ModerationEntry:
    """Move posts of one topic into a new topic."""
    return _rearranged(user, Verb.SPLIT, why, rearrange.split_posts(user, posts, title=title, subforum=subforum))


@transaction.atomic
def move_posts(user: User, posts: Sequence[Post], target: Topic, why: Why) -> ModerationEntry:
    """Move posts of one topic into another existing one."""
    return _rearranged(user, Verb.MOVE_POSTS, why, rearrange.move_posts(user, posts, target))


def linked_to(topic: Topic) -> list[int]:
    """Primary keys of the crossings that a topic is linked to."""
    return sorted(topic.crossing_links.standing().values_list("crossing", flat=True))


def _rearranged(
    user: User, verb: str, why: Why, made: Rearrangement, *, closed: items.Closed = items.NOTHING
) -> ModerationEntry:
    source = made.source
    moved = FormerPlace.objects.filter(rearrangement=made, topic=source).count()
    before, after = {"rearrangement": made.pk, "closed": closed}, {"topic": made.target_id, "posts": moved}
    entry = entries.write(
        user, verb, why, subforum=source.subforum, topic=source, member=None if source.is_running else source.author,
        before=before, after=after,
    )  # fmt: skip
    return entries.tell(entry)
