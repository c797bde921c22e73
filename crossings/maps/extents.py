"""Which piece of the world a map shows: of a crossing, of a country, of a region."""

import math
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from crossings.distances import EARTH_RADIUS_KM
from crossings.maps.atlas import WINDOW
from crossings.maps.places import MARK
from crossings.maps.projection import Box, Extent, Lambert, Point

ROUND_A_CROSSING_KM = 400
IN_DENSE_LANDS_KM = 250
# Caucasus, Balkans, Punjab, the lands of the Mekong, the Levant, Great Lakes, Gulf of Guinea, Central America.
DENSE = [
    Box(40, 38.5, 50, 43.5), Box(13, 35, 30, 48), Box(72, 29, 77, 34), Box(97, 8, 110, 23), Box(34, 29, 37, 35),
    Box(28.5, -4, 32, 1.5), Box(-0.5, 5, 4, 8), Box(-93, 12.5, -83, 19),
]  # fmt: skip
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


_WITH_ARTICLE = {
    "kazakh-steppe",
    "caucasus",
    "balkans",
    "middle-east",
    "north-of-south-america",
    "south-of-south-america",
}
# No two of them share a crossing. Where many lie close together, another map shows those lands larger; far places that
# one map cannot show have their own.
REGIONS = [
    Region("western-europe", "Western and northern Europe", [Box(-30, 42, 12.99, 72), Box(13, 59.45, 46, 72)], [
        Extent(4, 50.2, 2600, *_TALL), Extent(29.5, 65.2, 1900, *_TALL),
    ]),
    Region("eastern-europe", "Eastern Europe", [Box(13, 46.61, 45.99, 59.44), Box(26.51, 44.91, 45.99, 46.6)], [
        Extent(26.5, 52.3, 2500, *_TALL), Extent(26.3, 47.4, 850, *_TALL),
    ]),
    Region("balkans", "Balkans", [Box(13, 35, 29.99, 44.9), Box(13, 44.91, 26.5, 46.6)], [
        Extent(22.5, 41.4, 1700, *_TALL), Extent(20.2, 43, 800, *_TALL),
    ]),
    Region("caucasus", "Caucasus", [Box(40, 38.5, 50, 44)], [Extent(44.8, 41.1, 850, *_TALL)]),
    Region("middle-east", "Middle East", [
        Box(30, 24.5, 51.99, 38.49), Box(52, 24.5, 61.99, 35.04), Box(41.5, 15.6, 61.99, 24.49),
        Box(30, 38.5, 39.99, 44.9),
    ], [
        Extent(47, 29, 4100, *_TALL), Extent(37.5, 33, 1200, *_TALL),
    ]),
    Region("central-asia", "Central Asia", [Box(50.01, 35.05, 83.5, 46.39)], [
        Extent(67.5, 40.6, 2650, *_TALL), Extent(70.4, 40.6, 650, *_TALL),
    ]),
    Region("kazakh-steppe", "Kazakh steppe and Siberia", [Box(46, 46.4, 88, 58)], [Extent(66.5, 49, 2900, *_TALL)]),
    Region("south-asia", "South Asia", [Box(62, 5, 92.6, 35.04)], [
        Extent(78.5, 28.6, 3050, *_TALL), Extent(79.6, 10, 600, *_TALL),
    ]),
    Region("south-east-asia", "South-East Asia", [Box(92.61, -12, 150, 26)], [
        Extent(103.5, 14, 3700, *_TALL), Extent(104.6, 15.4, 1500, *_TALL), Extent(121, -2.5, 4700, *_TALL),
    ]),
    Region("north-east-asia", "Mongolia and the Far East", [Box(88.01, 35.1, 150, 72), Box(92.61, 26.01, 150, 35.09)], [
        Extent(111, 42.5, 4000, *_TALL),
    ]),
    Region("north-africa", "North Africa", [
        Box(-19, 19, 12.99, 41.99), Box(13, 19, 29.99, 34.99), Box(30, 19, 34.5, 24.49),
    ], [
        Extent(7.5, 28, 5150, *_TALL), Extent(-3.5, 35.6, 500, *_TALL),
    ]),
    Region("west-africa", "West Africa", [Box(-19, 4, 13.9, 18.99)], [
        Extent(-2.5, 10.6, 3400, *_TALL), Extent(2.2, 6.9, 700, *_TALL),
    ]),
    Region("central-africa", "Central Africa", [Box(13.91, 4, 24, 18.99), Box(8, -14, 28.6, 3.99)], [
        Extent(18.5, 0.7, 4400, *_TALL),
    ]),
    Region("east-africa", "East Africa", [
        Box(24.01, 4, 54, 15.59), Box(28.61, -11.9, 54, 3.99), Box(34.51, 15.6, 41.49, 24.49),
        Box(24.01, 15.6, 34.5, 18.99),
    ], [
        Extent(36, 3.5, 5000, *_TALL), Extent(30.5, -1.8, 700, *_TALL),
    ]),
    Region("southern-africa", "Southern Africa", [Box(8, -36, 54, -14.01), Box(28.61, -14, 54, -11.91)], [
        Extent(25.5, -23, 3600, *_TALL), Extent(29.5, -27.3, 1100, *_TALL),
    ]),
    Region("north-america", "North America", [Box(-170, 24, -50, 72)], [
        Extent(-96, 46, 4700, *_TALL), Extent(-107, 30.2, 2500, *_TALL), Extent(-135.5, 60.5, 1500, *_TALL),
    ]),
    Region("central-america", "Central America", [Box(-120, 7, -77, 23.99)], [Extent(-86.3, 13.2, 2400, *_TALL)]),
    Region("north-of-south-america", "North of South America", [
        Box(-92, -19.05, -77.01, 6.99), Box(-77, -19.05, -45, 13),
    ], [
        Extent(-67, 4, 3700, *_TALL), Extent(-67.5, -11.5, 2600, *_TALL),
    ]),
    Region("south-of-south-america", "South of South America", [Box(-80, -57, -45, -19.06)], [
        Extent(-63, -27.5, 2800, *_TALL), Extent(-70.5, -46.4, 3200, *_TALL),
    ]),
]  # fmt: skip
BY_SLUG = {region.slug: region for region in REGIONS}
_PLACES_KEPT = 4_096


@lru_cache(_PLACES_KEPT)
def region_of(longitude: float, latitude: float) -> Region | None:
    """Remembered by place: a list looks at all crossings, in some forty boxes."""
    return next((region for region in REGIONS if region.holds(longitude, latitude)), None)


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
    """One step towards the equator, if the map reaches farther to a pole than we know the world."""
    seen = bounds_of(extent)
    north = (seen.low < WINDOW.low) - (seen.high > WINDOW.high)
    return extent._replace(latitude=extent.latitude + north * _STEP)


def _is_on(extent: Extent, longitude: float, latitude: float) -> bool:
    x, y = Lambert(extent).to_pixels(longitude, latitude)
    return 2 * MARK <= x <= extent.width - 2 * MARK and 2 * MARK <= y <= extent.height - 2 * MARK
