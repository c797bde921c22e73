"""What of the world is in view of a map, cut to its frame and simplified: in pixels."""

from collections.abc import Iterator
from dataclasses import dataclass

from crossings.maps.atlas import WINDOW
from crossings.maps.clip import clip_line, clip_ring
from crossings.maps.projection import Box, Lambert, Point
from crossings.maps.simplify import area, simplify, simplify_ring
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
    frame = _frame(view)
    for shape in shapes:
        if not shape.box.touches(view.bounds):
            continue
        for line in shape.lines:
            ring = clip_ring([view.to_pixels(*point) for point in line[:-1]], frame)
            if len(ring) > 2 and area(ring) >= smallest:
                yield shape.told.get("c", ""), simplify_ring(ring, TOLERANCE)


def _lines(shapes: list[Shape], view: Lambert) -> Iterator[Line]:
    frame = _frame(view)
    for shape in shapes:
        if shape.box.touches(view.bounds):
            for piece in clip_line([view.to_pixels(*point) for point in shape.lines[0]], frame):
                yield simplify(piece, TOLERANCE)


def _frame(view: Lambert) -> Box:
    return Box(-MARGIN, -MARGIN, view.extent.width + MARGIN, view.extent.height + MARGIN)


def _window(view: Lambert) -> Line:
    """Beyond it the paper stays empty: we would not know land from sea."""
    left, low, right, high = WINDOW
    along = [left + (right - left) * step / _EDGE_STEPS for step in range(_EDGE_STEPS + 1)]
    edge = [(longitude, low) for longitude in along] + [(longitude, high) for longitude in reversed(along)]
    ring = clip_ring([view.to_pixels(*point) for point in edge], _frame(view))
    return simplify_ring(ring, TOLERANCE) if ring else []
