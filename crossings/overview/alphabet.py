"""The names of crossings in the order of the alphabet, and a strip of letters that lead into such a list."""

import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from crossings.models import Crossing

NAMES_KEPT = 4_096  # a list orders the names of all crossings
OTHER = "#"  # names that begin with a number, a sign or a letter of another script


class Letter(NamedTuple):
    """A letter of the strip; without an address if no name begins with it."""

    name: str
    url: str

    @property
    def anchor(self) -> str:
        return _anchor(self.name)


@lru_cache(NAMES_KEPT)
def letter_of(name: str) -> str:
    """The capital from A to Z under which a name stands, accents apart, or OTHER."""
    first = unicodedata.normalize("NFKD", name.strip())[:1].upper()
    return first if "A" <= first <= "Z" else OTHER


def in_order(named: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    """Primary keys with names, by letter, then as one reads them: without capitals and accents. Others come last."""
    return sorted(named, key=lambda row: (*_sort_key(row[1]), row[0]))


def letters(names: list[tuple[int, str]], url_of_page: Callable[[int], str], size: int) -> list[Letter]:
    """Of names in this order, `size` a page: where each letter begins."""
    first: dict[str, int] = {}
    for place, (_, name) in enumerate(names):
        first.setdefault(letter_of(name), place)
    shown = [chr(code) for code in range(ord("A"), ord("Z") + 1)] + ([OTHER] if OTHER in first else [])
    return [
        Letter(one, f"{url_of_page(first[one] // size + 1)}#{_anchor(one)}" if one in first else "") for one in shown
    ]


def with_anchors(crossings: list[Crossing]) -> list[Crossing]:
    """Sets `anchor` on the first of each letter on a page, to which the strip leads."""
    seen: set[str] = set()
    for crossing in crossings:
        letter = letter_of(crossing.name)
        crossing.anchor = "" if letter in seen else _anchor(letter)
        seen.add(letter)
    return crossings


@lru_cache(NAMES_KEPT)
def _sort_key(name: str) -> tuple[bool, str, str]:
    spaced = unicodedata.normalize("NFKD", name.strip()).casefold()
    plain = "".join(sign for sign in spaced if not unicodedata.combining(sign))
    return letter_of(name) == OTHER, plain, name


def _anchor(letter: str) -> str:
    return f"letter-{letter.lower() if letter != OTHER else 'other'}"
