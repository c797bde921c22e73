"""Full text search of topics by their posts and titles, in PostgreSQL.

The hit of a topic is its post with the best rank. A post matches by its own words and, with more weight, by its
topic's title, which each post has as `heading`; a word as it was typed weighs more than another form of it.
"""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache

from django.db import connection
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from accounts.models import User
from forum import markup
from forum.extensions import search_terms
from forum.models import Post, Subforum
from forum.models.answered_question import is_answered
from forum.pages import search_hits
from forum.search import candidates, filters, former_words, passages, vocabulary
from forum.search.candidates import Candidates
from forum.search.filters import Counted
from forum.search.query import fewer_words, tsquery
from forum.search.query.clauses import with_plain_quotes
from forum.search.query.fewer_words import Fit
from forum.search.query.tsquery import Asked
from forum.search.stems import without_stop_words
from forum.search.time_limit import CannotSearch, Clock, if_in_time, in_time
from forum.search.vectors import INDEX_VERSION

MAX_LENGTH = 200  # characters
MAX_WORDS = 12  # without stop words: whole questions are longer
HITS_PER_PAGE = 20
# What one can do without is left out after so much of the time: other words to offer, and what only names the place.
OFFERED_WITHIN_MS = 300
PLACE_WITHIN_MS = 500
WEIGHTS = "0.1, 0.2, 0.6, 1.0"  # of a stem and a word in a post, a stem and a word in its title

_SINCE = {"month": 31, "year": 366, "years": 3 * 366}


@dataclass(frozen=True)
class Question:
    """A query with its filters. `after` is the cursor of the page, from `Found.next`, and `fit` that of `Found`;
    `chosen` has options of forum/search/filters.py by the names of their filters."""

    words: str
    subforum: Subforum | None = None
    author: User | None = None
    answered: bool = False
    titles_only: bool = False
    since: str = ""
    newest_first: bool = False
    after: tuple[float, int] | None = None
    chosen: Mapping[str, str] = field(default_factory=dict)
    fit: Fit = Fit.ALL

    @property
    def is_filtered(self) -> bool:
        chosen = (self.subforum, self.author, self.answered, self.titles_only, self.since, self.chosen)
        return any(chosen)


@dataclass
class Found:
    """One page of hits, the number of topics, and the cursor (rank, pk) of the next page. `is_cut`: there are more
    topics than were counted."""

    hits: list[Post] = field(default_factory=list)
    count: int = 0
    is_cut: bool = False
    next: tuple[float, int] | None = None
    fit: Fit = Fit.ALL
    counted: Counted = field(default_factory=Counted)  # of the first page alone
    meant: str = ""  # the query with words that somebody wrote


def search(user: User, question: Question) -> Found:
    """Search the posts that the user may read. Where none has all words, those that have most of them, then those that
    speak of the place, then any. Raises CannotSearch, and TooBusy after TIMEOUT_MS."""
    words = checked(question.words)
    names = search_terms.names_meant_by(words)
    with in_time() as clock:
        typed = asked = _asked(words, names)
        former = former_words.query_of([words, *names]) if former_words.are_left() else ""
        found = Found()
        rows: list[tuple] = []
        clock.check()
        if question.fit == Fit.ALL:
            rows, found.is_cut = _best(user, question, asked, former, clock)
        if not rows and not (question.after and question.fit == Fit.ALL):
            rows, asked = _with_fewer_words(user, question, asked, former, found, clock)
        page = rows[:HITS_PER_PAGE]
        clock.check()
        found.hits = search_hits.hits_of([row[0] for row in page])
        passages.mark(found.hits, asked, is_partial=found.fit != Fit.ALL)
        _count_in_time(found, user, question, _fits(typed, asked, found.fit), former, rows, clock)
    found.count = rows[0][2] if rows else 0
    found.next = (page[-1][1], page[-1][0]) if len(rows) > HITS_PER_PAGE else None
    return found


def _with_fewer_words(
    user: User, question: Question, asked: Asked, former: str, found: Found, clock: Clock
) -> tuple[list[tuple], Asked]:
    """The rows of the first fit that has any, and what was asked for them. Sets what is said about it."""
    posts = Post.objects.visible_to(user).readable()
    clock.check()
    missing = vocabulary.unwritten(posts, asked.units)
    clock.check()
    parts = vocabulary.known_parts(posts, missing)
    conditions = {(label, row): fewer_words.in_a_row(row) for label, rows in parts.items() for row in rows}
    standing: dict[str, list[tuple[str, str]]] = {}
    clock.check()
    for label, row in vocabulary.written(posts, conditions):
        standing.setdefault(label, []).append(row)
    if standing:
        asked = fewer_words.with_parts(asked, standing)
    unknown = [unit for unit in missing if unit.label not in standing]
    asked = fewer_words.ranked_without(asked, unknown)
    if unknown and not question.after and clock.used < OFFERED_WITHIN_MS:
        clock.check()
        found.meant = vocabulary.meant(posts, question.words, unknown)
    rows: list[tuple] = []
    for fit in _worse_than_all(question, has_parts=bool(standing)):
        if query := fewer_words.query_of(fit, asked):
            best = [row[0] for row in rows]  # few, with most words: kept, however many newer posts name the place
            if rows:
                clock.give_half()  # before the savepoint, whose end would take the limit back
            else:
                clock.check()
            with if_in_time() if rows else nullcontext():
                rows, found.is_cut = _best(user, question, _asking(asked, query), former, clock, first=best)
                found.fit = fit
            if rows and (clock.used > PLACE_WITHIN_MS or not _are_few(rows, question, asked, fit)):
                break
    return rows, asked


def _are_few(rows: list[tuple], question: Question, asked: Asked, fit: Fit) -> bool:
    """Whether to look further, for what speaks of the place."""
    is_first = question.fit == Fit.ALL and fit == Fit.MOST
    return is_first and len(rows) < fewer_words.FEW and bool(fewer_words.query_of(Fit.PLACE, asked))


def _worse_than_all(question: Question, *, has_parts: bool) -> list[Fit]:
    """What to try in order; of a further page that of the first."""
    if question.fit != Fit.ALL:
        return [question.fit]
    return [fit for fit in Fit if fit != Fit.ALL and (has_parts or fit != Fit.APART)]


def _asking(asked: Asked, query: str) -> Asked:
    return Asked(query, asked.ranks, asked.marks)


def _count_in_time(
    found: Found,
    user: User,
    question: Question,
    asked: list[Asked],
    former: str,
    rows: list[tuple],
    clock: Clock,
) -> None:
    """The topics behind each option. Where the time is up, what was found is shown without numbers."""
    if question.after:
        return
    counts = filters.counts_of(rows[0][3] if rows else None)
    found.counted = Counted(counts, set(counts) if found.is_cut else set())
    if not question.chosen:
        return
    with if_in_time() as counting:
        _count(found, user, question, asked, former, clock)
    if not counting.is_done:
        found.counted = Counted()


def _count(found: Found, user: User, question: Question, asked: list[Asked], former: str, clock: Clock) -> None:
    """Those of a chosen filter are counted as if it were not chosen: topics with all words if there are any, as
    another choice would find them."""
    judge = cache(candidates.judge)  # once each, however many filters were chosen
    for made in filters.all_filters():
        if not question.chosen.get(made.name):
            continue
        for one in asked:
            clock.check()
            judged = judge(one.matches)
            posts = _matching_posts(user, question, _asking(one, judged.matches), former, without=made.name)
            several = candidates.find(posts, judged.expected, clock, is_filtered=True)
            found.counted.topics[made.name] = filters.count(several, made)
            (found.counted.cut.add if several.is_cut else found.counted.cut.discard)(made.name)
            if found.counted.topics[made.name]:
                break


def _fits(typed: Asked, asked: Asked, fit: Fit) -> list[Asked]:
    """All words, as they were typed, and what was found."""
    query = fewer_words.query_of(fit, asked)
    return [typed, *([_asking(asked, query)] if query and fit != Fit.ALL else [])]


def checked(words: str) -> str:
    """The words as they are searched. Refused are long queries, before anything is looked up for them."""
    words = with_plain_quotes(markup.clean(words)).strip()
    is_long = len(words) > MAX_LENGTH or tsquery.is_too_long(words)
    if is_long or len(without_stop_words(words.split())) > MAX_WORDS:
        raise CannotSearch(_TOO_LONG)
    return words


_TOO_LONG = f"Use at most {MAX_WORDS} words and {MAX_LENGTH} characters."


def _asked(words: str, names: list[str]) -> Asked:
    """Refused are queries that require no word: stop words need not be there, and a negation alone fits everything."""
    asked = tsquery.asked_for(words, names)
    if not asked.matches:
        raise CannotSearch("Name at least one word that is not among the most common ones.")
    return asked


def _best(
    user: User, question: Question, asked: Asked, former: str, clock: Clock, *, first: Sequence[int] = ()
) -> tuple[list[tuple], bool]:
    """The rows of the best posts, among them those of the pks `first`, and whether more match than were ranked."""
    judged = candidates.judge(asked.matches)
    posts = _matching_posts(user, question, _asking(asked, judged.matches), former)
    found = candidates.find(posts, judged.expected, clock, is_filtered=question.is_filtered)
    if not first:
        clock.check()
    both = Candidates(list(dict.fromkeys([*first, *found.ids])), found.is_cut)
    return (_rows(both, question, asked, former) if both.ids else []), found.is_cut


def _matching_posts(user: User, question: Question, asked: Asked, former: str, *, without: str = "") -> QuerySet[Post]:
    """What the user may read of the posts that match, with all that was chosen but for one filter."""
    posts = Post.objects.visible_to(user).readable().filter(_matching("search", asked, former))
    if question.subforum:
        posts = posts.filter(topic__subforum=question.subforum)
    if question.author:
        posts = posts.filter(author=question.author)
    if question.answered:
        posts = posts.filter(is_answered("topic__"))
    if question.since in _SINCE:
        posts = posts.filter(written_at__gte=timezone.now() - timedelta(days=_SINCE[question.since]))
    if question.titles_only:
        posts = posts.filter(_matching("titles", asked, former), number=1)
    if question.chosen:
        posts = posts.filter(filters.condition_of(question.chosen, without=without))
    return posts


_COLUMNS = {"search": "forum_post.search", "titles": "ts_filter(forum_post.search, '{a,b}')"}


def _matching(words: str, asked: Asked, former: str) -> RawSQL:
    """The condition on all words or on those of titles; with former words for posts that are not indexed yet."""
    column = _COLUMNS[words]
    if not former:
        return RawSQL(f"{column} @@ %s::tsquery", [asked.matches], BooleanField())  # noqa: S611
    sql = (
        f"((forum_post.search_version >= {INDEX_VERSION} AND {column} @@ %s::tsquery)"
        f" OR (forum_post.search_version < {INDEX_VERSION} AND {column} @@ %s::tsquery))"
    )
    return RawSQL(sql, [asked.matches, former], BooleanField())  # noqa: S611


def _rows(found: Candidates, question: Question, asked: Asked, former: str) -> list[tuple]:
    """(post, rank, number of topics, counts) for the best post of each topic: one page, and one row more.

    The rank is the sum over all words, with less for each further place. PostgreSQL's rank of words that must all be
    there looks at how near they stand, and a title stands near to nothing.
    """
    after, post_id = question.after or (float("inf"), 0)
    counts = "NULL" if question.after else filters.counting(filters.all_filters())
    rank, params = _NEWEST, []
    if not question.newest_first:
        rank, params = _RANK, [" | ".join(part for part in (asked.ranks, former) if part)]
    with connection.cursor() as cursor:
        cursor.execute(
            _BEST.format(rank=rank, counts=counts), [*params, found.as_array, after, post_id, HITS_PER_PAGE + 1]
        )
        return cursor.fetchall()


_RANK = f"ts_rank('{{{WEIGHTS}}}'::float4[], post.search, %s::tsquery)"
_NEWEST = "post.id"
_BEST = """
    WITH candidate (id, topic_id, author_id, rank) AS MATERIALIZED (
        SELECT post.id, post.topic_id, post.author_id, {rank}
        FROM unnest(%s::bigint[]) AS found (id) JOIN forum_post AS post USING (id)
    ),
    best AS (
        SELECT DISTINCT ON (topic_id) id, rank::float8 AS rank FROM candidate ORDER BY topic_id, rank DESC, id
    )
    SELECT id, rank, (SELECT count(*) FROM best), {counts} FROM best
    WHERE (rank, id) < (%s::float8, %s) ORDER BY rank DESC, id DESC LIMIT %s
"""
