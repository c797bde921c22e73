"""What the maps are drawn from: the layers of Natural Earth, the towns, the names of countries, and where they end."""

import math
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from crossings.distances import EARTH_RADIUS_KM
from crossings.maps.projection import Box, Extent, Lambert, Point
from crossings.maps.topology import Layers, read_json, read_layers

# Part of the key of every drawn map: raised with the files of crossings/mapdata and with what changes how maps look.
VERSION = "2026-12-01.2"
# Where there is an overview, in degrees: the world without the Antarctic and the last degrees to the north.
WINDOW = Box(-180, -60, 180, 83)
# Half of what the detail covers round each crossing, in kilometres, less a little.
_COVERED = (315, 225)
_KM_PER_DEGREE = math.radians(EARTH_RADIUS_KM)


class Town(NamedTuple):
    name: str
    longitude: float
    latitude: float
    rank: int
    people: int
    # Named as the nearest town of a crossing.
    is_nearest: bool
    is_village: bool


class Atlas:
    """Read when a map must be drawn, and let go afterwards: the layers take more memory than all pages of maps."""

    @cached_property
    def detail(self) -> Layers:
        return _without_gaps(read_layers("detail.topo.json"))

    @cached_property
    def overview(self) -> Layers:
        return _without_gaps(read_layers("overview.topo.json"))

    @cached_property
    def names(self) -> dict[str, str]:
        return {code: told["n"] for code, told in read_json("countries.json").items()}

    @cached_property
    def towns(self) -> list[Town]:
        return [
            Town(
                name=told["n"],
                longitude=told["x"],
                latitude=told["y"],
                rank=told["r"],
                people=told["p"],
                is_nearest=bool(told.get("t")),
                is_village=told["s"] == "gn",
            )
            for told in read_json("towns.json")["towns"]
        ]

    @cached_property
    def _covered(self) -> list[Point]:
        return [(longitude, latitude) for longitude, latitude in read_json("cover.json")]

    def layers_of(self, view: Lambert) -> Layers:
        """The detail where there is some all over the map, else the overview."""
        return self.detail if self._has_detail(view) else self.overview

    def _has_detail(self, view: Lambert) -> bool:
        extent = view.extent
        if extent.km > 1_000:
            return False
        steps = range(9)
        grid = [(extent.width * x / 8, extent.height * y / 8) for x in steps for y in steps]
        near = [point for point in self._covered if abs(point[0] - extent.longitude) < 15]
        return all(any(_covers(point, view.to_degrees(*place)) for point in near) for place in grid)


def is_drawable(extent: Extent) -> bool:
    """Whether the middle of a map lies where we know the world."""
    return WINDOW.holds(extent.longitude, extent.latitude)


def _without_gaps(layers: Layers) -> Layers:
    """A hole in a country where no other one lies, such as leased ground, is land like all round it, and no sea."""
    boxes = [country.box for country in layers["countries"]]

    def is_filled(hole: list[Point]) -> bool:
        edge = Box.around(hole)
        return any(edge.surrounds(box) for box in boxes)

    closed = [
        replace(country, lines=[country.lines[0], *filter(is_filled, country.lines[1:])])
        for country in layers["countries"]
    ]
    return layers | {"countries": closed}


def _covers(crossing: Point, place: Point) -> bool:
    across = (place[0] - crossing[0]) * math.cos(math.radians(crossing[1])) * _KM_PER_DEGREE
    up = (place[1] - crossing[1]) * _KM_PER_DEGREE
    return abs(across) <= _COVERED[0] and abs(up) <= _COVERED[1]
