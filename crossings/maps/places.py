"""Crossings on a map: where their marks stand, and which of them are so near to each other that they share one."""

import math
from collections.abc import Iterable
from typing import NamedTuple

from crossings.maps.projection import Lambert

# Marks nearer than this would hide each other.
TOO_NEAR = 10
# Half of a mark, and of the one that a map is about. A mark stands wholly on its map.
MARK, FOCUS_MARK = 8, 13

# Half of what a finger hits: 24 px and a little, so that maps that are drawn somewhat smaller still have them.
TAP = 13


class Place(NamedTuple):
    """A crossing, and where it is in degrees."""

    pk: int
    name: str
    longitude: float
    latitude: float

    @property
    def short_name(self) -> str:
        """Before the name of the other post, and without what stands in brackets."""
        return self.name.split(" / ")[0].split(" (")[0]


class Spot(NamedTuple):
    """Crossings that share a mark, and its place in pixels. The first of them is named and linked."""

    places: list[Place]
    x: float
    y: float

    @property
    def lead(self) -> Place:
        return self.places[0]

    @property
    def name(self) -> str:
        """ "Khorgos +1"."""
        return self.lead.short_name + (f" +{len(self.places) - 1}" if len(self.places) > 1 else "")


def places_in(view: Lambert, places: Iterable[Place]) -> list[Place]:
    """Those whose mark stands on the map, in one order always."""
    found = []
    for place in places:
        x, y = view.to_pixels(place.longitude, place.latitude)
        if MARK <= x <= view.extent.width - MARK and MARK <= y <= view.extent.height - MARK:
            found.append(place)
    return sorted(found)


def spots_of(view: Lambert, places: Iterable[Place], focus: int | None = None) -> list[Spot]:
    """The marks of a map; the crossing in focus leads its own."""
    spots: list[Spot] = []
    for place in sorted(places, key=lambda place: (place.pk != focus, place.pk)):
        x, y = view.to_pixels(place.longitude, place.latitude)
        near = next((spot for spot in spots if math.hypot(spot.x - x, spot.y - y) < TOO_NEAR), None)
        if near:
            near.places.append(place)
        else:
            spots.append(Spot([place], x, y))
    return spots
