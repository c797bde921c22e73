"""What words beside a name say: of borders, of going there, of land or air (data/context_words.csv)."""

import csv
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import cache

from crossings.gazetteer import spelling

NEAR = 10  # words: what stands farther off speaks of something else

# Too common to be part of a misspelt name.
_STOP_WORDS = """
    the a an of in at on to from by with and or for is are was were be been has have had do does did can could will
    would not no we i my our me you it its this that there their they what which who how when where if as so than then
    via near into out up down over now new old one two three
    nach oder aber nicht eine einen einer sind wird kann mein auch noch wenn dann schon ohne beim hier dort viel
    dans avec pour quel quelle sans plus chez vers entre cette comment combien
    para como pero esta este esto donde cuanto sobre hasta desde sin con hay por las los una sur
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


class Kind(StrEnum):
    BORDER = "border"
    GOING = "going"
    TOWARD = "toward"  # speaks of going only before a place: "to Montenegro"
    THROUGH = "through"  # the same, and before the name itself: "over Hum"
    LAND = "land"
    RAIL = "rail"
    WATER = "water"
    AIR = "air"
    STAY = "stay"
    GREETING = "greeting"  # who comes after it is spoken to


# Two words that mean something else together: "border collie".
_OTHERWISE = {
    ("border", "collie"), ("border", "collies"), ("border", "terrier"), ("boarding", "pass"), ("interrail", "pass"),
    ("visa", "card"), ("visa", "cards"), ("visa", "debit"), ("port", "wine"), ("pass", "time"), ("pass", "through"),
    ("train", "for"), ("train", "station"),
}  # fmt: skip


@cache
def words() -> dict[str, frozenset[Kind]]:
    """What each word speaks of, by its folded form."""
    found: dict[str, set[Kind]] = {}
    with (spelling.FOLDER / "context_words.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for word in row["words"].split():
                found.setdefault(spelling.key(word), set()).add(Kind(row["kind"]))
    return {word: frozenset(kinds) for word, kinds in found.items()}


@cache
def spaceless_words() -> dict[str, frozenset[Kind]]:
    """Those in scripts without spaces, which may stand anywhere."""
    return {word: kinds for word, kinds in words().items() if spelling.SPACELESS.fullmatch(word)}


class Context:
    """Where a text speaks of what: places of words, from 0. In scripts without spaces it holds for the whole text."""

    def __init__(self, text: Sequence[str], letters: str) -> None:
        known = words()
        self.places: dict[Kind, list[int]] = {}
        for place, word in enumerate(text):
            for kind in known.get(word, ()):
                if not _means_otherwise(text, place):
                    self.places.setdefault(kind, []).append(place)
        self.anywhere = {
            kind for word, kinds in (spaceless_words().items() if letters else ()) if word in letters for kind in kinds
        }

    def has(self, *kinds: Kind) -> bool:
        return any(kind in self.anywhere or kind in self.places for kind in kinds)

    def near(self, kind: Kind, first: int, *, before: int = NEAR, after: int = NEAR) -> bool:
        """Whether a word of the kind stands near the word at `first`, at most so many words before or after it."""
        if kind in self.anywhere:
            return True
        found = self.places.get(kind, ())
        next_ = bisect_left(found, first - before)
        return next_ < len(found) and found[next_] <= first + after

    def is_after(self, kind: Kind, first: int) -> bool:
        """Whether a word of the kind stands right before the word at `first`."""
        return first - 1 in self.places.get(kind, ())

    def is_followed(self, kinds: Iterable[Kind], starts: set[int]) -> bool:
        """Whether a word of these kinds stands right before one of the places `starts`, an article between them."""
        return any(place + 1 in starts or place + 2 in starts for kind in kinds for place in self.places.get(kind, ()))


def _means_otherwise(text: Sequence[str], place: int) -> bool:
    return tuple(text[place : place + 2]) in _OTHERWISE or (
        place > 0 and tuple(text[place - 1 : place + 1]) in _OTHERWISE
    )
