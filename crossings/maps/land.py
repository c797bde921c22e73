"""What of the world is in view of a map, cut to its frame and simplified: in pixels."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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
_ROUND = (0, -360, 360)

Line = list[Point]


@dataclass(frozen=True)
class Land:
    """Lines and outlines of each layer; `countries` with their codes, `window` where the world is known at all."""

    countries: list[tuple[str, Line]]
    lakes: list[Line]
    rivers: list[Line]
    coast: list[Line]
    settled: list[Line]
    disputed: list[Line]
    window: Line


def land_in(layers: Layers, view: Lambert) -> Land:
    def borders(classes: set[str]) -> list[Line]:
        return list(_lines([border for border in layers["borders"] if border.told["k"] in classes], view))

    return Land(
        countries=list(_outlines(layers["countries"], view, SMALLEST_ISLAND * coarseness(view) ** 2)),
        lakes=[outline for _, outline in _outlines(layers["lakes"], view, SMALLEST_LAKE * coarseness(view) ** 2)],
        rivers=list(_lines(_large_rivers(layers["rivers"], view), view)),
        coast=list(_lines(layers["coast"], view)),
        settled=borders(SETTLED),
        disputed=borders(NOT_AGREED),
        window=_window(view),
    )


def _outlines(shapes: list[Shape], view: Lambert, smallest: float) -> Iterator[tuple[str, Line]]:
    for shape, turn in _seen(shapes, view):
        for line in shape.lines:
            for outline in _clipped(_valid(shapely.Polygon(_in_pixels(line, view, turn))), view):
                if isinstance(outline, shapely.Polygon) and outline.area >= smallest:
                    yield shape.told.get("c", ""), _simplified(outline.exterior, view)[:-1]


def _valid(outline: shapely.Polygon) -> Geometry:
    """A few outlines of the data touch or cross themselves in a tiny spike, which would be cut wrongly."""
    return outline if outline.is_valid else shapely.make_valid(outline, method="structure")


def _lines(shapes: list[Shape], view: Lambert) -> Iterator[Line]:
    for shape, turn in _seen(shapes, view):
        for piece in _clipped(shapely.LineString(_in_pixels(shape.lines[0], view, turn)), view):
            yield _simplified(piece, view)


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


def _simplified(line: Geometry, view: Lambert) -> Line:
    """Without the points nearer than the tolerance to the line of the others (Douglas and Peucker)."""
    tolerance = TOLERANCE * coarseness(view)
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
    return next((_simplified(part.exterior, view)[:-1] for part in parts), [])
