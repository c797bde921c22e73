"""A schema beside the forum's tables, for what rows are made of: texts, titles and names, each rendered once by our own
code. It also says which steps are done. It is dropped when the last one is."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from psycopg.types.json import Jsonb

from accounts.text.slugs import slug_of
from crossings.gazetteer import matcher, spelling
from crossings.similar import terms
from demo.big_board import FIRST_TITLE
from demo.huge.amounts import Amounts
from demo.huge.fill import run, value
from demo.texts import Writer
from forum import markup
from forum.search import vectors

_BEGIN = """
    CREATE SCHEMA seed_huge;
    CREATE TABLE seed_huge.begun (amounts jsonb, until timestamptz);
    CREATE TABLE seed_huge.done (step text PRIMARY KEY)
"""
LONGEST_BASE = 90  # characters of a title before the name of a place
_TABLES = """
    CREATE TABLE seed_huge.text (
        id int PRIMARY KEY, source text, html text, language text, search text, matters text,
        vector tsvector STORAGE PLAIN, terms tsvector STORAGE PLAIN
    );
    CREATE TABLE seed_huge.title (
        id int PRIMARY KEY, title text, slug text, folded text, search text, matters text,
        vector tsvector STORAGE PLAIN, terms tsvector STORAGE PLAIN
    );
    CREATE TABLE seed_huge.word (
        id int PRIMARY KEY, word text, body tsvector STORAGE PLAIN, heading tsvector STORAGE PLAIN,
        title_terms tsvector STORAGE PLAIN, opening_terms tsvector STORAGE PLAIN
    );
"""
_VECTORS = """
    UPDATE seed_huge.text SET vector = search::tsvector,
        terms = setweight(to_tsvector('bp', bp_spaced(source)), 'D');
    UPDATE seed_huge.title SET vector = search::tsvector, terms = setweight(to_tsvector('bp', bp_spaced(title)), 'A')
"""
# Four syllables, of which the number is made in the system of sixteen: "karatogul".
_WORDS = """
    INSERT INTO seed_huge.word
    SELECT id, word, format('%%s:1C %%s:1D', quote_literal(word), quote_literal('e~' || stem))::tsvector,
        format('%%s:1A %%s:1B', quote_literal(word), quote_literal('e~' || stem))::tsvector,
        setweight(to_tsvector('bp', word), 'A'), setweight(to_tsvector('bp', word), 'D')
    FROM (
        SELECT id, word, (ts_lexize('english_stem', word))[1] AS stem
        FROM (
            SELECT id, (
                SELECT string_agg(('{ka,ra,to,gul,shi,ben,mor,du,zan,tek,lo,vi,khor,ash,ty,uz}'::text[])[
                    1 + (((id::bigint * 40503) %% 65536) >> (4 * place)) %% 16], '' ORDER BY place)
                FROM generate_series(0, 3) AS place
            ) AS word
            FROM generate_series(1, %(words)s) AS id
        ) AS made
    ) AS stemmed
"""


@transaction.atomic
def begin(amounts: Amounts) -> tuple[Amounts, datetime]:
    """Make the schema. Returns the amounts and the last full hour, or those of a seed that was begun before."""
    if not is_begun():
        run(_BEGIN)
        hour = timezone.now().replace(minute=0, second=0, microsecond=0)
        begun = {"amounts": Jsonb(asdict(amounts)), "hour": hour}
        run("INSERT INTO seed_huge.begun VALUES (%(amounts)s, %(hour)s)", begun)
    kept = json.loads(value("SELECT amounts FROM seed_huge.begun"))
    return Amounts(**kept), value("SELECT until FROM seed_huge.begun")


def is_begun() -> bool:
    return bool(value("SELECT to_regnamespace('seed_huge') IS NOT NULL"))


def done() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT step FROM seed_huge.done")
        return {step for (step,) in cursor.fetchall()}


def note_done(step: str) -> None:
    run("INSERT INTO seed_huge.done (step) VALUES (%(step)s)", {"step": step})


def end() -> None:
    run("DROP SCHEMA seed_huge CASCADE")


def make_texts(amounts: Amounts) -> None:
    """Render the texts and titles; names of places are made and their stems looked up by PostgreSQL."""
    run(_TABLES)
    matters = matcher.current().matters
    _copy("text", ["id", "source", "html", "language", "search", "matters"], _texts(amounts.texts, matters))
    _copy("title", ["id", "title", "slug", "folded", "search", "matters"], _titles(amounts.titles, matters))
    run(_VECTORS)
    run(_WORDS, {"words": amounts.words})
    run("ANALYZE seed_huge.text, seed_huge.title, seed_huge.word")


def _texts(count: int, matters: Any) -> Iterable[Sequence]:
    for number, source in enumerate(Writer("texts").sources(count), start=1):
        words = vectors.body_vector(source)
        spoken_of = _as_array(terms.matters_of(source, matters))
        yield number, source, markup.to_html(source), words.language, words.search, spoken_of


def _titles(count: int, matters: Any) -> Iterable[Sequence]:
    """The first is that of the topic to which the index of the demo links."""
    writer = Writer("titles")
    for number in range(1, count + 1):
        title = FIRST_TITLE if number == 1 else writer.title()[:LONGEST_BASE].rstrip()
        spoken_of = _as_array(terms.matters_of(title, matters))
        yield number, title, slug_of(title), spelling.fold(title), vectors.title_vector(title), spoken_of


def _as_array(matters: Iterable[int]) -> str:
    return json.dumps(sorted(matters)).replace("[", "{").replace("]", "}")


def _copy(table: str, columns: Sequence[str], found: Iterable[Sequence]) -> None:
    rows = list(found)  # making them asks the database, on the same connection
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY seed_huge.{table} ({', '.join(columns)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)
