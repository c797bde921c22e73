"""The words of a post as the column `search` stores them: a tsvector made here, and not by PostgreSQL's parser, which
takes "Kulma/Karasu" for a file and "closed.Then" for a host.

Each word stands in it as it is written, folded, and as "e~stem" with the stem of the text's language: in the title of
the topic with weights A and B, in the post itself with C and D. Writers of posts set all three columns by `columns`;
a post written past it gets the words of an older version by a trigger, until it is indexed
(migration `the_words_of_posts_are_given`).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from django.db import connection

from accounts.text.split import Word, prepared, words_of
from forum.search import stems
from forum.search.languages import language_of

INDEX_VERSION = 1
BODY_BEGINS = 256  # position of a post's first word; those of the title stand before
LAST_POSITION = 16_383  # PostgreSQL's
MOST_POSITIONS = 120  # of one word
MIXED_FROM = 300  # characters from which each paragraph may have a language of its own

_BY_LANGUAGE = {"en": "e", "de": "d", "fr": "f", "es": "s"}
# Languages in Latin letters whose words have no stem here. Of all others, Latin words are taken for English.
_WITHOUT_STEMS = set("az cs da fi hr hu id it nl no pl pt ro sk sl sv tk tr uz vi".split())  # noqa: SIM905
_PARAGRAPH_ENDS = re.compile(r"\n[^\S\n]*\n")


class Weights(NamedTuple):
    exact: str
    stem: str


TITLE, BODY = Weights("A", "B"), Weights("C", "D")


class Indexed(NamedTuple):
    """The text of a tsvector, and the language of the post (ISO 639; "" if unknown)."""

    search: str
    language: str


class _Text(NamedTuple):
    """A text taken apart: its words, each with the letter of its dictionary, or ""."""

    words: list[tuple[Word, str]]
    weights: Weights
    language: str


def columns(heading: str, source: str) -> dict:
    """The columns of a post with this title above it and this text, for an INSERT or UPDATE that sets its texts."""
    return columns_with(heading, body_vector(source))


def columns_with(heading: str, body: Indexed) -> dict:
    """The same with the `body_vector` of the text, which takes milliseconds to make: before rows are locked.

    The negative version tells the trigger that the words belong to the texts of this same statement.
    """
    search = f"{title_vector(heading)} {body.search}"
    return {"search": search, "language": body.language, "search_version": -INDEX_VERSION}


def indexed(texts: Iterable[tuple[str, str]]) -> list[Indexed]:
    """The same for many posts (title, source), in their order. One query for the stems not kept in memory."""
    taken = [(_taken_apart(heading, TITLE), _taken_apart(source, BODY)) for heading, source in texts]
    known = stems.stems_of(pair for both in taken for text in both for pair in _pairs(text))
    return [Indexed(f"{_vector(known, title)} {_vector(known, body)}", body.language) for title, body in taken]


@lru_cache(maxsize=1_024)
def title_vector(heading: str) -> str:
    """The text of a tsvector with the words of a title alone."""
    text = _taken_apart(heading, TITLE)
    return _vector(stems.stems_of(_pairs(text)), text)


def body_vector(source: str) -> Indexed:
    """The words of a post alone: with those of a title before them, parted by a blank, they are its tsvector."""
    text = _taken_apart(source, BODY)
    return Indexed(_vector(stems.stems_of(_pairs(text)), text), text.language)


def _taken_apart(text: str, weights: Weights) -> _Text:
    text = prepared(text)
    language, spoken_until = _languages_of(text)
    paragraphs = iter(spoken_until)
    found: list[tuple[Word, str]] = []
    end, latin = 0, ""
    for word in words_of(text):
        while word.start >= end:
            end, spoken = next(paragraphs)
            latin = _latin_dictionary(spoken)
        possible = stems.dictionaries_for(word.text)
        found.append((word, latin if possible == stems.LATIN else possible))
    return _Text(found, weights, language)


def _languages_of(text: str) -> tuple[str, list[tuple[int, str]]]:
    """The language of a text, and (end, language) of each paragraph; a short one has that of the whole text.

    Guessing is most of the time of indexing a post: the text is only guessed as a whole if no language has most of it.
    """
    if len(text) < MIXED_FROM:
        language = language_of(text)
        return language, [(len(text) + 1, language)]
    ends = [*(end.start() for end in _PARAGRAPH_ENDS.finditer(text)), len(text)]
    guesses = [language_of(text[start:end]) for start, end in pairwise((0, *ends))]
    letters: Counter[str] = Counter()
    for (start, end), guess in zip(pairwise((0, *ends)), guesses, strict=True):
        letters[guess] += end - start
    [(language, most)] = letters.most_common(1)
    if not language or 2 * most <= len(text):
        language = language_of(text)
    spoken = [(end, guess or language) for end, guess in zip(ends, guesses, strict=True)]
    return language, [*spoken, (len(text) + 1, language)]


def dictionary_of(word: Word, language: str) -> str:
    """The letter of the dictionary of a word in a text of this language, or ""."""
    possible = stems.dictionaries_for(word.text)
    return _latin_dictionary(language) if possible == stems.LATIN else possible


def _latin_dictionary(language: str) -> str:
    """The letter of the dictionary of Latin words in a text of this language, or ""."""
    return _BY_LANGUAGE.get(language) or ("" if language in _WITHOUT_STEMS else "e")


def _pairs(text: _Text) -> Iterator[tuple[str, str]]:
    """What to ask stems for: words as they are written, and folded, as others type them."""
    for word, code in text.words:
        if code:
            yield code, word.written
            if word.text is not word.written:
                yield code, word.text


def _vector(known: dict[tuple[str, str], str], text: _Text) -> str:
    """The words and their stems, of which stop words have none: they are asked for in phrases and compounds alone."""
    places: dict[str, list[str]] = defaultdict(list)
    first, last = (BODY_BEGINS, LAST_POSITION) if text.weights is BODY else (1, BODY_BEGINS - 1)
    exact, stemmed = text.weights
    for word, code in text.words:
        position = min(first + word.position, last)
        places[word.text].append(f"{position}{exact}")
        if code:
            stem, folded = known[code, word.written], known[code, word.text]
            if stem != stems.STOP:
                places[f"{code}~{stem}"].append(f"{position}{stemmed}")
            if folded not in {stem, stems.STOP}:
                places[f"{code}~{folded}"].append(f"{position}{stemmed}")
    return " ".join([f"'{lexeme}':{','.join(found[:MOST_POSITIONS])}" for lexeme, found in places.items()])


# --- A new title ---

# Words of the text stay as they are. Rows of an older version are left to the trigger.
_WITH_TITLE = """
    search = CASE WHEN post.search_version = {version}
        THEN ({title} || ' ' || ts_filter(post.search, '{{c,d}}')::text)::tsvector ELSE post.search END,
    search_version = CASE WHEN post.search_version = {version} THEN -{version} ELSE post.search_version END
"""


def with_title_sql(title: str) -> str:
    """The SET clauses of an UPDATE of `forum_post AS post` whose heading changes; `title` is SQL for title_vector."""
    return _WITH_TITLE.format(version=INDEX_VERSION, title=title)


def retitle(topic_id: int, heading: str) -> None:
    """Write a new title above every post of a topic, whose row the caller has locked."""
    sql = f"UPDATE forum_post AS post SET heading = %s, {with_title_sql('%s')} WHERE topic_id = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [heading, title_vector(heading), topic_id])
