"""The posts that a search ranks: of all that match the newest, and where these are not all, the newest first posts too.

PostgreSQL takes the test of a stored vector for cheap, but the vector has to be fetched for it. So that the planner
does not do that row by row, matches are found without an order, and with other conditions by bitmaps alone. Of a very
common word only the newest part of all posts is looked at, as large as statistics say that it takes; where that
was too little, a larger one. Where all posts take too long, the newest part is what is looked at.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import QuerySet

from forum.models import Post, PostWord
from forum.search.query import lean_query
from forum.search.query.lean_query import Node
from forum.search.time_limit import Clock, if_in_time
from pagecache.prepared import array_of, run

MOST = 2_000  # posts
MOST_OPENING = 1_000  # first posts beside them: a title of long ago is not lost among newer posts
SMALL = 20_000  # posts of a forum in which no word is so common that it needs a part
SPARE = 1.5  # times as many matches as are wanted are expected in a part of the posts
ENOUGH = 0.5  # of the matches that are wanted: so many in a part, and no larger one is looked at
STEP = 4  # a part that was too small grows by this at least
HALF = 0.5  # a larger part is no gain
STATISTICS_HOLD = 600  # seconds
MOST_COUNTED = 200_000  # posts whose words are counted, the newest
UNKNOWN = 0.0005  # of all posts: how many have a lexeme of which nothing is known
LEAN_FROM = 16  # lexemes of a query, from which on a statement that finds those that no post has is cheaper


@dataclass(frozen=True)
class Candidates:
    """The posts, the newest first. `is_cut`: more match, so that what is counted of these is less than there is."""

    ids: list[int] = field(default_factory=list)
    is_cut: bool = False

    @property
    def as_array(self) -> str:
        """The text of a bigint[]: a list of numbers would be written one by one."""
        return array_of(self.ids)


def find(posts: QuerySet[Post], expected: float, clock: Clock, *, is_filtered: bool) -> Candidates:
    """Of these posts those to rank. `expected`: how many match the tsquery. `is_filtered`: not only by it and who may
    read them."""
    size = _size()
    ids, is_cut = _newest(posts, MOST, expected, size, clock, is_filtered=is_filtered)
    if not is_cut:
        return Candidates(ids)
    clock.check()
    expected *= size.share_of_topics
    opening, _ = _newest(posts.filter(number=1), MOST_OPENING, expected, size, clock, is_filtered=True)
    return Candidates(list(dict.fromkeys([*ids, *opening])), is_cut=True)


def _newest(
    posts: QuerySet[Post], most: int, expected: float, size: "Size", clock: Clock, *, is_filtered: bool
) -> tuple[list[int], bool]:
    """The newest of the posts, at most so many, and whether there are more."""
    part = _part_with(most, expected)
    since = size.since(part)
    if since is None and size.posts > SMALL:
        clock.give_half()
        with if_in_time() as whole:
            ids = _ids(posts, None, most + 1, is_filtered=is_filtered)
        clock.check()
        if whole.is_done:
            return ids[:most], len(ids) > most
        part = SMALL / size.posts
        return _ids(posts, size.since(part), most, is_filtered=is_filtered), True
    ids = _ids(posts, since, most + 1, is_filtered=is_filtered)
    while since is not None and len(ids) < most * ENOUGH:
        part *= max(STEP, SPARE * most / max(len(ids), 1))
        since = size.since(part)
        clock.give_half()
        with if_in_time() as wider:
            ids = _ids(posts, since, most + 1, is_filtered=is_filtered)
        clock.check()
        if not wider.is_done:
            return ids, True
    return ids[:most], since is not None or len(ids) > most


def _part_with(most: int, expected: float) -> float:
    """The part of all posts in which enough of so many matches stand."""
    return SPARE * most / expected if expected > SPARE * most else 1


def _ids(posts: QuerySet[Post], since: datetime | None, most: int, *, is_filtered: bool) -> list[int]:
    if since is not None:
        posts = posts.filter(written_at__gte=since)
    sql, params = posts.order_by().values_list("pk", "written_at").query.sql_with_params()
    statement = _NEWEST.format(matching=sql)
    is_alone = since is None and not is_filtered  # then no index but that of words finds fewer posts
    with connection.cursor() as cursor:
        cursor.execute(statement if is_alone else _BY_BITMAPS.format(statement), [*params, most])
        if not is_alone:
            cursor.nextset()
        return [pk for (pk,) in cursor.fetchall()]


_NEWEST = """
    WITH matching (id, written_at) AS MATERIALIZED ({matching})
    SELECT id FROM matching ORDER BY written_at DESC, id DESC LIMIT %s
"""
_BY_BITMAPS = "SET LOCAL enable_indexscan = off; {}; SET LOCAL enable_indexscan = on"


# --- How common ---


@dataclass(frozen=True)
class Size:
    """How many posts there are, how many of them open topics, when they were written: the ends of equal parts, and the
    shares of posts that have each of the most frequent lexemes."""

    posts: int
    topics: int
    ends: Sequence[datetime]
    shares: Mapping[str, float] = field(default_factory=dict)

    @property
    def share_of_topics(self) -> float:
        return min(1.0, self.topics / max(self.posts, 1))

    def since(self, part: float) -> datetime | None:
        """When the newest part of all posts begins; None for all."""
        if part > HALF or len(self.ends) < 2:
            return None
        return self.ends[min(len(self.ends) - 2, int((len(self.ends) - 1) * (1 - part)))]


_known: list[tuple[float, Size]] = []


def _size() -> Size:
    """By PostgreSQL's statistics, which are read again after STATISTICS_HOLD."""
    if not _known or time.monotonic() - _known[-1][0] > STATISTICS_HOLD:
        _known[:] = [(time.monotonic(), _read_size())]
    return _known[-1][1]


def forget() -> None:
    """For tests."""
    _known.clear()


def _read_size() -> Size:
    ((posts, topics, ends, lexemes, shares),) = run(_STATISTICS, reads=Post)
    return Size(int(posts), int(topics), ends or [], dict(zip(lexemes or [], shares or [], strict=False)))


# A table without statistics has -1 rows. Behind the shares of lexemes stand the smallest and the largest of them.
_STATISTICS = """
    SELECT
        (SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = 'forum_post'::regclass),
        (SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = 'forum_topic'::regclass),
        (
            SELECT histogram_bounds::text::timestamptz[] FROM pg_stats
            WHERE schemaname = current_schema() AND tablename = 'forum_post' AND attname = 'written_at'
        ),
        words.most_common_elems::text::text[],
        words.most_common_elem_freqs
    FROM (SELECT) AS once LEFT JOIN pg_stats AS words
        ON schemaname = current_schema() AND tablename = 'forum_post' AND attname = 'search'
"""


class Judged(NamedTuple):
    """A tsquery, and how many posts it is expected to find; 0 in a small forum, where that does not matter."""

    matches: str
    expected: float


def judge(matches: str) -> Judged:
    """How common its words are. Where it might find very many posts, the tsquery is returned without lexemes that no
    post has: it is tested at each post that has one of its lexemes. Two statements at most, in a forum of more than
    SMALL posts."""
    size = _size()
    if size.posts <= SMALL:
        return Judged(matches, 0)
    asked = lean_query.read(matches)
    expected = _expected(asked, size)
    all_asked = set(lean_query.lexemes(asked))
    if expected > MOST and len(all_asked) >= LEAN_FROM:
        rare = {one for one in all_asked if not one.endswith("*") and one.strip("'") not in size.shares}
        found = {lexeme for (lexeme,) in run(_WRITTEN, [sorted(rare)], reads=Post)}
        return Judged(str(lean_query.lean(asked, rare - found)) or matches, expected)
    return Judged(matches, expected)


_WRITTEN = """
    SELECT lexeme FROM unnest(%s::text[]) AS lexeme
    WHERE EXISTS (SELECT FROM forum_postword WHERE text = btrim(lexeme, chr(39)))
        OR (SELECT true FROM forum_post WHERE search @@ lexeme::tsquery LIMIT 1)
"""


def _expected(asked: Node, size: Size) -> float:
    """By the statistics of PostgreSQL for the most frequent thousand lexemes, and for others by the words that were
    counted at night, whose stems stand in the same posts."""
    rare = [one for one in map(lean_query.bare, lean_query.lexemes(asked)) if one not in size.shares]
    counts = dict(run(_COUNTS, [rare], reads=PostWord)) if rare else {}
    counted = min(size.posts, MOST_COUNTED)
    shares = {**{text: count / counted for text, count in counts.items()}, **size.shares}
    return size.posts * lean_query.share(asked, shares, UNKNOWN)


_COUNTS = "SELECT text, posts_count FROM forum_postword WHERE text = ANY(%s::text[])"
