"""The passage of a post that a search shows, with what was found marked: by the same words as the search itself."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import lru_cache
from itertools import islice, pairwise

from django.db import connection

from accounts.text.split import Word, prepared, words_beginning, words_of
from forum import markup
from forum.models import Post
from forum.search import stems, vectors
from forum.search.query.tsquery import Asked, Marks, Unit, either

LENGTH = 260  # characters of a passage
BEFORE = 60  # of them before the first mark
LOOKED_AT_FIRST = 500  # words of each post; further ones where nothing was found among these
LOOKED_AT = 3_000
USUAL_LENGTH = 7  # letters of a word and a blank

type Span = tuple[int, int, tuple[str, ...]]  # start, end, and the words and names that were found there


class _Passage:
    """A text with its words, cut as far as one looked, and the places to mark. Of an ASCII text, of which only words
    that may be marked are cut, `beginnings` has their first two letters."""

    def __init__(self, plain: str, language: str, beginnings: Set[str]) -> None:
        self.plain = plain
        self.text = prepared(self.plain)
        self.language = language
        self.beginnings = beginnings
        self.seen = 0
        self.rest: Iterator[Word] = iter(()) if self.text.isascii() else words_of(self.text)
        self.words: list[Word] = []

    def look(self, count: int) -> None:
        """At some hundred words more."""
        if not self.text.isascii():
            self.words += islice(self.rest, count)
            return
        end = self.text.find(" ", self.seen + count * USUAL_LENGTH)
        end = len(self.text) if end < 0 else end
        self.words += words_beginning(self.text, self.beginnings, self.seen, end)
        self.seen = end


def mark(posts: Sequence[Post], asked: Asked, *, is_partial: bool = False) -> None:
    """Set `found_words` of each post, HTML by forum.markup, `found_beside` and, if hits need not have all words,
    `missing_words`. Two queries at most, for stems not kept in memory, and one where posts differ in what they have."""
    marks, labels = asked.marks, _labels(asked)
    phrases = [unit for unit in asked.units if unit.is_row]
    differ = is_partial or (phrases and len(asked.typed) + len(asked.others) > 1)
    standing = _standing(posts, asked) if differ else {}
    beginnings = _beginnings(marks)
    plain = [markup.words_of(post.html, markup.MAX_SOURCE_LENGTH * 2) for post in posts]
    passages = [_Passage(text, post.language, beginnings) for text, post in zip(plain, posts, strict=True)]
    spans = _look(passages, marks, LOOKED_AT_FIRST)
    unmarked = [place for place, found in enumerate(spans) if not found]
    further = _look([passages[place] for place in unmarked], marks, LOOKED_AT - LOOKED_AT_FIRST)
    for place, found in zip(unmarked, further, strict=True):
        spans[place] = found
    shown = [_shown(passage, found) for passage, found in zip(passages, spans, strict=True)]
    seen = [_labels_of(marked, labels) + _rows_in(marked, phrases) for _, marked in shown]
    # Titles are looked at where a passage does not show all words.
    typed = {unit.label for unit in asked.units}
    untold = [place for place, found in enumerate(seen) if not typed.issubset(found)]
    headings = [_Passage(posts[place].heading, posts[place].language, beginnings) for place in untold]
    titles = _look(headings, marks, LOOKED_AT_FIRST)
    in_titles = dict(zip(untold, titles, strict=True))
    everything = [unit.label for unit in phrases]
    for place, post in enumerate(posts):
        post.found_words = markup.with_marks(shown[place][0])
        there, is_named = standing.get(post.pk, (everything, False))
        everywhere = _labels_of([*in_titles.get(place, []), *spans[place]], labels)
        everywhere += [label for label in there if label not in everywhere]
        told = {word for label in everywhere if label in typed for word in label.lower().split()}
        beside = [label for label in everywhere if label not in seen[place]]
        post.found_beside = [label for label in beside if label in typed or told.isdisjoint(label.split())]
        post.missing_words = _missing(asked, everywhere, is_named=is_named) if is_partial else []


def _standing(posts: Sequence[Post], asked: Asked) -> dict[int, tuple[list[str], bool]]:
    """By post the labels of what was typed and stands in it, however far behind, and whether one of the names does."""
    units = asked.units
    names = either(branch.units[0].condition for branch in asked.others)
    conditions = [*(unit.condition for unit in units), *([names] if names else [])]
    columns = ", ".join(["search @@ %s::tsquery"] * len(conditions))
    with connection.cursor() as cursor:
        sql = f"SELECT id, ARRAY[{columns}]::boolean[] FROM forum_post WHERE id = ANY(%s)"  # noqa: S608
        cursor.execute(sql, [*conditions, [post.pk for post in posts]])
        return {
            pk: ([unit.label for unit, holds in zip(units, held, strict=False) if holds], bool(names) and held[-1])
            for pk, held in cursor.fetchall()
        }


def _missing(asked: Asked, everywhere: list[str], *, is_named: bool) -> list[str]:
    """What was typed and is not there; of a query with "or", of the branch that lacks least. Words of a place are
    there, where it goes by another of its names."""
    names = {" ".join(row) for row in asked.marks.names}
    beside = {unit.word or unit.label for branch in asked.others for unit in branch.units[1:]}
    is_named = is_named or not names.isdisjoint(everywhere)
    lacking: list[list[str]] = [
        [
            unit.label
            for unit in branch.units
            if unit.label not in everywhere and not (is_named and (unit.word or unit.label) not in beside)
        ]
        for branch in asked.typed
    ]
    nearest: list[str] = min(lacking, key=len, default=[])
    return list(dict.fromkeys(nearest))


def _labels(asked: Asked) -> dict[str, list[str]]:
    """By lexeme or name, as spans have them, what was typed for it; a name stands for itself. One word of a phrase is
    not yet the phrase."""
    found: dict[str, list[str]] = {" ".join(row): [" ".join(row)] for row in asked.marks.names}
    for unit in asked.units:
        for lexeme in unit.lexemes if not unit.is_row else ():
            found.setdefault(lexeme.removesuffix(":*").strip("'"), []).append(unit.label)
    return found


def _rows_in(spans: Iterable[Span], phrases: Iterable[Unit]) -> list[str]:
    """The labels of those phrases, and words with hyphens, of which all words are among what was found."""
    found = {lexeme for *_, lexemes in spans for lexeme in lexemes}
    return [unit.label for unit in phrases if len(found & _bare(unit)) >= unit.size]


def _bare(unit: Unit) -> set[str]:
    return {lexeme.removesuffix(":*").strip("'") for lexeme in unit.lexemes}


def _labels_of(spans: Iterable[Span], labels: dict[str, list[str]]) -> list[str]:
    return list(dict.fromkeys(label for *_, lexemes in spans for lexeme in lexemes for label in labels.get(lexeme, [])))


def _look(passages: list[_Passage], marks: Marks, count: int) -> list[list[Span]]:
    for passage in passages:
        passage.look(count)
    beginnings = _beginnings_of_stems(marks)
    asked = {
        (code, form)
        for passage in passages
        for word in passage.words
        if word.text[:2] in beginnings and (code := vectors.dictionary_of(word, passage.language))
        for form in (word.written, word.text)
    }
    known = stems.stems_of(asked) if asked else {}
    return [_merged(_spans(passage, marks, known)) for passage in passages]


def _beginnings_of_stems(marks: Marks) -> set[str]:
    """Two letters of each stem: a word that begins otherwise is no form of it, and is not looked up."""
    return {lexeme.partition("~")[2][:2] for lexeme in marks.lexemes if "~" in lexeme}


def _beginnings(marks: Marks) -> set[str]:
    """Two letters of whatever may be marked."""
    words = {word[:2] for name in marks.names for word in name}
    return words | {lexeme.rpartition("~")[2][:2] for lexeme in marks.lexemes}


def _spans(passage: _Passage, marks: Marks, known: dict[tuple[str, str], str]) -> Iterator[Span]:
    beginnings = _beginnings_of_stems(marks)
    for word in passage.words:
        lexeme = word.text if word.text in marks.lexemes else ""
        if not lexeme and word.text[:2] in beginnings:
            lexeme = _stem_of(word, passage.language, marks, known)
        if lexeme:
            yield word.start, word.end, (lexeme,)
        elif word.is_pair and marks.letters:
            for letter in marks.letters:
                if word.text.startswith(letter):
                    yield word.start, word.start + len(letter), (letter,)
    yield from _names(passage, marks)


def _stem_of(word: Word, language: str, marks: Marks, known: dict[tuple[str, str], str]) -> str:
    """The stem of the query that this word is a form of, or ""."""
    code = vectors.dictionary_of(word, language)
    for form in (word.written, word.text):
        stem = known.get((code, form))
        if stem and f"{code}~{stem}" in marks.lexemes:
            return f"{code}~{stem}"
    return ""


def _names(passage: _Passage, marks: Marks) -> Iterator[Span]:
    """Names that were not typed, where they stand as a whole."""
    first: dict[str, list[tuple[str, ...]]] = {}
    for name in marks.names:
        first.setdefault(name[0], []).append(name)
    plain = [word for word in passage.words if word.joined == 1] if first else []
    for place, word in enumerate(plain):
        for name in first.get(word.text, ()):
            row = plain[place : place + len(name)]
            if tuple(one.text for one in row) == name and _are_neighbours(row, passage.text):
                yield word.start, row[-1].end, (" ".join(name),)


def _are_neighbours(row: Sequence[Word], text: str) -> bool:
    """Whether no word of an ASCII text, of which only some were cut, stands between them."""
    return not (text.isascii() and any(_WORD.search(text, one.end, other.start) for one, other in pairwise(row)))


_WORD = re.compile("[0-9A-Za-z]")


def _merged(spans: Iterable[Span]) -> list[Span]:
    """In order, and those that touch or overlap as one."""
    found: list[Span] = []
    for start, end, lexemes in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]), found[-1][2] + lexemes)
        else:
            found.append((start, end, lexemes))
    return found


# --- What is shown ---


def _shown(passage: _Passage, spans: list[Span]) -> tuple[str, list[Span]]:
    """The part of the text with most of what was found, between \\x01 and \\x02, and what is marked in it."""
    text, spans = _as_written(passage, spans)
    start = _cut_at(text, max(0, _best(spans) - BEFORE), is_start=True)
    end = _cut_at(text, min(len(text), start + LENGTH), is_start=False)
    parts, place = [], start
    shown = [span for span in spans if span[0] >= start and span[1] <= end]
    for first, last, _ in shown:
        parts += [text[place:first], "\x01", text[first:last], "\x02"]
        place = last
    words = " ".join("".join([*parts, text[place:end]]).split())
    before, behind = "… " if text[:start].strip() else "", " …" if text[end:].strip() else ""
    return f"{before}{words}{behind}", shown


def _best(spans: list[Span]) -> int:
    """Where to begin: at the mark behind which most different words were found within the length of a passage."""
    most, begins = 0, 0
    for place, (start, _, _) in enumerate(spans):
        seen: set[str] = set()
        for first, _, lexemes in spans[place:]:
            if first - start > LENGTH - BEFORE - 40:
                break
            seen.update(lexemes)
        if len(seen) > most:
            most, begins = len(seen), start
    return begins


def _cut_at(text: str, place: int, *, is_start: bool) -> int:
    """A blank near to a place; the place itself where there is none, as in scripts without blanks."""
    if place in (0, len(text)):
        return place
    blank = text.find(" ", place, place + 30) if is_start else text.rfind(" ", max(0, place - 40), place)
    if blank >= 0:
        return blank
    while place < len(text) and unicodedata.category(text[place])[0] == "M":
        place += 1
    return place


def _as_written(passage: _Passage, spans: list[Span]) -> tuple[str, list[Span]]:
    """The places in the text as its author wrote it, which is normalised for searching, where they are known."""
    if passage.text == passage.plain:
        return passage.plain, spans
    forms = [_form(character) for character in passage.plain]
    if "".join(forms) != passage.text:
        return passage.text, spans
    origin = [place for place, form in enumerate(forms) for _ in form]
    return passage.plain, [(origin[start], origin[end - 1] + 1, lexemes) for start, end, lexemes in spans]


@lru_cache(maxsize=4_096)
def _form(character: str) -> str:
    return prepared(character)
