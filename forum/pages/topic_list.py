"""Queries of topic lists: one light TopicRow per topic."""

from collections.abc import Callable, Hashable

from accounts.readers import Reader
from forum import unread
from forum.models.answered_question import has_expert_answer
from forum.models.topic import LOCKED_NOW, PINNED_NOW, TOPICS_PER_PAGE, TopicQuerySet
from forum.pages.values import TopicRow
from pagecache.prepared import MARK, key_with_code, statement

_COLUMNS = (
    "pk", "title", "slug", "posts_count", "answers_count", "last_post_at", "pinned_now", "locked_now", "hidden_at",
    "held_at", "author__username", "subforum__slug", "subforum__label", "last_post_id", "last_post__author__username",
    "expert", "is_running", "subforum__locked_at",
)  # fmt: skip


Listed = tuple[list[TopicRow], bool]


def often_asked(
    reader: Reader,
    name: Hashable,
    build: Callable[[Reader], TopicQuerySet],
    page: int,
    *values: object,
    size: int = TOPICS_PER_PAGE,
) -> Listed:
    """A page of topics, and whether there are more, by a prepared statement for `name` and what the reader may read.

    `build` returns the queryset for such readers, with MARK, MARK + 1 … or text_mark(0) … in place of `values`.
    """
    shared = reader.shared(MARK + len(values))
    key = ("topics", key_with_code(name, build), shared, size)
    found = statement(key, lambda: _with_columns(build(shared), shared, size=size))
    return _listed(reader, found.rows(*values, reader.pk, skip=(page - 1) * size), size)


def seldom_asked(reader: Reader, topics: TopicQuerySet, page: int, size: int = TOPICS_PER_PAGE) -> Listed:
    """A page of topics, and whether there are more, of any queryset, compiled on each call."""
    first = (page - 1) * size
    return _listed(reader, list(_with_columns(topics, reader, first, size)), size)


def _with_columns(topics: TopicQuerySet, reader: Reader, first: int = 0, size: int = TOPICS_PER_PAGE):
    """Selects one row more than is shown, to know whether there are more."""
    topics = topics.annotate(expert=has_expert_answer(), pinned_now=PINNED_NOW, locked_now=LOCKED_NOW)
    names: tuple[str, ...] = _COLUMNS
    if reader.is_authenticated:
        topics = unread.with_marks(topics, reader.pk)
        names = (*_COLUMNS, *unread.MARKS, "last_post__number")
    return topics.values_list(*names)[first : first + size + 1]


def _listed(reader: Reader, found: list[tuple], size: int = TOPICS_PER_PAGE) -> Listed:
    rows = [_row(reader, columns) for columns in found]
    return rows[:size], len(rows) > size


def _row(reader: Reader, columns: tuple) -> TopicRow:
    row, marks = TopicRow(*columns[: len(_COLUMNS)]), columns[len(_COLUMNS) :]
    if not marks or row.last_post_id is None or row.last_post_at is None:
        return row
    *marked, last_number = marks
    return row._replace(is_unread=unread.is_unread(unread.how_far(reader, *marked), last_number, row.last_post_at))
