"""The names of all crossings, ready to be found in a text: as they are written, without one letter, by their sound."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from crossings.gazetteer import spelling
from crossings.models import Country, Crossing, CrossingName, Matter

FUZZY_FROM = 5  # letters
SPACELESS = re.compile(f"[{spelling.SPACELESS}]+")


@dataclass(frozen=True, slots=True)
class Place:
    """A crossing as far as its names go. Of two that share a name, the one that is spelt in more ways counts."""

    pk: int
    names_count: int
    countries: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Name:
    """A name that may stand in a text, by its key, and the crossings that are called so."""

    key: str
    places: dict[int, bool]  # by the crossing's primary key: whether it needs context
    sound: str


class KnownNames:
    """All names of all crossings, made ready to be found. Nothing in it changes once it is built."""

    def __init__(
        self,
        crossings: Iterable[dict],
        country_words: dict[str, list[str]],
        matters: Mapping[str, Sequence[int]],
    ) -> None:
        """`crossings` have pk, slug, name, posts, names (text and whether it needs context), towns and countries.

        `country_words`: by country code, what it is called. `matters`: by word, the primary keys of the matters.
        """
        rows = list(crossings)
        self.matters = matters
        self.places: dict[int, Place] = {}
        self.exact: dict[str, Name] = {}
        self.spellings: dict[int, list[str]] = {}
        self.spaceless: dict[str, list[Name]] = {}
        self.near: dict[str, list[Name]] = {}
        self.by_sound: dict[str, list[Name]] = {}
        self.towns: dict[str, set[int]] = {}
        self.countries: dict[str, set[str]] = {}
        towns = spelling.towns_of((row["name"], row["towns"], [text for text, _ in row["names"]]) for row in rows)
        for row in rows:
            self._add(row, towns)
        for name in self.exact.values():
            self._make_findable(name)
        for code, found in country_words.items():
            for key in map(spelling.key, found):
                if key not in self.exact:
                    self.countries.setdefault(key, set()).add(code)

    def _add(self, row: dict, towns: dict[str, set[str]]) -> None:
        pk = row["pk"]
        self.places[pk] = Place(pk, len(row["names"]), row["countries"])
        for text, needs_context in row["names"]:
            self._add_name(pk, text, needs_context or bool(spelling.why_refused(text, row["name"], towns)))
        # What one may call it besides: one of its two posts, its address, or a name without the word "Pass" behind it.
        typed = [text for text, _ in row["names"]]
        called = [row["name"], *row["posts"], row["slug"].replace("-", " ")]
        shorter = [part for text in called for part in spelling.parts(text)]
        shorter += [bare for text in [*typed, *shorter] if (bare := spelling.without_kind(text))]
        for text in shorter:
            if key := spelling.key(text):
                known = self.exact.get(key)
                if known is None or pk not in known.places:
                    refused = bool(spelling.why_refused(text, row["name"], towns))
                    is_town = key in towns and key not in {spelling.key(part) for part in spelling.parts(row["name"])}
                    self._add_name(pk, text, refused or is_town)
        for town in row["towns"]:
            for written in [*spelling.parts(town), *spelling.in_brackets(town)]:
                self.towns.setdefault(spelling.key(written), set()).add(pk)

    def _add_name(self, pk: int, text: str, needs_context: bool) -> None:
        key = spelling.key(text)
        if len(key) < 2:
            return
        name = self.exact.setdefault(key, Name(key, {}, spelling.sound(key) if key.isascii() else ""))
        name.places[pk] = needs_context and name.places.get(pk, True)
        self.spellings.setdefault(pk, []).append(text)

    def _make_findable(self, name: Name) -> None:
        if SPACELESS.match(name.key):
            self.spaceless.setdefault(name.key[:2], []).append(name)
            self.spaceless[name.key[:2]].sort(key=lambda other: -len(other.key))
        elif len(name.key) >= FUZZY_FROM:
            for form in shortened(name.key):
                self.near.setdefault(form, []).append(name)
            if name.sound:
                self.by_sound.setdefault(name.sound, []).append(name)

    def nearest(self, word: str) -> tuple[float, list[Name]] | None:
        """The names most like a word, and how like they are, if they are like enough."""
        heard = spelling.sound(word) if word.isascii() else ""
        likeness: dict[str, float] = {}
        for name in self._candidates(word, heard):
            if name.key not in likeness:
                likeness[name.key] = _likeness(word, heard, name)
        best = max(likeness.values(), default=0.0)
        if best < 0.72:
            return None
        return min(best, 1.0), [self.exact[key] for key, like in likeness.items() if like >= best - 0.02]

    def _candidates(self, word: str, heard: str) -> Iterator[Name]:
        for form in shortened(word):
            yield from self.near.get(form, ())
        if not word.isascii():  # endings of cases: "Торугартом"
            yield from self.near.get(word[:-2], ())
        if len(heard) >= 3:
            yield from self.by_sound.get(heard, ())


def shortened(word: str) -> set[str]:
    """The word, and the word without each one of its letters: two that are alike have one of these in common."""
    return {word} | {word[:place] + word[place + 1 :] for place in range(len(word))}


def _likeness(word: str, heard: str, name: Name) -> float:
    """From 0 to a little over 1. One mistake in short words, two in long ones, or another spelling of one sound."""
    alike = len(heard) >= 3 and heard == name.sound
    if word[0] != name.key[0] and heard[:1] != name.sound[:1]:
        return 0.0
    most = 1 if len(word) <= 6 else 2
    if abs(len(word) - len(name.key)) > most:
        return 0.0
    mistakes = OSA.distance(word, name.key, score_cutoff=most)
    if mistakes > most:
        return 0.75 if alike else 0.0
    like = 1 - mistakes / max(len(word), len(name.key)) + 0.1 * alike
    return like - 0.08 if mistakes == 2 and not alike and len(word) < 9 else like


def read_crossings() -> Iterator[dict]:
    """Crossings as KnownNames wants them."""
    typed: dict[int, list[tuple[str, bool]]] = {}
    for crossing_id, text, needs_context in CrossingName.objects.values_list("crossing_id", "text", "needs_context"):
        typed.setdefault(crossing_id, []).append((text, needs_context))
    crossings = Crossing.objects.values_list(
        "pk", "slug", "name", "post_a", "post_b", "towns", "country_a_id", "country_b_id"
    )
    for pk, slug, name, post_a, post_b, towns, country_a, country_b in crossings.order_by("pk"):
        yield {
            "pk": pk, "slug": slug, "name": name, "posts": [post_a, post_b], "towns": towns,
            "countries": (country_a, country_b), "names": typed.get(pk, []) or [(name, False)],
        }  # fmt: skip


def read_countries() -> dict[str, list[str]]:
    """What each country is called."""
    called = dict(Country.objects.values_list("code", "name"))
    return {code: [name, *spelling.country_words().get(code, [])] for code, name in called.items()}


def read_matters() -> dict[str, list[int]]:
    """The primary keys of the matters that each word speaks of, by spelling.key of the word."""
    found: dict[str, list[int]] = {}
    for pk, words in Matter.objects.values_list("pk", "words"):
        for word in words.split():
            found.setdefault(spelling.key(word), []).append(pk)
    return found
