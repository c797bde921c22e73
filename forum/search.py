"""Full text search of topics by their posts and titles, in PostgreSQL.

The hit of a topic is its post with the best rank. A post matches by its own words and, with more weight, by its
topic's title, which each post has as `heading`. Only this file knows the column `search` (migration 0007).
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import reduce
from operator import or_

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank, SearchVectorField
from django.db import OperationalError, connection, transaction
from django.db.models import FETCH_RAISE, F, Func, QuerySet, TextField, Value
from django.db.models.expressions import RawSQL
from django.utils import timezone
from psycopg.errors import QueryCanceled

from accounts.models import User
from forum import markup
from forum.extensions import search_terms
from forum.models import Post, Subforum
from forum.models.topic import has_expert_answer

MAX_LENGTH = 200  # characters
MAX_WORDS = 12
HITS_PER_PAGE = 20
CANDIDATES = 20_000  # only the newest so many matches are ranked, for very common words
TIMEOUT_MS = 2_000

SPACELESS = "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_RUN = re.compile(f"[{SPACELESS}]+")
_SPACED_MARK = re.compile(f"(?<=[{SPACELESS}\x01\x02]) +(?=[{SPACELESS}\x01\x02])")
_SINCE = {"month": 31, "year": 366, "years": 3 * 366}


class CannotSearch(Exception):
    """The query cannot be searched; the message is for the user."""


class TooBusy(CannotSearch):
    """The search timed out."""


@dataclass(frozen=True)
class Question:
    """A query with its filters. `after` is the cursor of the page, from `Found.next`."""

    words: str
    subforum: Subforum | None = None
    author: User | None = None
    answered: bool = False
    titles_only: bool = False
    since: str = ""
    newest_first: bool = False
    after: tuple[float, int] | None = None


@dataclass
class Found:
    """One page of hits, the number of topics in all, and the cursor (rank, pk) of the next page."""

    hits: list[Post] = field(default_factory=list)
    count: int = 0
    next: tuple[float, int] | None = None


def search(user: User, question: Question) -> Found:
    """Search the posts that the user may read. Raises CannotSearch, and TooBusy after TIMEOUT_MS."""
    words = _checked(question.words)
    names = search_terms.names_meant_by(words)
    query = _any_of([words, *names])
    with _in_time():
        if not _is_searchable(query):
            raise CannotSearch("Name at least one word that is not among the most common ones.")
        rows = _rows(_candidates(user, question, query), question)
        page = rows[:HITS_PER_PAGE]
        hits = _hits([row[0] for row in page], query)
        _mark(hits, words, names)
    more = len(rows) > HITS_PER_PAGE
    return Found(hits, rows[0][2] if rows else 0, (page[-1][1], page[-1][0]) if more else None)


def _checked(words: str) -> str:
    words = markup.clean(words).strip()
    if len(words) > MAX_LENGTH or len(words.split()) > MAX_WORDS:
        raise CannotSearch(f"Use at most {MAX_WORDS} words and {MAX_LENGTH} characters.")
    return words


def _any_of(queries: list[str]) -> SearchQuery:
    return reduce(or_, [SearchQuery(_in_a_row(one), config="bp", search_type="websearch") for one in queries])


def _in_a_row(words: str) -> str:
    """Words of scripts without spaces as phrases of single letters, as the column indexes them."""
    parts = words.split('"')
    for place, part in enumerate(parts):
        is_quoted = place % 2 == 1 and place < len(parts) - 1
        parts[place] = _RUN.sub(lambda run, bare=is_quoted: _letters(run[0], bare=bare), part)  # type: ignore[misc]
    return '"'.join(parts)


def _letters(run: str, *, bare: bool) -> str:
    letters = f" {' '.join(run)} "
    return letters if bare else f'"{letters}"'


@contextmanager
def _in_time() -> Iterator[None]:
    """With a statement_timeout, so that a search blocks no other pages."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {TIMEOUT_MS}")
            yield
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        raise TooBusy("This search took too long. Add a word, or choose a forum or a time.") from error


def _is_searchable(query: SearchQuery) -> bool:
    """Whether it requires any word: stop words are dropped, and a negation alone would match everything."""
    sql, params = _as_sql(query)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT querytree({sql}) NOT IN ('', 'T')", params)
        return cursor.fetchone()[0]


def _as_sql(query: SearchQuery) -> tuple[str, Sequence]:
    posts = Post.objects.all().query
    return query.resolve_expression(posts).as_sql(posts.get_compiler(connection=connection), connection)


def _candidates(user: User, question: Question, query: SearchQuery) -> QuerySet:
    """The matching posts that the user may read, with their rank."""
    column = RawSQL('"forum_post"."search"', [], output_field=SearchVectorField())
    posts = Post.objects.visible_to(user).readable().annotate(words=column).filter(words=query)
    if question.subforum:
        posts = posts.filter(topic__subforum=question.subforum)
    if question.author:
        posts = posts.filter(author=question.author)
    if question.answered:
        posts = posts.filter(topic__answers_count__gt=0)
    if question.since in _SINCE:
        posts = posts.filter(written_at__gte=timezone.now() - timedelta(days=_SINCE[question.since]))
    if question.titles_only:
        titles = Func(F("words"), template="ts_filter(%(expressions)s, '{a}')", output_field=SearchVectorField())
        posts = posts.filter(number=1).annotate(title_words=titles).filter(title_words=query)
    rank = F("id") if question.newest_first else SearchRank(F("words"), query)
    return posts.annotate(rank=rank).order_by("-pk").values_list("pk", "topic_id", "rank")[:CANDIDATES]


def _rows(candidates: QuerySet, question: Question) -> list[tuple[int, float, int]]:
    """(post, rank, number of topics) for the best post of each topic: one page, and one row more."""
    sql, params = candidates.query.sql_with_params()
    rank, post_id = question.after or (float("inf"), 0)
    with connection.cursor() as cursor:
        cursor.execute(_BEST.format(candidates=sql), [*params, rank, post_id, HITS_PER_PAGE + 1])
        return cursor.fetchall()


_BEST = """
    WITH candidate (id, topic_id, rank) AS ({candidates}),
    best AS (
        SELECT DISTINCT ON (topic_id) id, rank::float8 AS rank FROM candidate ORDER BY topic_id, rank DESC, id
    )
    SELECT id, rank, (SELECT count(*) FROM best) FROM best
    WHERE (rank, id) < (%s::float8, %s) ORDER BY rank DESC, id DESC LIMIT %s
"""


def _hits(ids: list[int], query: SearchQuery) -> list[Post]:
    """The posts in this order, with `headline`: a passage with the query's words between \x01 and \x02."""
    plain = Func(
        F("html"), Value("<[^>]*>"), Value(" "), Value("g"), function="regexp_replace", output_field=TextField()
    )
    headline = SearchHeadline(
        Func(plain, function="bp_spaced", output_field=TextField()),
        query,
        config="bp",
        start_sel="\x01",
        stop_sel="\x02",
        max_words=40,
        min_words=20,
    )
    posts = Post.objects.filter(pk__in=ids).select_related("author", "topic__subforum")
    posts = posts.annotate(headline=headline, has_expert_answer=has_expert_answer("topic__"))
    found = posts.fetch_mode(FETCH_RAISE).in_bulk()
    return [found[pk] for pk in ids if pk in found]


def _mark(hits: list[Post], words: str, names: list[str]) -> None:
    """Set `found_words` of each hit: words that were typed are marked, synonyms only as a whole."""
    passages = [_BETWEEN_MARKS.sub(r"\1", post.headline) for post in hits]  # type: ignore[attr-defined]
    runs = {run for passage in passages for run in _MARKED.findall(passage)} if names else set()
    parts = runs - _found_in(runs, words, names)
    for post, passage in zip(hits, passages, strict=True):
        kept = _MARKED.sub(lambda run: run[1] if run[1] in parts else run[0], passage)
        post.found_words = markup.with_marks(_SPACED_MARK.sub("", kept))


def _found_in(runs: set[str], words: str, names: list[str]) -> set[str]:
    """Those of the marked runs that contain a word that was typed, or a whole synonym."""
    typed = [word for part in words.split() if not part.startswith("-") for word in re.findall(r"\w+", part)]
    whole = [quoted[0] for name in names if (quoted := _QUOTED.match(name))]
    if not (runs and (typed or whole)):
        return runs
    wanted = _any_of([f'"{word}"' for word in typed] + whole)
    sql, params = _as_sql(wanted)
    with connection.cursor() as cursor:
        cursor.execute(_HOLDS.format(query=sql), [sorted(runs), *params])
        return {run for (run,) in cursor.fetchall()}


_MARKED = re.compile("\x01([^\x01\x02]*)\x02")
_BETWEEN_MARKS = re.compile("\x02( +)\x01")
_QUOTED = re.compile('"[^"]+"')
_HOLDS = "SELECT run FROM unnest(%s::text[]) AS run WHERE to_tsvector('bp', bp_spaced(run)) @@ ({query})"
