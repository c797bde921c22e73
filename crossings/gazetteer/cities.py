"""Cities of the countries that have crossings, and where they lie (data/cities.csv): how a journey goes between two."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from crossings.distances import Point, kilometres
from crossings.gazetteer import spelling
from crossings.gazetteer.named_places import Place

OF_CROSSING = 600  # km within which the towns of a crossing lie


@dataclass(frozen=True, slots=True)
class City:
    """A place from which one starts or at which one arrives: the countries in which it may be, and where."""

    countries: frozenset[str]
    point: Point


@cache
def cities() -> dict[str, tuple[City, ...]]:
    """By the key of each name; several cities may be called so. Read when a text first asks for one."""
    found: dict[str, list[City]] = {}
    with (spelling.FOLDER / "cities.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            city = City(frozenset([row["country"]]), (float(row["latitude"]), float(row["longitude"])))
            for key in _keys([row["name"], *filter(None, row["words"].split("|"))]):
                found.setdefault(key, []).append(city)
    return {key: tuple(called) for key, called in found.items()}


def _keys(names: Iterable[str]) -> set[str]:
    """`spelling.key` of each, without filling its cache with thirty thousand."""
    return {"".join(spelling.words(name)) for name in names} - {""}


def sides(key: str, place: Place) -> frozenset[str]:
    """In which of the two countries of a crossing a town of it lies, as far as one knows."""
    both = frozenset(place.countries)
    near = [
        city.countries & both
        for city in cities().get(key, ())
        if place.point and kilometres(city.point, place.point) < OF_CROSSING
    ]
    return frozenset().union(*near) or both


def begins_city(words: Sequence[str], place: range) -> bool:
    """Whether a run of words with the next one is a city: the "Chiang" of "Chiang Mai"."""
    return "".join(words[place.start : place.stop + 1]) in cities()
