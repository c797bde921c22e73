"""A text taken apart once: its words, what it says of countries and towns, and what it speaks of."""

import re
from dataclasses import dataclass, field

from crossings.gazetteer import spelling
from crossings.gazetteer.context import Context, Kind
from crossings.gazetteer.name_index import KnownNames

MAX_LENGTH = 5_000  # characters that are looked at
MAX_WORDS = 800
LIKENED = 40  # words of the beginning among which somebody looks for misspelt names
LONGEST = 4  # words of a name that are looked up together
_CODE = re.compile(r"\b[A-Z]{2}\b")
_DASH = re.compile("[-\u2010-\u2015\u2190-\u21ff\u27f0-\u27ff\u2794\u279c>]")
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_FIRST_OF_FLAGS = 0x1F1E6
# "US citizen" says who one is, and not where one goes.
_OF_PERSONS = re.compile(r"(?:\b[A-Z]{2}|[\U0001f1e6-\U0001f1ff]{2})\s+(?=(?i:citizens?|passports?|nationals?)\b)")
_MISLEADING_CODES = {"IN", "AM", "ME", "AL", "GE", "LA", "BA", "MY", "TM", "MD"}


@dataclass
class Text:
    """Its words and, where a script has no spaces, all its letters; towns by the crossings that they belong to."""

    raw: str
    words: list[str]
    letters: str
    runs: list[tuple[range, str]]
    context: Context
    towns: dict[int, set[str]] = field(default_factory=dict)
    countries: set[str] = field(default_factory=set)
    place_starts: set[int] = field(default_factory=set)  # where countries and towns stand, by their first word
    in_countries: set[int] = field(default_factory=set)  # the words of names of countries

    def after_dashes(self) -> set[int]:
        """Which words stand after a dash or an arrow, as between two towns."""
        return {len(spelling.words(self.raw[: dash.start()])) for dash in _DASH.finditer(self.raw)}

    def speaks_of_borders(self, place: range) -> bool:
        return self.context.near(Kind.BORDER, place.start)

    def is_greeted(self, place: range) -> bool:
        """Whether it is somebody spoken to: "Hi Lars"; or a greeting is part of it."""
        return any(self.context.is_after(Kind.GREETING, first) for first in {place.start, place.start + len(place) - 1})

    def speaks_of_going(self, place: range) -> bool:
        """Whether a text that names a place says of the name here that somebody goes or crosses there."""
        return (
            self.context.near(Kind.GOING, place.start)
            or self.context.is_followed((Kind.TOWARD, Kind.THROUGH), self.place_starts - {place.start})
            or self.context.is_followed((Kind.THROUGH,), {place.start})
        )


def read_text(raw: str, known: KnownNames) -> Text:
    raw = raw[:MAX_LENGTH]
    words = spelling.words(raw)[:MAX_WORDS]
    letters = spelling.key(raw) if spelling.SPACELESS.search(raw) else ""
    text = Text(raw, words, letters, _runs(words), Context(words, letters))
    for place, run in text.runs:
        if run in known.place_keys or not run.isascii() or "isch" in run:
            _note(text, known, run, place)
    for run in spelling.SPACELESS.findall(letters):
        for length in range(2, 9):
            for first in range(len(run) - length + 1):
                _note(text, known, run[first : first + length])
    raw = _OF_PERSONS.sub("", raw)
    text.countries |= _codes(raw, known) | (_flags(raw) & known.country_titles.keys())
    return text


def _runs(words: list[str]) -> list[tuple[range, str]]:
    """Runs of words without the spaces, longest first."""
    return [
        (range(first, first + length), "".join(words[first : first + length]))
        for length in range(LONGEST, 0, -1)
        for first in range(len(words) - length + 1)
    ]


def _note(text: Text, known: KnownNames, run: str, place: range | None = None) -> None:
    """Note whether a run of words, or of letters without spaces, is a town or a country."""
    town, countries = known.town_called(run), known.countries_called(run)
    if not (town or countries):
        return
    if place and countries:  # "South Sudan" is not the Sudan
        countries = countries if text.in_countries.isdisjoint(place) else frozenset()
        text.in_countries.update(place)
    for pk in known.towns.get(town, ()):
        text.towns.setdefault(pk, set()).add(town)
    text.countries |= countries
    if place:
        text.place_starts.add(place.start)


def _codes(raw: str, known: KnownNames) -> set[str]:
    """ "KG to CN": codes in capitals of countries here, if there are two, because one alone may be anything."""
    codes = known.country_titles.keys() & set(_CODE.findall(raw))
    return codes if len(codes) > 1 or not codes & _MISLEADING_CODES else set()


def _flags(raw: str) -> set[str]:
    """A flag is two letters of its own that spell the country's code."""
    return {"".join(chr(ord(letter) - _FIRST_OF_FLAGS + ord("A")) for letter in flag) for flag in _FLAG.findall(raw)}
