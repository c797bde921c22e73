"""Leaving out the points of a line that nobody would miss."""

from crossings.maps.projection import Point


def simplify(line: list[Point], tolerance: float) -> list[Point]:
    """Without points nearer than the tolerance to the line of the others (Douglas and Peucker). The ends stay."""
    if len(line) < 3:
        return line
    kept = {0, len(line) - 1}
    open_parts = [(0, len(line) - 1)]
    while open_parts:
        first, last = open_parts.pop()
        farthest, distance = _farthest(line, first, last)
        if distance > tolerance * tolerance:
            kept.add(farthest)
            open_parts += [(first, farthest), (farthest, last)]
    return [line[number] for number in sorted(kept)]


def simplify_ring(ring: list[Point], tolerance: float) -> list[Point]:
    """The same for a ring, of which the two points farthest from each other stay."""
    first = ring[0]
    middle = max(range(len(ring)), key=lambda number: _squared(ring[number], first))
    there, back = ring[: middle + 1], [*ring[middle:], first]
    return simplify(there, tolerance) + simplify(back, tolerance)[1:-1]


def area(ring: list[Point]) -> float:
    """In square pixels."""
    pairs = zip(ring[-1:] + ring, ring, strict=False)
    return abs(sum(one[0] * other[1] - other[0] * one[1] for one, other in pairs)) / 2


def _farthest(line: list[Point], first: int, last: int) -> tuple[int, float]:
    """The point between two others that is farthest from the straight line of them, and its distance squared."""
    (x, y), end = line[first], line[last]
    right, down = end[0] - x, end[1] - y
    length = right * right + down * down
    best, distance = first, -1.0
    for number in range(first + 1, last):
        across, along = line[number][0] - x, line[number][1] - y
        if length:
            part = min(1.0, max(0.0, (across * right + along * down) / length))
            across, along = across - part * right, along - part * down
        apart = across * across + along * along
        if apart > distance:
            best, distance = number, apart
    return best, distance


def _squared(one: Point, other: Point) -> float:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2
