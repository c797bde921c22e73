"""The words that posts have: which of a query nobody wrote, and which written ones are like them ("did you mean").

Words of posts that all may read are counted once a night, for trigrams; those of the newest posts are looked at
directly. Nobody is offered a word
that only posts have which they may not read.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from rapidfuzz.distance import OSA

from forum.models import Post, PostWord
from forum.search.candidates import MOST_COUNTED
from forum.search.query import fewer_words
from forum.search.query.tsquery import Unit
from forum.search.vectors import INDEX_VERSION

NEWEST = 100  # posts whose words are looked at directly
COMMON = 20  # counted posts from which a word is known to be written, without a look who may read them
MATCHING = 200  # posts with a word, among which one is sought that the reader may read
MOST_UNWRITTEN = 3  # words of a query that are looked for as two, and for which others are offered
SHORTEST = 4  # letters of a word for which others are offered
ALIKE = 0.2  # similarity by trigrams; "bycicle" and "bicycle" have 0.23
TRIED = 3  # of the words that are like one


def count_words() -> None:
    """The nightly chore, and the end of `manage.py reindex`: count in how many posts that all may read a word stands.

    Were words of other posts counted, too, "did you mean" would tell that they are written.
    """
    counted = Post.objects.readable_by_all().filter(search_version__gte=INDEX_VERSION).order_by("-pk")[:MOST_COUNTED]
    sql, params = counted.values_list(RawSQL("forum_post.search", [])).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [connection.ops.compose_sql(sql, params)])  # type: ignore[attr-defined]


# The weights are those of words as they are written, without stems. Rows that are as before are left alone.
_COUNT = f"""
    WITH counted AS MATERIALIZED (
        SELECT word AS text, ndoc AS posts_count FROM ts_stat(%s, 'ac')
        WHERE length(word) BETWEEN {SHORTEST} AND 64 AND word !~ '[0-9~]'
    ),
    gone AS (
        DELETE FROM forum_postword WHERE NOT EXISTS (SELECT FROM counted WHERE counted.text = forum_postword.text)
    )
    INSERT INTO forum_postword AS kept (text, posts_count) SELECT text, posts_count FROM counted ORDER BY text
    ON CONFLICT (text) DO UPDATE SET posts_count = excluded.posts_count
    WHERE kept.posts_count <> excluded.posts_count
"""  # noqa: S608


def unwritten(posts: QuerySet[Post], units: Sequence[Unit]) -> list[Unit]:
    """Those of the units that none of these posts has. Two statements: of common words one knows without looking.

    A word of more than MATCHING other posts is taken as written."""
    common = PostWord.objects.filter(text__in=[unit.word for unit in units if unit.word], posts_count__gte=COMMON)
    known = set(common.values_list("text", flat=True))
    rare = [unit for unit in units if unit.word not in known]
    found = set(written(posts, {unit: unit.condition for unit in rare}, if_many=True))
    return [unit for unit in rare if unit not in found]


def written(posts: QuerySet[Post], conditions: dict[Any, str], *, if_many: bool = False) -> list[Any]:
    """The keys of those conditions that one of these posts meets. One statement. `if_many`: what to say where MATCHING
    posts meet it and none of them is one of these."""
    if not conditions:
        return []
    columns: list[str] = []
    params: list[Any] = []
    readable, more = (
        posts.filter(pk__in=RawSQL("SELECT id FROM matching", [])).values("pk").order_by().query.sql_with_params()
    )
    many = f" OR (SELECT count(*) = {MATCHING} FROM matching)" if if_many else ""  # noqa: S608
    for condition in conditions.values():
        # First the index of words: for one post PostgreSQL would read all that are readable until one has the word.
        columns.append(f"(WITH matching AS MATERIALIZED ({_MATCHING}) SELECT EXISTS ({readable}){many})")
        params += [condition, *more]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)}", params)
        return [key for key, is_written in zip(conditions, cursor.fetchone(), strict=True) if is_written]


_MATCHING = f"SELECT id FROM forum_post WHERE search @@ %s::tsquery LIMIT {MATCHING}"  # noqa: S608


def known_parts(posts: QuerySet[Post], units: Iterable[Unit]) -> dict[str, list[tuple[str, str]]]:
    """By the label of a unit the ways in which it may be two words, of which each is known; of MOST_UNWRITTEN units.

    Known are words that were counted or stand in the newest posts, and short ones, which are not counted."""
    parts = {unit.label: found for unit in units if (found := fewer_words.parts_of(unit.word))}
    parts = dict(list(parts.items())[:MOST_UNWRITTEN])
    known = _known(posts, {half for found in parts.values() for row in found for half in row if len(half) >= SHORTEST})
    return {
        label: [row for row in found if all(len(half) < SHORTEST or half in known for half in row)]
        for label, found in parts.items()
    }


def _known(posts: QuerySet[Post], words: set[str]) -> set[str]:
    if not words:
        return set()
    sql, params = _newest(posts)
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN.format(newest=sql), [sorted(words), *params])
        return {text for (text,) in cursor.fetchall()}


def _newest(posts: QuerySet[Post]) -> tuple[str, tuple[Any, ...]]:
    """SQL of the vectors of the newest posts."""
    return posts.order_by("-pk")[:NEWEST].values_list(RawSQL("forum_post.search", [])).query.sql_with_params()


_KNOWN = """
    WITH asked AS MATERIALIZED (SELECT unnest(%s::text[]) AS text)
    SELECT text FROM asked JOIN forum_postword USING (text)
    UNION
    SELECT asked.text FROM ({newest}) AS newest (words), unnest(tsvector_to_array(words)) AS word
    JOIN asked ON asked.text = word
"""


# --- Did you mean ---


def meant(posts: QuerySet[Post], query: str, units: Iterable[Unit]) -> str:
    """The query with words of these posts for those that nobody wrote; "" if there are none like them."""
    wanted = [unit for unit in units if len(unit.word) >= SHORTEST and unit.word.isalpha()][:MOST_UNWRITTEN]
    alike = _like(posts, {unit.word for unit in wanted}) if wanted else {}
    like = [(unit, other) for unit in wanted for other in alike.get(unit.word, [])]
    found_in = set(written(posts, {text: f"'{text}'" for _, (text, count) in like if count < COMMON}))
    offered: dict[Unit, str] = {}
    for unit, (text, count) in like:
        if count >= COMMON or text in found_in:
            offered.setdefault(unit, text)
    found = query
    for unit, other in offered.items():
        found = re.sub(rf"(?<!\w){re.escape(unit.label)}(?!\w)", other, found, flags=re.IGNORECASE)
    return found if found != query else ""


def _like(posts: QuerySet[Post], words: set[str]) -> dict[str, list[tuple[str, int]]]:
    """The words most like each of these, at most TRIED, with how many counted posts have them: by few mistakes, and of
    them those that more posts have."""
    sql, params = _newest(posts)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL pg_trgm.similarity_threshold = {ALIKE}")
        cursor.execute(_LIKE.format(newest=sql), [*params, sorted(words)])
        rows = cursor.fetchall()
    counted: dict[str, dict[str, int]] = {}
    for word, text, count in rows:
        known = counted.setdefault(word, {})
        known[text] = max(count, known.get(text, 0))
    return {word: _nearest(word, known) for word, known in counted.items()}


def _nearest(word: str, counted: dict[str, int]) -> list[tuple[str, int]]:
    most = 1 if len(word) < 6 else 2 if len(word) < 10 else 3
    ranked = sorted((OSA.distance(word, text), -count, text) for text, count in counted.items() if text != word)
    return [(text, -less) for mistakes, less, text in ranked if mistakes <= most][:TRIED]


_LIKE = """
    WITH newest AS MATERIALIZED (
        SELECT DISTINCT word AS text FROM ({newest}) AS newest (words), unnest(tsvector_to_array(words)) AS word
        WHERE strpos(word, '~') = 0
    )
    SELECT asked.word, alike.text, alike.posts_count FROM unnest(%s::text[]) AS asked (word), LATERAL (
        (
            SELECT text, posts_count FROM forum_postword
            WHERE text %% asked.word AND length(text) BETWEEN length(asked.word) - 3 AND length(asked.word) + 3
            ORDER BY similarity(text, asked.word) DESC, posts_count DESC LIMIT 200
        )
        UNION ALL
        SELECT text, 0 FROM newest
        WHERE length(text) BETWEEN length(asked.word) - 3 AND length(asked.word) + 3 AND text %% asked.word
    ) AS alike
"""
