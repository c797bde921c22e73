"""Which maps there are: of each crossing, each country and each region. A sheet is a map before it is drawn."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from crossings.maps import extents
from crossings.maps.atlas import VERSION, is_drawable
from crossings.maps.extents import Region
from crossings.maps.places import Place, places_in
from crossings.maps.projection import Extent, Lambert
from crossings.models import Crossing

# In the memory of a process, with the places on them: of these, not of drawings.
MAPS_KEPT = 256
# Degrees of latitude: farther than a map round a crossing reaches.
_NEAR = 2.5


class Sheet(NamedTuple):
    """Everything that decides how a map looks before its marks are put on it."""

    extent: Extent
    places: tuple[Place, ...]
    focus: int | None = None

    @property
    def key(self) -> str:
        return _key(self)


@lru_cache(MAPS_KEPT)
def _key(sheet: Sheet) -> str:
    return sha256(repr((VERSION, *sheet)).encode()).hexdigest()


@dataclass(frozen=True)
class Drawing:
    """A map without its marks. `labels` says by crossing where its name goes, if there is room: x, y and anchor."""

    svg: str
    labels: dict[str, tuple[float, float, str]]
    has_disputed: bool


def of_crossing(crossing: Crossing, near: Iterable[Crossing]) -> list[Sheet]:
    """`near` are at least all crossings of its map."""
    extent = extents.round_crossing(crossing.longitude, crossing.latitude)
    return _sheets([extent], near, crossing.pk)


def of_country(crossings: Iterable[Crossing]) -> list[Sheet]:
    """Of the country with these crossings."""
    crossings = list(crossings)
    return _sheets(extents.round_all((one.longitude, one.latitude) for one in crossings), crossings)


def of_region(region: Region, crossings: Iterable[Crossing]) -> list[Sheet]:
    return _sheets(region.extents, [one for one in crossings if region.holds(one.longitude, one.latitude)])


def all_sheets(crossings: Iterable[Crossing]) -> list[Sheet]:
    """Every map that a page may ask for."""
    crossings = list(crossings)
    codes = sorted({code for one in crossings for code in (one.country_a_id, one.country_b_id)})
    sheets = [sheet for region in extents.REGIONS for sheet in of_region(region, crossings)]
    for code in codes:
        sheets += of_country(one for one in crossings if code in (one.country_a_id, one.country_b_id))
    for one in crossings:
        sheets += of_crossing(one, [other for other in crossings if _may_be_near(one, other)])
    return sheets


def _may_be_near(one: Crossing, other: Crossing) -> bool:
    """Whether it may stand on the map round the other one: to spare most of a projection for each pair of the world."""
    up, across = abs(one.latitude - other.latitude), abs(one.longitude - other.longitude)
    narrower = math.cos(math.radians(max(abs(one.latitude), abs(other.latitude))))
    return up < _NEAR and min(across, 360 - across) * narrower < _NEAR


def _sheets(wanted: Iterable[Extent], crossings: Iterable[Crossing], focus: int | None = None) -> list[Sheet]:
    """Maps without any crossing, and of lands that we do not know, are left out."""
    places = tuple(Place(one.pk, one.name, one.longitude, one.latitude) for one in crossings)
    sheets = [_sheet(extent, places, focus) for extent in wanted if is_drawable(extent)]
    return [sheet for sheet in sheets if sheet.places]


@lru_cache(MAPS_KEPT)
def _sheet(extent: Extent, places: tuple[Place, ...], focus: int | None) -> Sheet:
    """Each place is projected; a page asks for the same map again until a crossing is moved, added or renamed."""
    return Sheet(extent, tuple(places_in(Lambert(extent), places)), focus)
