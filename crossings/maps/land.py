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
_EDGE_STEPS = 60

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
        countries=list(_outlines(layers["countries"], view, SMALLEST_ISLAND)),
        lakes=[outline for _, outline in _outlines(layers["lakes"], view, SMALLEST_LAKE)],
        rivers=list(_lines(layers["rivers"], view)),
        coast=list(_lines(layers["coast"], view)),
        settled=borders(SETTLED),
        disputed=borders(NOT_AGREED),
        window=_window(view),
    )


def _outlines(shapes: list[Shape], view: Lambert, smallest: float) -> Iterator[tuple[str, Line]]:
    for shape in shapes:
        if shape.box.touches(view.bounds):
            for line in shape.lines:
                for outline in _clipped(shapely.Polygon(_in_pixels(line, view)), view):
                    if outline.area >= smallest:
                        yield shape.told.get("c", ""), _simplified(outline.exterior)[:-1]


def _lines(shapes: list[Shape], view: Lambert) -> Iterator[Line]:
    for shape in shapes:
        if shape.box.touches(view.bounds):
            for piece in _clipped(shapely.LineString(_in_pixels(shape.lines[0], view)), view):
                yield _simplified(piece)


def _clipped(shape: Geometry, view: Lambert) -> Iterable[Any]:
    """The parts of a line or polygon in view."""
    frame = Box(-MARGIN, -MARGIN, view.extent.width + MARGIN, view.extent.height + MARGIN)
    return shapely.get_parts(shapely.clip_by_rect(shape, *frame))


def _simplified(line: Geometry) -> Line:
    """Without the points nearer than the tolerance to the line of the others (Douglas and Peucker)."""
    return [(x, y) for x, y in shapely.get_coordinates(line.simplify(TOLERANCE)).tolist()]


def _in_pixels(line: Line, view: Lambert) -> Line:
    return [view.to_pixels(*point) for point in line]


def _window(view: Lambert) -> Line:
    """Beyond it the paper stays empty: we would not know land from sea."""
    left, low, right, high = WINDOW
    along = [left + (right - left) * step / _EDGE_STEPS for step in range(_EDGE_STEPS + 1)]
    edge = [(longitude, low) for longitude in along] + [(longitude, high) for longitude in reversed(along)]
    parts = _clipped(shapely.Polygon(_in_pixels(edge, view)), view)
    return next((_simplified(part.exterior)[:-1] for part in parts), [])
