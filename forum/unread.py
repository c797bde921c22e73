"""Unread topics and posts of a member: the SQL columns and the one `is_unread()`.

A topic is unread while its last post has a number above the member's Reading of it, unless the post is older than the
member's "mark all read" of the subforum, their account, or UNREAD_FOR. So no query looks further back than that,
however large the forum is.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import BooleanField, Case, Count, F, OuterRef, Subquery, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.readers import Reader, ReaderFacts, as_reader
from forum.models import Post, Reading, Subforum, SubforumReading, Topic
from forum.models.post import PostQuerySet
from forum.models.topic import TopicQuerySet
from pagecache.exists_by_row import exists_by_row
from pagecache.prepared import MARK, moment_mark, run, statement
from pagecache.prepared_models import instances
from pagecache.store import Store

UNREAD_FOR = timedelta(days=60)
SEEN_EVERY = timedelta(minutes=2)


def with_marks(topics: TopicQuerySet, user_pk: int | None) -> TopicQuerySet:
    """Annotates MARKS: how far the member has read in the topic, and the "mark all read" of its subforum."""
    number = Reading.objects.filter(user=user_pk, topic=OuterRef("pk")).values("number")
    marked = SubforumReading.objects.filter(user=user_pk, subforum=OuterRef("subforum")).values("read_until")
    return topics.annotate(marked_number=Subquery(number), marked_until=Subquery(marked))


MARKS = ("marked_number", "marked_until")


class HowFar(NamedTuple):
    """What a member has read of a topic: posts up to a number, and all posts written until a time."""

    number: int
    until: datetime


def how_far(user: ReaderFacts, number: int | None, marked_until: datetime | None) -> HowFar:
    """The HowFar of a topic from its columns MARKS."""
    begin = since(user)
    return HowFar(number or 0, max(marked_until, begin) if marked_until else begin)


def since(user: ReaderFacts) -> datetime:
    """The time before which everything counts as read."""
    return max(user.joined_at, timezone.now() - UNREAD_FOR)


def is_unread(read: HowFar, number: int | None, written_at: datetime) -> bool:
    """Whether a post is unread; for the last post of a topic, whether the topic is. `number=None`: there is no post."""
    return number is not None and number > read.number and written_at > read.until


def unread_topics(user: ReaderFacts, mark: RawSQL | None = None) -> TopicQuerySet:
    """The readable topics with unread posts, unordered: `is_unread` of the last post, in SQL. In a prepared statement
    for all who may read the same, `mark` stands for `since(user)`."""
    begin = mark or Value(since(user))
    topics = Topic.objects.visible_to(user).readable().filter(last_post_at__gt=begin)
    topics = with_marks(topics, user.pk).annotate(
        read_number=Coalesce("marked_number", 0), read_until=Coalesce("marked_until", begin)
    )
    return topics.filter(_has_higher_number(), last_post_at__gt=F("read_until"))


def _has_higher_number() -> Case:
    """Whether the last post of a topic has a number above `read_number`. The post is looked up only where a member has
    read in the topic, and it has posts behind that."""
    last = Post.objects.filter(pk=OuterRef("last_post"), number__gt=OuterRef("read_number"))
    return Case(
        When(last_post=None, then=False),
        When(read_number=0, then=True),
        When(last_number__lte=F("read_number"), then=False),
        default=exists_by_row(last),
        output_field=BooleanField(),
    )


def unread_posts(user: ReaderFacts) -> PostQuerySet:
    """The readable posts that a member has not read, unordered: `is_unread` of each, in SQL."""
    number = Reading.objects.filter(user=user.pk, topic=OuterRef("topic")).values("number")
    marked = SubforumReading.objects.filter(user=user.pk, subforum=OuterRef("topic__subforum")).values("read_until")
    posts = Post.objects.listed_for(user).filter(written_at__gt=since(user))
    return posts.filter(
        number__gt=Coalesce(Subquery(number), 0), written_at__gt=Coalesce(Subquery(marked), Value(since(user)))
    )


def first_unread_post(reader: Reader, topic: Topic) -> Post | None:
    """The first unread post of a topic that has `read` (a HowFar); deferred but for its number."""
    shared = reader.shared(MARK)
    values = (reader.pk, topic.pk, topic.read.number, topic.read.until)
    found = instances(("first unread post", shared), lambda: _newer_posts(shared), *values)
    return found[0] if found else None


def _newer_posts(reader: Reader) -> PostQuerySet:
    newer = Post.objects.visible_to(reader).readable().filter(topic=MARK + 1, number__gt=MARK + 2)
    return newer.filter(written_at__gt=moment_mark(3)).order_by("number").only("number")[:1]


def note_reading(user: ReaderFacts, topic: Topic, number: int) -> None:
    """Record that the member has read a topic up to this number, which never falls, and when, up to SEEN_EVERY late.
    At most one row is written."""
    run(_NOTE, [user.pk, topic.pk, number, SEEN_EVERY], writes=Reading)
    _counts.drop(user.pk)


_NOTE = """
    INSERT INTO forum_reading AS kept (user_id, topic_id, number, seen_at) VALUES (%s, %s, %s, now())
    ON CONFLICT (user_id, topic_id) DO UPDATE
       SET number = greatest(kept.number, excluded.number), seen_at = excluded.seen_at
     WHERE kept.number < excluded.number OR kept.seen_at IS NULL OR kept.seen_at < excluded.seen_at - %s::interval
"""


def mark_all_read(user: ReaderFacts, until: datetime, subforum: Subforum | None = None) -> None:
    """Mark everything written until then as read, in one subforum or all the member may read. Never marks as unread."""
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


# Cache of the counts of one process: up to a minute stale on pages that are not lists of topics.
_counts: Store[int, dict[int, int]] = Store(max_items=2_000, ttl=60)


def counts(user: ReaderFacts, *, fresh: bool = False) -> dict[int, int]:
    """Number of unread topics by primary key of the subforum, without zeros; cached for a minute unless `fresh`."""
    if fresh:
        return _counts.put(user.pk, _count(user))
    return _counts.get_or_make(user.pk, lambda: _count(user))


def _count(user: ReaderFacts) -> dict[int, int]:
    shared = as_reader(user).shared(MARK)
    counting = statement(("unread topics by subforum", shared), lambda: _by_subforum(shared))
    return dict(counting.rows(user.pk, since(user)))


def _by_subforum(reader: Reader):
    topics = unread_topics(reader, moment_mark(1)).order_by()
    return topics.values_list("subforum_id").annotate(Count("pk"))


def total(user: ReaderFacts) -> int:
    """Number of unread topics, for the header of every page."""
    return sum(counts(user).values())


def forget_old_readings() -> None:
    """Delete Readings of topics that count as read by UNREAD_FOR anyway. Called nightly (config/worker/nightly.py)."""
    Reading.objects.filter(topic__last_post_at__lt=timezone.now() - UNREAD_FOR).delete()
