"""What moderators do to a topic: lock, pin, retitle, move, mark as a duplicate."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from accounts.text.plain_text import isolated
from forum.actions.edits import change
from forum.counters import increments, locks
from forum.counters.differences import counters_following
from forum.models import Post, SiteVersion, Subforum, Topic, TopicPointer
from forum.models.topic import MOST_PINNED_ACROSS, is_over
from forum.permissions import TITLE_IS_GIVEN, CannotBeDone, NotAllowed, can_moderate, can_pin_across
from forum.signals import topic_moved
from forum.tasks import AT_ONCE, render_moved
from pagecache.prepared import run
from pagecache.tasks import soon


@transaction.atomic
def lock_topic(user: User, topic: Topic, *, reason: str = "", until: datetime | None = None) -> None:
    """Let only moderators reply, for good or `until` a time; the reason is shown. Idempotent.

    Raises NotAllowed, and CannotBeDone for a time that has passed.
    """
    topic = _lock_to_moderate(user, topic)
    if not topic.is_locked:
        _require_to_come(until)
        _change(topic, locked_at=timezone.now(), locked_until=until, lock_reason=reason)


@transaction.atomic
def unlock_topic(user: User, topic: Topic) -> None:
    """Let members reply again. Idempotent. Raises NotAllowed, CannotBeDone."""
    topic = _lock_to_moderate(user, topic)
    if topic.locked_at is not None:
        _change(topic, **UNLOCKED)


@transaction.atomic
def pin_topic(user: User, topic: Topic, *, until: datetime | None = None) -> None:
    """List the topic before all others of its subforum, for good or `until` a time. Idempotent.

    Raises NotAllowed, and CannotBeDone for a time that has passed.
    """
    topic = _lock_to_moderate(user, topic)
    if not topic.is_pinned:
        _require_to_come(until)
        _change(topic, pinned_at=timezone.now(), pinned_until=until)


@transaction.atomic
def unpin_topic(user: User, topic: Topic) -> None:
    """List the topic by its last post again. Idempotent. Raises NotAllowed, CannotBeDone."""
    topic = _lock_to_moderate(user, topic)
    if topic.pinned_at is not None:
        _change(topic, **UNPINNED)


@transaction.atomic
def pin_across(user: User, topic: Topic, *, until: datetime | None = None) -> None:
    """Show the topic on the index and above every subforum's list, for good or `until` a time. Idempotent.

    It is shown to those who may read it, while it is readable. Raises NotAllowed, and CannotBeDone for a time that has
    passed and for more than MOST_PINNED_ACROSS topics at a time.
    """
    topic = _lock_to_pin_across(user, topic)
    if topic.is_pinned_across:
        return
    _require_to_come(until)
    _require_room(topic)
    _change(topic, pinned_across_at=timezone.now(), pinned_across_until=until)


@transaction.atomic
def unpin_across(user: User, topic: Topic) -> None:
    """Show the topic in its own subforum only again. Idempotent. Raises NotAllowed, CannotBeDone."""
    topic = _lock_to_pin_across(user, topic)
    if topic.pinned_across_at is not None:
        _change(topic, **UNPINNED_ACROSS)


def _lock_to_pin_across(user: User, topic: Topic) -> Topic:
    if not can_pin_across(user):
        raise NotAllowed(ONLY_ADMINISTRATORS)
    return _lock_to_moderate(user, topic)


def _require_room(topic: Topic) -> None:
    """Raises CannotBeDone, naming the topics that are pinned across the forum, if there are as many as may be."""
    # An advisory lock, because a topic that another administrator is just pinning cannot be seen yet.
    run("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", ["pinned across the forum"], writes=SiteVersion)
    pinned = Topic.objects.standing_across().exclude(pk=topic.pk)
    titles = [f"“{isolated(title)}”" for title in pinned.values_list("title", flat=True)]
    if len(titles) >= MOST_PINNED_ACROSS:
        named = f"{', '.join(titles[:-1])} and {titles[-1]}"
        raise CannotBeDone(
            f"{len(titles)} topics are pinned across the forum already: {named}. Unpin one of them first."
        )


@transaction.atomic
def clear_ended(topic_id: int) -> None:
    """Clear a lock and pins that have ended by themselves; what still stands it leaves alone. Idempotent.

    No log entry: the one of the lock or pin says until when it was.
    """
    topic = locks.lock_topic(Topic(pk=topic_id))
    ended: dict[str, object] = {}
    if is_over(topic.locked_until):
        ended |= UNLOCKED
    if is_over(topic.pinned_until):
        ended |= UNPINNED
    if is_over(topic.pinned_across_until):
        ended |= UNPINNED_ACROSS
    if ended:
        _change(topic, **ended)


def clear_all_ended() -> None:
    """Clear every lock and pin that has ended: a nightly chore, for tasks that were lost."""
    for topic_id in list(Topic.objects.with_ended_state().order_by("pk").values_list("pk", flat=True)):
        clear_ended(topic_id)


ONLY_ADMINISTRATORS = "Only administrators pin a topic across the forum, and end that."
UNLOCKED: dict[str, object] = {"locked_at": None, "locked_until": None, "lock_reason": ""}
UNPINNED: dict[str, object] = {"pinned_at": None, "pinned_until": None}
UNPINNED_ACROSS: dict[str, object] = {"pinned_across_at": None, "pinned_across_until": None}


def _require_to_come(until: datetime | None) -> None:
    """Raises CannotBeDone if this end of a lock or pin has passed."""
    if is_over(until):
        raise CannotBeDone("The time at which it would end has passed.")


@transaction.atomic
def retitle(user: User, topic: Topic, title: str, *, reason: str = "") -> None:
    """Change the title of a topic; the former one stays in the history of its opening post. Idempotent.

    A running topic keeps its title. Raises NotAllowed, CannotBeDone, screeners.Refused, and ValidationError from
    forum.markup.
    """
    topic = _lock_to_moderate(user, topic)
    if topic.is_running and topic.title != title:
        raise NotAllowed(TITLE_IS_GIVEN)
    opening = Post.objects.select_related("topic__subforum").filter(topic=topic, number=1).first()
    if opening is None or opening.hidden_at is not None:
        raise CannotBeDone("The post that opens this topic is hidden. Restore it first.")
    # No can_edit: moderators of the subforum may retitle any topic, not only their own.
    opening = locks.lock_post(opening)
    if opening.topic.title != title:
        change(user, opening, source=opening.source, title=title, reason=reason)


@transaction.atomic
def move_topic(user: User, topic: Topic, subforum: Subforum) -> None:
    """Move a topic into another subforum, and leave a TopicPointer in the old one. Idempotent.

    The user must moderate both subforums. Raises NotAllowed, CannotBeDone.
    """
    topic = _lock_to_moderate(user, topic)
    if not can_moderate(user, subforum):
        raise NotAllowed
    before = topic.subforum
    if before.pk == subforum.pk:
        return
    with counters_following([topic.pk]):
        Topic.objects.filter(pk=topic.pk).update(subforum=subforum)
    TopicPointer.objects.filter(topic=topic, subforum=subforum).delete()
    TopicPointer.objects.update_or_create(topic=topic, subforum=before, defaults={"left_at": timezone.now()})
    soon(render_moved, topic.pk, AT_ONCE)
    topic.subforum = subforum
    topic_moved.send(Topic, topic=topic, before=before, by=user)


def pointers_to(topic: Topic) -> list[tuple[int, str]]:
    """The subforums with a pointer at a topic that was moved away, and since when (ISO 8601)."""
    rows = TopicPointer.objects.filter(topic=topic).order_by("pk").values_list("subforum", "left_at")
    return [(subforum_id, left_at.isoformat()) for subforum_id, left_at in rows]


def set_pointers(topic: Topic, pointers: Iterable[tuple[int, str]]) -> None:
    """Restore exactly these pointers when a move is undone, but for those of subforums that were removed since.

    The caller has locked the topic and both subforums.
    """
    wanted = dict(pointers)
    there = set(Subforum.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    wanted = {pk: left_at for pk, left_at in wanted.items() if pk in there}
    TopicPointer.objects.filter(topic=topic).exclude(subforum__in=wanted).delete()
    for subforum_id, left_at in wanted.items():
        TopicPointer.objects.update_or_create(topic=topic, subforum_id=subforum_id, defaults={"left_at": left_at})


@transaction.atomic
def mark_duplicate(user: User, topic: Topic, of: Topic) -> None:
    """Mark a topic as a duplicate `of` an older one; both stay and link to each other. Idempotent.

    Raises NotAllowed, and CannotBeDone for chains and circles of duplicates, and for merged topics.
    """
    topic, of = _lock_both(topic, of)
    if not can_moderate(user, topic.subforum):
        raise NotAllowed
    if topic.duplicate_of_id == of.pk:
        return
    if not of.is_readable or of.duplicate_of_id is not None:
        raise CannotBeDone("Choose a topic that can be read and is no duplicate itself.")
    if topic.duplicates_count:
        raise CannotBeDone("Other topics are duplicates of this one. Take that back first, or merge them.")
    if topic.duplicate_of_id is not None:
        raise CannotBeDone("This is marked as a duplicate of another topic. Take that back first.")
    _point(topic, of, of, +1)


@transaction.atomic
def unmark_duplicate(user: User, topic: Topic) -> None:
    """Unmark a duplicate. Idempotent. Raises NotAllowed, CannotBeDone."""
    of = Topic.objects.filter(duplicates=topic.pk).first()
    if of is None:
        return
    topic, of = _lock_both(topic, of)
    if not can_moderate(user, topic.subforum):
        raise NotAllowed
    if topic.duplicate_of_id == of.pk:
        _point(topic, of, None, -1)


def _lock_to_moderate(user: User, topic: Topic) -> Topic:
    """Lock a topic of a subforum that the user moderates. Raises NotAllowed, and CannotBeDone for a merged topic."""
    topic = locks.lock_topic(topic)
    if not can_moderate(user, topic.subforum):
        raise NotAllowed
    if topic.merged_into_id is not None:
        raise CannotBeDone("This topic was merged into another.")
    return topic


def _lock_both(one: Topic, other: Topic) -> tuple[Topic, Topic]:
    """Lock two topics in order of primary key, and return them in the order given."""
    if one.pk == other.pk:
        raise CannotBeDone("These are one and the same topic.")
    locked = {topic.pk: topic for topic in locks.lock_topics(one, other)}
    if any(topic.merged_into_id is not None for topic in locked.values()):
        raise CannotBeDone("One of the two was merged into another topic.")
    return locked[one.pk], locked[other.pk]


def _point(topic: Topic, of: Topic, to: Topic | None, step: int) -> None:
    Topic.objects.filter(pk=topic.pk).update(duplicate_of=to)
    Topic.objects.filter(pk=of.pk).update(duplicates_count=F("duplicates_count") + step)
    # Both topics before both subforums: the order of locks.
    for one in sorted([topic, of], key=lambda topic: topic.subforum_id):
        increments.raise_version(one)


def _change(topic: Topic, **values: object) -> None:
    """Write columns of a locked topic, and end the kept pages that show them: of all subforums, for a pin across the
    forum."""
    Topic.objects.filter(pk=topic.pk).update(**values)
    increments.raise_version(topic)
    if "pinned_across_at" in values:
        SiteVersion.objects.update(version=F("version") + 1)  # the last row in the order of locks
