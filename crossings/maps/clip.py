"""Cutting lines and polygons off at the edge of a rectangle, in pixels."""

from collections.abc import Callable
from itertools import pairwise

from crossings.maps.projection import Box, Point


def clip_line(line: list[Point], frame: Box) -> list[list[Point]]:
    """The pieces of a line inside of a frame (Liang and Barsky)."""
    pieces: list[list[Point]] = []
    piece: list[Point] = []
    for start, end in pairwise(line):
        inside = _inside(start, end, frame)
        if inside is None:
            continue
        begins, ends = inside
        if not piece or begins > 0 or piece[-1] != start:
            piece = [_between(start, end, begins)]
            pieces.append(piece)
        piece.append(_between(start, end, ends))
    return pieces


def clip_ring(ring: list[Point], frame: Box) -> list[Point]:
    """What is left of a polygon's outline, which goes along the frame where it was cut (Sutherland and Hodgman)."""
    sides = ((0, frame.left, True), (0, frame.right, False), (1, frame.low, True), (1, frame.high, False))
    for axis, edge, is_low in sides:
        ring = _cut(ring, *_edge(axis, edge, is_low=is_low))
        if not ring:
            break
    return ring


def _inside(start: Point, end: Point, frame: Box) -> tuple[float, float] | None:
    """From which part to which part of a straight line it runs inside of the frame."""
    begins, ends = 0.0, 1.0
    right, down = end[0] - start[0], end[1] - start[1]
    sides = (
        (-right, start[0] - frame.left), (right, frame.right - start[0]),
        (-down, start[1] - frame.low), (down, frame.high - start[1]),
    )  # fmt: skip
    for out, room in sides:
        if out == 0:
            if room < 0:
                return None
        elif out < 0:
            begins = max(begins, room / out)
        else:
            ends = min(ends, room / out)
    return (begins, ends) if begins <= ends else None


def _between(start: Point, end: Point, part: float) -> Point:
    if part in (0, 1):
        return end if part else start
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part


def _edge(axis: int, edge: float, *, is_low: bool) -> tuple[Callable[[Point], bool], Callable[[Point, Point], Point]]:
    """One side of a frame: whether a point is inside of it, and where a line meets it."""

    def is_inside(point: Point) -> bool:
        return point[axis] >= edge if is_low else point[axis] <= edge

    def meet(start: Point, end: Point) -> Point:
        part = (edge - start[axis]) / (end[axis] - start[axis])
        other = start[1 - axis] + (end[1 - axis] - start[1 - axis]) * part
        return (edge, other) if axis == 0 else (other, edge)

    return is_inside, meet


def _cut(ring: list[Point], is_inside: Callable[[Point], bool], meet: Callable[[Point, Point], Point]) -> list[Point]:
    kept: list[Point] = []
    for start, end in zip(ring[-1:] + ring, ring, strict=False):
        if is_inside(start) != is_inside(end):
            kept.append(meet(start, end))
        if is_inside(end):
            kept.append(end)
    return kept
