"""What of the world is in view of a map, cut to its frame and simplified: in pixels."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

import shapely
from shapely import Geometry

from crossings.maps.atlas import WINDOW
from crossings.maps.projection import Box, Lambert, Point
from crossings.maps.topology import Layers, Shape

MARGIN, TOLERANCE = 12, 0.45
SETTLED, NOT_AGREED = {"b"}, {"d", "i", "c"}
# Smaller ones are left out: square pixels.
SMALLEST_ISLAND, SMALLEST_LAKE = 1, 6
# On wider maps less of every coast is drawn, in proportion; on much wider ones none but the largest rivers.
FINE_KM = 1_200
LARGE_RIVERS_KM, LARGE_RIVER = 2_200, 4
_EDGE_STEPS = 60
# Pixels to which outlines are rounded before they become one: neighbours leave no gap between them.
_GRID = 0.01
_ROUND = (0, -360, 360)

# No map has more points, and none that is as wide as that: what is too much is drawn more coarsely, by so much at a
# time, so that a page of three maps stays light (docs/performance.md).
MOST_POINTS, MOST_OF_WIDE, COARSER = 1_300, 950, 1.15

Line = list[Point]


@dataclass(frozen=True)
class Land:
    """Lines and outlines of each layer; `countries` with their codes, `window` where the world is known at all."""

    countries: list[tuple[str, Line]]  # for their names alone
    # All land as one, so that no border is drawn twice, and the seas that it surrounds; the edge is the coast.
    ground: list[Line]
    lakes: list[Line]
    rivers: list[Line]
    settled: list[Line]
    disputed: list[Line]
    window: Line
    has_sea: bool

    @property
    def points(self) -> int:
        """Of what is drawn, borders once."""
        return sum(map(len, chain(self.ground, self.lakes, self.rivers, self.settled, self.disputed)))


@dataclass(frozen=True)
class _Pieces:
    """What is in view, cut to the frame, with every point that the data has."""

    countries: list[tuple[str, Geometry]]
    ground: Geometry
    lakes: list[Geometry]
    rivers: list[Geometry]
    settled: list[Geometry]
    disputed: list[Geometry]


def land_in(layers: Layers, view: Lambert) -> Land:
    pieces = _pieces(layers, view)
    coarse = coarseness(view)
    land = _land(pieces, view, coarse)
    most = MOST_POINTS if view.extent.km < LARGE_RIVERS_KM else MOST_OF_WIDE
    while land.points > most:
        coarse *= COARSER
        land = _land(pieces, view, coarse)
    return land


def _pieces(layers: Layers, view: Lambert) -> _Pieces:
    def borders(classes: set[str]) -> list[Geometry]:
        return list(_lines([border for border in layers["borders"] if border.told["k"] in classes], view))

    countries = list(_outlines(layers["countries"], view))
    return _Pieces(
        countries=countries,
        ground=shapely.union_all([outline for _, outline in countries], grid_size=_GRID),
        lakes=[outline for _, outline in _outlines(layers["lakes"], view)],
        rivers=list(_lines(_large_rivers(layers["rivers"], view), view)),
        settled=borders(SETTLED),
        disputed=borders(NOT_AGREED),
    )


def _land(pieces: _Pieces, view: Lambert, coarse: float) -> Land:
    """Simplified: islands and lakes that are too small to be seen are left out."""

    def drawn(lines: Iterable[Geometry]) -> list[Line]:
        return [_simplified(line, TOLERANCE * coarse) for line in lines]

    def rings(outlines: Iterable[Geometry], smallest: float) -> list[Line]:
        return [ring[:-1] for ring in drawn(_rings(outlines, smallest * coarse**2))]

    return Land(
        countries=[(code, ring) for code, one in pieces.countries for ring in rings([one], SMALLEST_ISLAND)[:1]],
        ground=rings(shapely.get_parts(pieces.ground), SMALLEST_ISLAND),
        lakes=rings(pieces.lakes, SMALLEST_LAKE),
        rivers=drawn(pieces.rivers),
        settled=drawn(pieces.settled),
        disputed=drawn(pieces.disputed),
        window=_window(view),
        has_sea=not shapely.box(0, 0, view.extent.width, view.extent.height).within(pieces.ground.buffer(_GRID)),
    )


def _outlines(shapes: list[Shape], view: Lambert) -> Iterator[tuple[str, Geometry]]:
    for shape, turn in _seen(shapes, view):
        for line in shape.lines:
            for outline in _clipped(_valid(shapely.Polygon(_in_pixels(line, view, turn))), view):
                if isinstance(outline, shapely.Polygon):
                    yield shape.told.get("c", ""), outline


def _rings(outlines: Iterable[Geometry], smallest: float) -> Iterator[Geometry]:
    """The outer rings of polygons and those of the holes in them, without what is too small to be seen."""
    for outline in outlines:
        if outline.area >= smallest:
            yield outline.exterior
            yield from (hole for hole in outline.interiors if shapely.Polygon(hole).area >= smallest)


def _valid(outline: shapely.Polygon) -> Geometry:
    """A few outlines of the data touch or cross themselves in a tiny spike, which would be cut wrongly."""
    return outline if outline.is_valid else shapely.make_valid(outline, method="structure")


def _lines(shapes: list[Shape], view: Lambert) -> Iterator[Geometry]:
    for shape, turn in _seen(shapes, view):
        yield from _clipped(shapely.LineString(_in_pixels(shape.lines[0], view, turn)), view)


def _large_rivers(rivers: list[Shape], view: Lambert) -> list[Shape]:
    if view.extent.km < LARGE_RIVERS_KM:
        return rivers
    return [river for river in rivers if river.told["r"] <= LARGE_RIVER]


def _seen(shapes: list[Shape], view: Lambert) -> Iterator[tuple[Shape, float]]:
    """Those in view, each with how many degrees it is moved there: beyond 180 the world begins again."""
    for shape in shapes:
        for turn in _ROUND:
            if shape.box.moved(turn).touches(view.bounds):
                yield shape, turn


def _clipped(shape: Geometry, view: Lambert) -> Iterable[Any]:
    """The parts of a line or polygon in view."""
    frame = Box(-MARGIN, -MARGIN, view.extent.width + MARGIN, view.extent.height + MARGIN)
    return shapely.get_parts(shapely.clip_by_rect(shape, *frame))


def _simplified(line: Geometry, tolerance: float) -> Line:
    """Without the points nearer than the tolerance to the line of the others (Douglas and Peucker)."""
    return [(x, y) for x, y in shapely.get_coordinates(line.simplify(tolerance)).tolist()]


def coarseness(view: Lambert) -> float:
    return max(1, view.extent.km / FINE_KM)


def _in_pixels(line: Line, view: Lambert, turn: float = 0) -> Line:
    return [view.to_pixels(longitude + turn, latitude) for longitude, latitude in line]


def _window(view: Lambert) -> Line:
    """Beyond it the paper stays empty: we would not know land from sea."""
    left, _, right, _ = view.bounds
    along = [left - 1 + (right - left + 2) * step / _EDGE_STEPS for step in range(_EDGE_STEPS + 1)]
    low, high = max(WINDOW.low, view.bounds.low - 1), min(WINDOW.high, view.bounds.high + 1)
    edge = [(longitude, low) for longitude in along] + [(longitude, high) for longitude in reversed(along)]
    parts = _clipped(shapely.Polygon(_in_pixels(edge, view)), view)
    return next((_simplified(part.exterior, TOLERANCE * coarseness(view))[:-1] for part in parts), [])
