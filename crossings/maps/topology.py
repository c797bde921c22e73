"""Reading TopoJSON: lines that are stored once, put together to the shapes that share them."""

import gzip
import json
import math
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from crossings.maps.projection import Box, Point

FOLDER = Path(__file__).parent.parent / "mapdata"
HALF_ROUND = 180  # degrees
FAR = 1  # degree between two points of a line


@dataclass(frozen=True)
class Shape:
    """A line, or a polygon of rings of which the first is its outline; in degrees."""

    told: dict[str, Any]
    lines: list[list[Point]]
    box: Box


Layers = dict[str, list[Shape]]


def read_layers(name: str) -> Layers:
    topology = read_json(name)
    step_x, step_y = topology["transform"]["scale"]
    from_x, from_y = topology["transform"]["translate"]
    arcs = [_points(arc, (step_x, step_y), (from_x, from_y)) for arc in topology["arcs"]]
    return {
        layer: [_shape(geometry, arcs) for geometry in collection["geometries"]]
        for layer, collection in topology["objects"].items()
    }


def read_json(name: str) -> Any:
    return json.loads(gzip.decompress((FOLDER / f"{name}.gz").read_bytes()))


def _points(arc: list[list[int]], steps: Point, origin: Point) -> list[Point]:
    """Whole numbers, each told by its distance from the one before."""
    points, x, y = [], 0, 0
    for right, up in arc:
        x, y = x + right, y + up
        points.append((x * steps[0] + origin[0], y * steps[1] + origin[1]))
    return _along_parallels(points)


def _along_parallels(points: list[Point]) -> list[Point]:
    """With points between two that are far apart: of a border along a parallel the data has the ends alone, and on a
    map it bends."""
    if all(abs(one[0] - other[0]) <= FAR for one, other in pairwise(points)):
        return points
    close = points[:1]
    for before, after in pairwise(points):
        across, up = after[0] - before[0], after[1] - before[1]
        # Farther than half round the world is the step over the antimeridian (_without_jumps).
        parts = math.ceil(abs(across) / FAR) if abs(across) <= HALF_ROUND else 1
        close += [(before[0] + across * part / parts, before[1] + up * part / parts) for part in range(1, parts)]
        close.append(after)
    return close


def _shape(geometry: dict[str, Any], arcs: list[list[Point]]) -> Shape:
    rings = geometry["arcs"] if geometry["type"] == "Polygon" else [geometry["arcs"]]
    lines = [_without_jumps(_joined(ring, arcs)) for ring in rings]
    return Shape(geometry.get("properties", {}), lines, Box.around([point for line in lines for point in line]))


def _joined(numbers: list[int], arcs: list[list[Point]]) -> list[Point]:
    """One line of several arcs; a number below zero means the arc from its end."""
    line: list[Point] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        line += arc[1:] if line else arc
    return line


def _without_jumps(line: list[Point]) -> list[Point]:
    """Going on beyond 180 degrees where it crosses the antimeridian: from there back to -180 would be all round."""
    if max(line)[0] - min(line)[0] <= HALF_ROUND:
        return line
    unrolled, turn = line[:1], 0.0
    for before, (longitude, latitude) in pairwise(line):
        if abs(longitude - before[0]) > HALF_ROUND:
            turn += math.copysign(2 * HALF_ROUND, before[0] - longitude)
        unrolled.append((longitude + turn, latitude))
    return unrolled
