"""Saying that a topic is about a crossing, and taking it back."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from crossings.links import about_columns
from crossings.models import Crossing, CrossingTopic
from crossings.permissions import can_link
from crossings.signals import links_changed
from crossings.similar import tasks
from forum.counters import increments, locks
from forum.models import Topic
from forum.permissions import NotAllowed, can_moderate, is_author_of
from pagecache.prepared import run
from pagecache.versions import bump

Source = CrossingTopic.Source
MOST_LINKS = 5


@transaction.atomic
def set_links(user: User, topic: Topic, crossings: Iterable[Crossing]) -> None:
    """The topic is about these crossings and no others. The same again changes nothing. Raises NotAllowed."""
    topic = locks.lock_topic(topic)
    if not can_link(user, topic):
        raise NotAllowed
    wanted = {crossing.pk for crossing in crossings}
    standing = set(topic.crossing_links.standing().values_list("crossing", flat=True))
    for pk in sorted(wanted - standing):
        _link(topic, pk, source=source_of(user, topic), by=user)
    removed = topic.crossing_links.standing().exclude(crossing__in=wanted)
    removed.update(removed_at=timezone.now(), removed_by=user)
    if wanted != standing:
        tasks.refresh_tables.enqueue(topic.pk)
    _follow(topic, wanted ^ standing)
    if wanted != standing:
        links_changed.send(CrossingTopic, topic=topic, by=user, before=sorted(standing), after=sorted(wanted))


@transaction.atomic
def link_topic(topic: Topic, crossing: Crossing, *, source: str, by: User | None = None) -> bool:
    """Link one crossing more. A link that somebody removed is made again only by a person. Says if there is a new one.

    `topic` is locked by this transaction, or just made in it.
    """
    made = _link(topic, crossing.pk, source=source, by=by)
    if made:
        # All that the topic is about, so that all who end the pages of several lock them in the same order.
        _follow(topic, set(topic.crossing_links.values_list("crossing", flat=True)))
    return made


def source_of(user: User, topic: Topic) -> str:
    """As whom a member links: the author first, because nothing else is needed."""
    if is_author_of(user, topic):
        return Source.AUTHOR
    return Source.MODERATOR if can_moderate(user, topic.subforum) else Source.EXPERT


def _link(topic: Topic, crossing_id: int, *, source: str, by: User | None) -> bool:
    values = {"source": source, "linked_by": by, "linked_at": timezone.now()}
    link, made = CrossingTopic.objects.get_or_create(topic=topic, crossing_id=crossing_id, defaults=values)
    if link.removed_at is None or source == Source.GAZETTEER:
        return made
    CrossingTopic.objects.filter(pk=link.pk).update(**values, removed_at=None, removed_by=None)
    return True


def _follow(topic: Topic, crossing_ids: set[int]) -> None:
    """Kept pages of the topic, its list, and the crossings end: in the order in which rows are locked. What the topic
    says of its crossings follows, after these are locked, so that a change of their countries is seen."""
    if not crossing_ids:
        return
    increments.raise_version(topic)
    end_pages_of(crossing_ids)
    about_columns.write([topic.pk])


def end_pages_of(crossing_ids: Iterable[int]) -> None:
    """What the pages of these crossings show has changed."""
    for pk in sorted(crossing_ids):
        bump(Crossing, pk)


def end_pages_linked_with(topic_id: int) -> None:
    """What the pages of the crossings of a topic show of it has changed."""
    run(_END_PAGES_LINKED, [topic_id], writes=Crossing)


# Said in SQL, because every reply says it. Locked by primary key, as everywhere within one table.
_END_PAGES_LINKED = """
    WITH linked AS (
        SELECT id FROM crossings_crossing
        WHERE id IN (SELECT crossing_id FROM crossings_crossingtopic WHERE topic_id = %s AND removed_at IS NULL)
        ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE crossings_crossing SET version = version + 1 FROM linked WHERE crossings_crossing.id = linked.id
"""
