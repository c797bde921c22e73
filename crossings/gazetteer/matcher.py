"""Which crossing is a text about: by any spelling, in any script, with mistakes.

First the names as they are written, longest first; if that says little, words that look or sound like a name; countries
and towns beside them decide between crossings of one name, and two towns of one crossing say it all alone. The names
are kept in the memory of each process, and read again when a number in the database says that they have changed
(migration 0003): one small statement a question.
"""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from crossings.gazetteer import spelling
from crossings.gazetteer.name_index import (
    FUZZY_FROM,
    SPACELESS,
    KnownNames,
    Name,
    read_countries,
    read_crossings,
    read_matters,
)
from crossings.models import Crossing
from pagecache.prepared import MARK, run, statement

MAX_LENGTH = 400  # characters that are looked at
MAX_WORDS = 40
LONGEST = 4  # words of a name that are looked up together
IN_CONTEXT = 0.7  # what a name counts that may also be something else, beside a word of borders alone
SURE = 0.9  # nobody looks for misspelt names beside one so sure
ENOUGH = 0.4
FROM_TOWNS = 0.6

# Beside these a name counts that may also be something else.
_BORDER_WORDS = """
    border borders crossing crossings customs pass visa visas evisa checkpoint frontier immigration douane
    граница границе границу погранпереход таможня виза перевал кпп 口岸 海关 签证
"""
_OF_BORDERS = frozenset(_BORDER_WORDS.split())
# Too common to be part of a misspelt name.
_STOP_WORDS = """
    the a an of in at on to from by with and or for is are was were be been has have had do does did can could will
    would not no we i my our me you it its this that there their they what which who how when where if as so than then
    via near into out up down over now new old one two three
"""
_STOP = frozenset(_STOP_WORDS.split())
_CODE = re.compile(r"\b[A-Z]{2}\b")
_MISLEADING_CODES = {"IN", "AM", "ME", "AL", "GE", "LA", "BA", "MY", "TM", "MD"}
_FIRST_SENTENCES = re.compile(r"(?<=[.!?。])\s+")


@dataclass
class Scores:
    """What speaks for each crossing, which words of the text are spoken for, and by which names."""

    by_place: dict[int, float] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    has_name_of_its_own: bool = False  # one that needs no context

    @property
    def best(self) -> float:
        return max(self.by_place.values(), default=0.0)

    def add(self, pk: int, score: float, words: range = range(0)) -> None:
        self.by_place[pk] = self.by_place.get(pk, 0.0) + score
        self.used.update(words)


@dataclass
class Text:
    """A text taken apart once: its words, its letters without spaces, and what it says of countries and towns."""

    raw: str
    words: list[str]
    letters: str
    towns: dict[int, set[str]] = field(default_factory=dict)
    countries: set[str] = field(default_factory=set)
    speaks_of_borders: bool = False

    def runs(self, longest: int = LONGEST) -> Iterator[tuple[range, str]]:
        """Runs of words without the spaces, longest first."""
        for length in range(longest, 0, -1):
            for first in range(len(self.words) - length + 1):
                yield range(first, first + length), "".join(self.words[first : first + length])


def match(text: str) -> Crossing | None:
    """The crossing that a text is about, with its countries; None if it is about none, or one cannot tell."""
    pk = find(text)
    return None if pk is None else _crossing(pk)


def find(title: str, body: str = "") -> int | None:
    """The primary key of the crossing that a title, else the first sentence below it, is about; None if of none."""
    known = current()
    return known.best(title) or (known.best(first_sentence(body)) if body else None)


def find_all(title: str, body: str = "") -> list[int]:
    """The crossings that a title names beyond doubt, the first the one that it is about."""
    about = find(title, body)
    if about is None:
        return []
    return list(dict.fromkeys([about, *current().named(title)]))


def first_sentence(text: str) -> str:
    return _FIRST_SENTENCES.split(text.strip(), maxsplit=1)[0][:MAX_LENGTH]


def _crossing(pk: int) -> Crossing | None:
    rows = statement("a crossing", lambda: Crossing.objects.filter(pk=MARK).values_list(*_FIELDS)).rows(pk)
    return Crossing.from_db("default", _FIELDS, rows[0]) if rows else None


# Without `cells`, which is large and deferred: reading it costs a query of its own.
_FIELDS = [field.attname for field in Crossing._meta.concrete_fields if field.name != "cells"]


# --- The names, kept in this process ---


class Gazetteer(KnownNames):
    """Says which crossings a text names."""

    def best(self, text: str) -> int | None:
        """The crossing that most speaks for, if anything speaks for it alone."""
        scores = self.scores(text)
        ranked = sorted(
            scores.items(), key=lambda item: (-round(item[1], 3), -self.places[item[0]].names_count, item[0])
        )
        if not ranked or ranked[0][1] < ENOUGH:
            return None
        if len(ranked) > 1 and self._are_level(ranked[0], ranked[1]):
            return None
        return ranked[0][0]

    def _are_level(self, first: tuple[int, float], second: tuple[int, float]) -> bool:
        same = round(first[1], 3) == round(second[1], 3)
        return same and self.places[first[0]].names_count == self.places[second[0]].names_count

    def named(self, text: str) -> list[int]:
        """The crossings that are named in it as they are written, and by names that mean no other."""
        read = self._read(text)
        scores = self._exact(read)
        return [pk for pk, score in sorted(scores.by_place.items(), key=lambda item: -item[1]) if score >= 0.65]

    def called(self, text: str) -> list[int]:
        """The crossings that are called just so, those spelt in most ways first, be it an everyday word as well."""
        name = self.exact.get(spelling.key(text))
        return sorted(name.places, key=lambda pk: (-self.places[pk].names_count, pk)) if name else []

    def words_beside(self, text: str) -> list[str]:
        """The words of a text that are no part of the names in it."""
        read = self._read(text)
        scores = self._names_in(read)
        return [
            word
            for place, word in enumerate(read.words)
            if place not in scores.used and not any(key in word for key in scores.keys if not key.isascii())
        ]

    def scores(self, text: str) -> dict[int, float]:
        """What speaks for each crossing that a text may be about."""
        read = self._read(text)
        scores = self._names_in(read)
        if not scores.has_name_of_its_own:
            self._add_towns(read, scores)
        for pk in scores.by_place:
            beside = read.towns.get(pk, set()) - scores.keys
            scores.by_place[pk] += 0.15 * len(beside) + 0.1 * self._countries_of(read, pk)
        return scores.by_place

    def _names_in(self, read: Text) -> Scores:
        """Names as they are written; if none is sure, also as somebody heard or mistyped them."""
        scores = self._exact(read)
        self._find_in_spaceless(read, scores)
        if scores.best < SURE:
            self._find_misspelt(read, scores)
        return scores

    def _countries_of(self, read: Text, pk: int) -> int:
        return sum(code in read.countries for code in self.places[pk].countries)

    def _read(self, text: str) -> Text:
        raw = text[:MAX_LENGTH]
        found = spelling.words(raw)[:MAX_WORDS]
        read = Text(raw, found, spelling.key(raw) if SPACELESS.search(raw) else "")
        for _, letters in read.runs():
            for pk in self.towns.get(letters, ()):
                read.towns.setdefault(pk, set()).add(letters)
            read.countries |= self.countries.get(letters, set())
        read.countries |= self._codes(raw)
        for run_ in SPACELESS.findall(read.letters):
            for length in (2, 3, 4, 5, 6, 7, 8):
                for first in range(len(run_) - length + 1):
                    read.countries |= self.countries.get(run_[first : first + length], set())
        read.speaks_of_borders = not _OF_BORDERS.isdisjoint(found) or "口岸" in read.letters
        return read

    def _codes(self, raw: str) -> set[str]:
        """ "KG to CN": codes in capitals, if there are two, because one alone may be anything."""
        codes = set(_CODE.findall(raw))
        return codes if len(codes) > 1 or not codes & _MISLEADING_CODES else set()

    # --- Names as they are written ---

    def _exact(self, read: Text) -> Scores:
        scores = Scores()
        for place, letters in read.runs():
            if not scores.used.isdisjoint(place):
                continue
            name = self.exact.get(letters)
            if name and not (len(place) == 1 and letters in _STOP):
                self._count(read, scores, name, place, 1.0)
        return scores

    def _count(self, read: Text, scores: Scores, name: Name, place: range, worth: float) -> None:
        """A name counts for all crossings called so; more, the earlier it stands."""
        means = [pk for pk, in_need in name.places.items() if not in_need or self._has_context(read, pk, name)]
        for pk in means:
            share = IN_CONTEXT if name.places[pk] and not self._has_place(read, pk, name) else 1.0
            scores.add(pk, share * worth * _by_place(place.start) / len(means) ** 0.5, place)
            scores.has_name_of_its_own |= not name.places[pk]
        if means:
            scores.keys.add(name.key)

    def _has_context(self, read: Text, pk: int, name: Name) -> bool:
        return read.speaks_of_borders or self._has_place(read, pk, name)

    def _has_place(self, read: Text, pk: int, name: Name) -> bool:
        """Whether the text also names a country or another town of the crossing."""
        return bool(self._countries_of(read, pk) or read.towns.get(pk, set()) - {name.key})

    def _find_in_spaceless(self, read: Text, scores: Scores) -> None:
        letters = read.letters
        at = 0
        while at < len(letters) - 1:
            found = next(
                (name for name in self.spaceless.get(letters[at : at + 2], ()) if letters.startswith(name.key, at)),
                None,
            )
            if found is not None:
                self._count(read, scores, found, range(0), 1.0 - at / 1000)
                at += len(found.key) - 1
            at += 1

    # --- Names as somebody heard or mistyped them ---

    def _find_misspelt(self, read: Text, scores: Scores) -> None:
        for place, letters in read.runs(2):
            if not scores.used.isdisjoint(place) or not self._may_be_misspelt(
                read.words[place.start : place.stop], letters
            ):
                continue
            nearest = self.nearest(letters)
            if nearest is None and not letters.isascii():
                nearest = self._in_latin(spelling.in_latin(letters))
            if nearest:
                likeness, found = nearest
                for name in found:
                    self._count(read, scores, name, place, 0.8 * likeness)

    def _may_be_misspelt(self, found: list[str], letters: str) -> bool:
        if len(letters) < FUZZY_FROM:
            return False
        if len(found) == 1:
            return not (letters in spelling.ordinary_words() or self._is_known(letters))
        if any(word in _STOP or word in self.countries for word in found):
            return False
        return not all(word in spelling.ordinary_words() or self._is_known(word) for word in found)

    def _is_known(self, word: str) -> bool:
        return word in _STOP or word in self.towns or word in self.countries or spelling.is_inflected(word)

    def _in_latin(self, letters: str) -> tuple[float, list[Name]] | None:
        """A name written in Cyrillic that is known in Latin letters only."""
        if not letters.isascii():
            return None
        name = self.exact.get(letters)
        return (1.0, [name]) if name else self.nearest(letters)

    # --- Towns alone ---

    def _add_towns(self, read: Text, scores: Scores) -> None:
        """Two towns of one crossing say it, if no other crossing has as many of them."""
        sides = {
            pk: len(towns) + 0.3 * self._countries_of(read, pk) for pk, towns in read.towns.items() if len(towns) > 1
        }
        most = max(sides.values(), default=0.0)
        for pk, count in sides.items():
            if count == most:
                scores.add(pk, FROM_TOWNS)


def _by_place(first: int) -> float:
    return 1.0 - 0.04 * min(first, 8)


# --- Kept until the names change ---


def current() -> Gazetteer:
    """The names as they are now. A number that never comes twice says whether those in memory still are."""
    version = _version()
    kept = _kept
    if kept is not None and kept[0] == version:
        return kept[1]
    with _lock:
        return _build(version)


def _build(version: int | None) -> Gazetteer:
    global _kept
    if _kept is None or _kept[0] != version or version is None:
        _kept = (version, Gazetteer(read_crossings(), read_countries(), read_matters()))
    return _kept[1]


def _version() -> int | None:
    rows = run("SELECT version FROM crossings_namesversion", reads=Crossing)
    return rows[0][0] if rows else None


_kept: tuple[int | None, Gazetteer] | None = None
_lock = threading.Lock()
