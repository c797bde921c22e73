"""Which piece of the world a map shows: of a crossing, of a country, of a region."""

import math
from collections.abc import Iterable
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from crossings.distances import EARTH_RADIUS_KM
from crossings.maps.atlas import WINDOW
from crossings.maps.places import MARK
from crossings.maps.projection import Box, Extent, Lambert, Point

ROUND_A_CROSSING_KM = 400
IN_DENSE_LANDS_KM = 250
# Caucasus, Balkans, Punjab, and the lands of the Mekong.
DENSE = [Box(40, 38.5, 50, 43.5), Box(13, 35, 30, 48), Box(72, 29, 77, 34), Box(97, 8, 110, 23)]
NARROWEST_KM, WIDEST_KM, MOST_MAPS = 400, 2_600, 3
# How much more than its crossings the map of a country shows.
_AIR = 1.35
_KM_PER_DEGREE = math.radians(EARTH_RADIUS_KM)
_TALL = (780, 560)
# In degrees, how far a map is moved at a time until it lies where we know the world.
_STEP = 0.25


class Region(NamedTuple):
    """A part of the world as travellers speak of it: the crossings in its boxes, and the maps that show them."""

    slug: str
    name: str
    boxes: list[Box]
    extents: list[Extent]

    @property
    def in_a_sentence(self) -> str:
        """ "Crossings in the Balkans", but "in Central Asia"."""
        return f"the {self.name}" if self.slug in _WITH_ARTICLE else self.name

    def holds(self, longitude: float, latitude: float) -> bool:
        return any(box.holds(longitude, latitude) for box in self.boxes)


_WITH_ARTICLE = {"kazakh-steppe", "caucasus", "balkans", "middle-east"}
# No two of them share a crossing. Where many lie close together, a second map shows those lands larger.
REGIONS = [
    Region("central-asia", "Central Asia", [Box(52, 35.05, 83.5, 46.39)], [
        Extent(67.5, 40.6, 2650, *_TALL), Extent(70.4, 40.6, 650, *_TALL),
    ]),
    Region("kazakh-steppe", "Kazakh steppe and Siberia", [Box(46, 46.4, 88, 58)], [Extent(66.5, 49, 2900, *_TALL)]),
    Region("caucasus", "Caucasus", [Box(40, 38.5, 50, 44)], [Extent(44.8, 41.1, 850, *_TALL)]),
    Region("balkans", "Balkans", [Box(13, 35, 30, 52)], [
        Extent(25, 44.4, 1800, *_TALL), Extent(21.5, 42.2, 800, *_TALL),
    ]),
    Region("middle-east", "Middle East", [Box(30, 24.5, 51.99, 38.49), Box(52, 24.5, 61.99, 35.04)], [
        Extent(48, 32.6, 3000, *_TALL),
    ]),
    Region("south-asia", "South Asia", [Box(62, 20, 92.6, 35.04)], [Extent(78, 28.6, 2900, *_TALL)]),
    Region("south-east-asia", "South-East Asia", [Box(92.61, -2, 112, 26)], [
        Extent(99.8, 12.8, 3700, *_TALL), Extent(104.6, 15.4, 1500, *_TALL),
    ]),
    Region("north-east-asia", "Mongolia and the Far East", [Box(88.01, 35.1, 137, 58.5)], [
        Extent(110, 43, 3600, *_TALL),
    ]),
]  # fmt: skip
BY_SLUG = {region.slug: region for region in REGIONS}


def round_crossing(longitude: float, latitude: float) -> Extent:
    is_dense = any(land.holds(longitude, latitude) for land in DENSE)
    return Extent(longitude, latitude, IN_DENSE_LANDS_KM if is_dense else ROUND_A_CROSSING_KM)


def round_all(points: Iterable[Point]) -> list[Extent]:
    """The maps that show all these places, from the west: several where one would be too wide to tell them apart."""
    parts = [list(points)]
    while len(parts) < MOST_MAPS and _km_of(wide := max(parts, key=_km_of)) > WIDEST_KM:
        parts.remove(wide)
        parts += _parted(wide)
    return sorted(_extent_of(part) for part in parts if part)


def bounds_of(extent: Extent) -> Box:
    return Lambert(extent).bounds


def _km_of(points: list[Point]) -> float:
    """How wide a map of these places must be, without air."""
    if len(points) < 2:
        return 0
    box = Box.around(points)
    narrower = math.cos(math.radians((box.low + box.high) / 2))
    across, up = (box.right - box.left) * narrower * _KM_PER_DEGREE, (box.high - box.low) * _KM_PER_DEGREE
    return max(across, up * _TALL[0] / _TALL[1])


def _parted(points: list[Point]) -> list[list[Point]]:
    """In two, where the widest gap lies between them, seen from the south or from the west."""
    _, axis, number = max(
        (_gap(one, other, axis), axis, number)
        for axis in (0, 1)
        for number, (one, other) in enumerate(pairwise(sorted(points, key=itemgetter(axis))), 1)
    )
    ordered = sorted(points, key=itemgetter(axis))
    return [ordered[:number], ordered[number:]]


def _gap(one: Point, other: Point, axis: int) -> float:
    apart = other[axis] - one[axis]
    return apart if axis else apart * math.cos(math.radians((one[1] + other[1]) / 2))


def _extent_of(points: list[Point]) -> Extent:
    box = Box.around(points)
    km = max(NARROWEST_KM, math.ceil(_km_of(points) * _AIR / 50) * 50)
    middle = Extent(round((box.left + box.right) / 2, 2), round((box.low + box.high) / 2, 2), km, *_TALL)
    return _within_window(middle, points)


def _within_window(extent: Extent, points: list[Point]) -> Extent:
    """Moved until it shows nothing but the world that we know, as far as its places stay on it."""
    while (moved := _moved(extent)) != extent and all(_is_on(moved, *point) for point in points):
        extent = moved
    return extent


def _moved(extent: Extent) -> Extent:
    """One step towards the middle of the window, from any side of it over which the map reaches."""
    seen = bounds_of(extent)
    east = (seen.left < WINDOW.left) - (seen.right > WINDOW.right)
    north = (seen.low < WINDOW.low) - (seen.high > WINDOW.high)
    return extent._replace(longitude=extent.longitude + east * _STEP, latitude=extent.latitude + north * _STEP)


def _is_on(extent: Extent, longitude: float, latitude: float) -> bool:
    x, y = Lambert(extent).to_pixels(longitude, latitude)
    return 2 * MARK <= x <= extent.width - 2 * MARK and 2 * MARK <= y <= extent.height - 2 * MARK
