"""What a member has not read yet.

A topic is unread while its last post has a number beyond the member's Reading of it, unless the post is older than
the member's "mark all read" of the subforum, their account, or UNREAD_FOR. So no question ever looks further back
than that, however large the forum is.
"""

from datetime import datetime, timedelta
from typing import Protocol

from django.db import connection
from django.db.models import Count, F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from accounts.readers import ReaderFacts
from forum.models import Post, Reading, Subforum, SubforumReading, Topic
from forum.models.topic import TopicQuerySet
from pagecache.prepared import run
from pagecache.store import Store

UNREAD_FOR = timedelta(days=60)


def with_reading(topics: TopicQuerySet, user: ReaderFacts) -> TopicQuerySet:
    """Adds `read_number` and `read_until`, from which `is_unread` is told."""
    number = Reading.objects.filter(user=user.pk, topic=OuterRef("pk")).values("number")
    mark = SubforumReading.objects.filter(user=user.pk, subforum=OuterRef("subforum")).values("read_until")
    begin = Value(since(user))
    read_until = Greatest(Coalesce(Subquery(mark), begin), begin)
    return topics.annotate(read_number=Coalesce(Subquery(number), 0), read_until=read_until)  # type: ignore[no-redef]


def unread_topics(user: ReaderFacts) -> TopicQuerySet:
    """The readable topics with posts the member has not read, to be ordered by whoever asks."""
    topics = Topic.objects.visible_to(user).readable().filter(last_post_at__gt=since(user))
    return with_reading(topics, user).filter(last_post_at__gt=F("read_until"), last_post__number__gt=F("read_number"))


def since(user: ReaderFacts) -> datetime:
    """What was last written to before then counts as read."""
    return max(user.joined_at, timezone.now() - UNREAD_FOR)


class _Numbered(Protocol):
    @property
    def number(self) -> int: ...

    @property
    def written_at(self) -> datetime: ...


def is_new(post: _Numbered, topic: Topic) -> bool:
    """Whether a post of a topic that came by `with_reading` has not been read."""
    return post.number > topic.read_number and post.written_at > topic.read_until


def first_unread_post(user: ReaderFacts, topic: Topic) -> Post | None:
    """The first post the member has not read, of a topic that came by `with_reading`."""
    newer = topic.posts.visible_to(user).readable()
    return newer.filter(number__gt=topic.read_number, written_at__gt=topic.read_until).order_by("number").first()


def note_reading(user: ReaderFacts, topic: Topic, number: int) -> None:
    """The member has seen the posts of a topic up to this number; it never falls. One row, and not always."""
    run(_NOTE, [user.pk, topic.pk, number])
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
