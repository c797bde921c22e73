"""Lists of topics: one light row for each, as it is shown."""

from collections.abc import Callable, Hashable
from datetime import datetime
from typing import NamedTuple

from django.db.models import OuterRef, Subquery
from django.urls import reverse

from accounts.models import User
from forum import unread
from forum.models import Reading, SubforumReading
from forum.models.topic import TOPICS_PER_PAGE, TopicQuerySet, has_expert_answer
from forum.pages.queries import reader_like
from forum.pages.values import TopicAddress
from pagecache.prepared import MARK, statement

_COLUMNS = (
    "pk", "title", "slug", "posts_count", "answers_count", "last_post_at", "pinned_at", "locked_at", "hidden_at",
    "held_at", "author__username", "subforum__slug", "subforum__name", "last_post_id", "last_post__author__username",
    "expert",
)  # fmt: skip


class TopicRow(NamedTuple):
    """Everything that a list shows of a topic."""

    pk: int
    title: str
    slug: str
    posts_count: int
    answers_count: int
    last_post_at: datetime
    pinned_at: datetime | None
    locked_at: datetime | None
    hidden_at: datetime | None
    held_at: datetime | None
    author: str
    subforum_slug: str
    subforum_name: str
    last_post_id: int | None
    last_author: str | None
    has_expert_answer: bool
    is_unread: bool = False
    added: str = ""  # by other apps, as HTML (forum/extensions/fragments.py)

    @property
    def replies_count(self) -> int:
        return max(self.posts_count - 1, 0)

    def get_absolute_url(self) -> str:
        return str(TopicAddress(self.pk, self.slug))

    def author_url(self) -> str:
        return reverse("forum:profile", args=[self.author])

    def subforum_url(self) -> str:
        return reverse("forum:subforum", args=[self.subforum_slug])

    def last_post_url(self) -> str:
        return reverse("forum:post", args=[self.last_post_id])


Listed = tuple[list[TopicRow], bool]


def often_asked(
    user: User, name: Hashable, build: Callable[[User], TopicQuerySet], page: int, *values: object
) -> Listed:
    """A page of topics, and whether there are more, by a statement that is composed once.

    `build` makes the queryset for a reader who may read what the user may, with MARK, MARK + 1 … for the values.
    """
    member = MARK + len(values)
    scope, reader = reader_like(user, member)
    question = statement(("topics", name, scope), lambda: _with_columns(build(reader), user, member))
    return _listed(user, question.rows(*values, user.pk, skip=(page - 1) * TOPICS_PER_PAGE))


def seldom_asked(user: User, topics: TopicQuerySet, page: int, size: int = TOPICS_PER_PAGE) -> Listed:
    """The same of any queryset."""
    first = (page - 1) * size
    return _listed(user, list(_with_columns(topics, user, user.pk, first, size)), size)


def _with_columns(topics: TopicQuerySet, user: User, member: int | None, first: int = 0, size: int = TOPICS_PER_PAGE):
    """One row more than is shown, which tells whether there are more."""
    topics = topics.annotate(expert=has_expert_answer())
    names: tuple[str, ...] = _COLUMNS
    if user.is_authenticated:
        number = Reading.objects.filter(user=member, topic=OuterRef("pk")).values("number")
        mark = SubforumReading.objects.filter(user=member, subforum=OuterRef("subforum")).values("read_until")
        topics = topics.annotate(read=Subquery(number), marked_until=Subquery(mark))
        names = (*_COLUMNS, "last_post__number", "read", "marked_until")
    return topics.values_list(*names)[first : first + size + 1]


def _listed(user: User, found: list[tuple], size: int = TOPICS_PER_PAGE) -> Listed:
    rows = [TopicRow._make((*row[: len(_COLUMNS)], False, "")) for row in found]
    if user.is_authenticated:
        begin, count = unread.since(user), len(_COLUMNS)
        rows = [
            row._replace(is_unread=_is_unread(row, begin, *marks[count:]))
            for row, marks in zip(rows, found, strict=True)
        ]
    return rows[:size], len(rows) > size


def _is_unread(
    row: TopicRow, begin: datetime, last_number: int | None, read: int | None, until: datetime | None
) -> bool:
    """Written since the marks, and further than the member has read (forum/unread.py)."""
    return last_number is not None and last_number > (read or 0) and row.last_post_at > max(until or begin, begin)
