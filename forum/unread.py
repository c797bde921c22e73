"""What a member has not read yet.

A topic is unread while its last post has a number beyond the member's Reading of it, unless the post is older than
the member's "mark all read" of the subforum, their account, or UNREAD_FOR. So no question ever looks further back
than that, however large the forum is.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.readers import ReaderFacts
from forum.models import Post, Reading, Subforum, SubforumReading, Topic
from forum.models.topic import TopicQuerySet
from pagecache.prepared import run
from pagecache.store import Store

UNREAD_FOR = timedelta(days=60)


def with_marks(topics: TopicQuerySet, user_pk: int | None) -> TopicQuerySet:
    """Adds the columns MARKS: how far the member has read in the topic, and the "mark all read" of its subforum."""
    number = Reading.objects.filter(user=user_pk, topic=OuterRef("pk")).values("number")
    marked = SubforumReading.objects.filter(user=user_pk, subforum=OuterRef("subforum")).values("read_until")
    return topics.annotate(marked_number=Subquery(number), marked_until=Subquery(marked))  # type: ignore[no-redef]


MARKS = ("marked_number", "marked_until")


class HowFar(NamedTuple):
    """What a member has read of a topic: posts up to a number, and all that was written until a time."""

    number: int
    until: datetime


def how_far(user: ReaderFacts, number: int | None, marked_until: datetime | None) -> HowFar:
    """What the columns MARKS say of a topic."""
    begin = since(user)
    return HowFar(number or 0, max(marked_until, begin) if marked_until else begin)


def since(user: ReaderFacts) -> datetime:
    """What was last written to before then counts as read."""
    return max(user.joined_at, timezone.now() - UNREAD_FOR)


def is_unread(read: HowFar, number: int | None, written_at: datetime) -> bool:
    """Whether a post is unread; of the last post of a topic: whether the topic is. No number: there is no post."""
    return number is not None and number > read.number and written_at > read.until


def unread_topics(user: ReaderFacts) -> TopicQuerySet:
    """The readable topics with unread posts, in no order: `is_unread` of the last post, in SQL."""
    topics = Topic.objects.visible_to(user).readable().filter(last_post_at__gt=since(user))
    topics = with_marks(topics, user.pk).annotate(
        read_number=Coalesce("marked_number", 0), read_until=Coalesce("marked_until", Value(since(user)))
    )
    return topics.filter(last_post_at__gt=F("read_until"), last_post__number__gt=F("read_number"))


def first_unread_post(user: ReaderFacts, topic: Topic) -> Post | None:
    """The first post the member has not read, of a topic that came by `with_marks`."""
    read = how_far(user, topic.marked_number, topic.marked_until)
    newer = topic.posts.visible_to(user).readable()
    return newer.filter(number__gt=read.number, written_at__gt=read.until).order_by("number").first()


def note_reading(user: ReaderFacts, topic: Topic, number: int) -> None:
    """The member has seen the posts of a topic up to this number; it never falls. One row, and not always."""
    run(_NOTE, [user.pk, topic.pk, number], writes=Reading)
    _counts.drop(user.pk)


_NOTE = """
    INSERT INTO forum_reading AS kept (user_id, topic_id, number) VALUES (%s, %s, %s)
    ON CONFLICT (user_id, topic_id) DO UPDATE SET number = excluded.number WHERE kept.number < excluded.number
"""


def mark_all_read(user: ReaderFacts, until: datetime, subforum: Subforum | None = None) -> None:
    """Whatever was written until then, in one subforum or all the member may read, counts as read. Never unmarks."""
    subforums = Subforum.objects.visible_to(user)
    if subforum:
        subforums = subforums.filter(pk=subforum.pk)
    ids = list(subforums.order_by("pk").values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(_MARK, [user.pk, min(until, timezone.now()), ids])
    _counts.drop(user.pk)


_MARK = """
    INSERT INTO forum_subforumreading AS kept (user_id, subforum_id, read_until)
    SELECT %s, id, %s FROM unnest(%s::bigint[]) AS id
    ON CONFLICT (user_id, subforum_id) DO UPDATE SET read_until = greatest(kept.read_until, excluded.read_until)
"""


# Side figures: what one process counted for a member may be a minute old on pages that are about something else.
_counts: Store[int, dict[int, int]] = Store(max_items=2_000, ttl=60)


def counts(user: ReaderFacts, *, fresh: bool = False) -> dict[int, int]:
    """How many topics are unread, by subforum; subforums without any are left out."""
    if fresh:
        return _counts.put(user.pk, _count(user))
    return _counts.get_or_make(user.pk, lambda: _count(user))


def _count(user: ReaderFacts) -> dict[int, int]:
    return dict(unread_topics(user).order_by().values_list("subforum_id").annotate(Count("pk")))


def total(user: ReaderFacts) -> int:
    """How many topics are unread, for the head of every page."""
    return sum(counts(user).values())


def forget_old_readings() -> None:
    """Readings of topics that count as read anyway; the nightly clock calls this."""
    Reading.objects.filter(topic__last_post_at__lt=timezone.now() - UNREAD_FOR).delete()
