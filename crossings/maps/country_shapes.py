"""Where the name of a country goes: inside of it, as far from its border as there is room."""

from collections.abc import Iterable, Iterator

from crossings.maps.labels import COUNTRY, Label, Labels, width_of
from crossings.maps.projection import Box, Point
from crossings.maps.simplify import area

_ABOVE, _BELOW = 12, 4
_ROOMY = 60
_ACROSS = (0, -0.54, 0.54, -0.27, 0.27, -0.4, 0.4, -0.13, 0.13)


def place_countries(
    rings: list[tuple[str, list[Point]]], names: dict[str, str], taken: Labels, spare: Iterable[Box] = ()
) -> list[Label]:
    """The names of the countries in view, the largest first; each once, in its largest part.

    What is to be spared is covered only by names that fit nowhere else.
    """
    largest: dict[str, tuple[float, list[Point]]] = {}
    for code, ring in rings:
        size = area(ring)
        if size > largest.get(code, (0, []))[0]:
            largest[code] = (size, ring)
    placed = []
    for code, (size, ring) in sorted(largest.items(), key=lambda found: -found[1][0]):
        name = names.get(code, code).upper()
        width = width_of(name, COUNTRY)
        if size < width * 30:
            continue
        if spot := _best_spot(ring, width, taken, spare) or _best_spot(ring, width, taken):
            x, y = spot
            taken.take(_room(x, y, width))
            placed.append(Label(name, x, y, "middle"))
    return placed


def is_inside(ring: list[Point], x: float, y: float) -> bool:
    """Whether a line from the point to the right crosses the ring an odd number of times."""
    inside = False
    for (ax, ay), (bx, by) in zip(ring[-1:] + ring, ring, strict=False):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return inside


def _best_spot(ring: list[Point], width: float, taken: Labels, spare: Iterable[Box] = ()) -> tuple[int, int] | None:
    """Of the spots where the whole name is inside and nothing stands yet, the one farthest from the border."""
    middle = (sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring))
    best: tuple[float, tuple[int, int]] | None = None
    for x, y in _grid(ring, width, taken.frame):
        room = _room(x, y, width)
        if not taken.is_free(room, air=8) or any(room.touches(box) for box in spare):
            continue
        if not all(is_inside(ring, x + width * part, y + row) for row in (-_ABOVE, _BELOW) for part in _ACROSS):
            continue
        nearest = min(max(0, abs(x - cx) - width / 2) ** 2 + (y - 4 - cy) ** 2 for cx, cy in ring)
        away = (x - middle[0]) ** 2 + (y - middle[1]) ** 2
        score = min(nearest, _ROOMY**2) - 0.02 * away
        if best is None or score > best[0]:
            best = (score, (x, y))
    return best[1] if best else None


def _grid(ring: list[Point], width: float, frame: Box) -> Iterator[tuple[int, int]]:
    box = Box.around(ring)
    left, right = max(frame.left, box.left) + width / 2, min(frame.right, box.right) - width / 2
    top, foot = max(frame.low, box.low) + _ABOVE, min(frame.high, box.high) - _BELOW
    for y in range(round(top), round(foot) + 1, 14):
        for x in range(round(left), round(right) + 1, 18):
            yield x, y


def _room(x: float, y: float, width: float) -> Box:
    return Box(x - width / 2, y - _ABOVE, x + width / 2, y + _BELOW)
