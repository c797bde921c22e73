"""What moderators do to a topic: lock, pin, retitle, move, mark as a duplicate."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from forum.actions.edits import change
from forum.counters import increments, locks
from forum.counters.differences import counters_following
from forum.models import Post, Subforum, Topic, TopicPointer
from forum.permissions import TITLE_IS_GIVEN, CannotBeDone, NotAllowed, can_moderate
from forum.signals import topic_moved
from forum.tasks import AT_ONCE, render_moved
from pagecache.tasks import soon


@transaction.atomic
def lock_topic(user: User, topic: Topic, *, reason: str = "") -> None:
    """Let only moderators reply; the reason is shown. Idempotent. Raises NotAllowed, CannotBeDone."""
    topic = _lock_to_moderate(user, topic)
    if topic.locked_at is None:
        _change(topic, locked_at=timezone.now(), lock_reason=reason)


@transaction.atomic
def unlock_topic(user: User, topic: Topic) -> None:
    """Let members reply again. Idempotent. Raises NotAllowed, CannotBeDone."""
    topic = _lock_to_moderate(user, topic)
    if topic.locked_at is not None:
        _change(topic, locked_at=None, lock_reason="")


@transaction.atomic
def pin_topic(user: User, topic: Topic) -> None:
    """List the topic before all others of its subforum. Idempotent. Raises NotAllowed, CannotBeDone."""
    topic = _lock_to_moderate(user, topic)
    if topic.pinned_at is None:
        _change(topic, pinned_at=timezone.now())


@transaction.atomic
def unpin_topic(user: User, topic: Topic) -> None:
    """List the topic by its last post again. Idempotent. Raises NotAllowed, CannotBeDone."""
    topic = _lock_to_moderate(user, topic)
    if topic.pinned_at is not None:
        _change(topic, pinned_at=None)


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
    """Restore exactly these pointers when a move is undone. The caller has locked the topic and both subforums."""
    wanted = dict(pointers)
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
    Topic.objects.filter(pk=topic.pk).update(**values)
    increments.raise_version(topic)
