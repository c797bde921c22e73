"""Where the name of a country goes: inside of it, as far from its border as there is room."""

from collections.abc import Iterable, Iterator
from itertools import product

import numpy as np
import shapely
from shapely import Polygon

from crossings.maps.labels import COUNTRY, Label, Labels, width_of
from crossings.maps.projection import Box, Point

_ABOVE, _BELOW = 12, 4
_ROOMY = 60
# Pixels to the right and down between the spots that are tried.
_GRIDS = ((18, 14), (6, 7))
_ACROSS = (0, -0.54, 0.54, -0.27, 0.27, -0.4, 0.4, -0.13, 0.13)

Spot = tuple[int, int]


def place_countries(
    rings: list[tuple[str, list[Point]]], names: dict[str, str], taken: Labels, spare: Iterable[Box] = ()
) -> list[Label]:
    """The names of the countries in view, the largest first; each once, in the largest of its parts that has room.

    `rings` are outlines in pixels with country codes. What is to be spared is covered only by names that fit nowhere
    else.
    """
    placed: dict[str, Label] = {}
    shapes = [(code, Polygon(ring)) for code, ring in rings]
    for code, shape in sorted(shapes, key=lambda found: -found[1].area):
        name = names.get(code, code).upper()
        width = width_of(name, COUNTRY)
        if code in placed or shape.area < width * 30:
            continue
        if spot := _spot_for(shape, width, taken, spare):
            x, y = spot
            taken.take(_room(x, y, width))
            placed[code] = Label(name, x, y, "middle")
    return list(placed.values())


def _spot_for(shape: Polygon, width: float, taken: Labels, spare: Iterable[Box]) -> Spot | None:
    """The best spot of the coarse grid, else of the fine one."""
    shapely.prepare(shape)
    tries = ((steps, spared) for steps in _GRIDS for spared in (spare, ()))
    spots = (_best_spot(shape, width, taken, spared, steps) for steps, spared in tries)
    return next((spot for spot in spots if spot), None)


def _best_spot(
    shape: Polygon, width: float, taken: Labels, spare: Iterable[Box], steps: tuple[int, int]
) -> Spot | None:
    """Of the spots where the whole name is inside and nothing else is placed, the one farthest from the border."""
    spots = [
        (x, y)
        for x, y in _spots_inside(shape, width, taken.frame, steps)
        if taken.is_free(room := _room(x, y, width), air=8) and not any(room.touches(box) for box in spare)
    ]
    if not spots:
        return None
    names = shapely.linestrings([[(x - width / 2, y - 4), (x + width / 2, y - 4)] for x, y in spots])
    points = shapely.get_coordinates(shape)[:-1]
    nearest = shapely.distance(names, shapely.multipoints(points)) ** 2
    away = ((np.array(spots) - points.mean(axis=0)) ** 2).sum(axis=1)
    return spots[int(np.argmax(np.minimum(nearest, _ROOMY**2) - 0.02 * away))]


def _spots_inside(shape: Polygon, width: float, frame: Box, steps: tuple[int, int]) -> list[Spot]:
    """Of a grid, where the corners of a name and the points between them are inside."""
    spots = list(_grid(Box(*shape.bounds), width, frame, steps))
    if not spots:
        return []
    x, y = np.array(spots).T
    is_inside = np.ones(len(spots), dtype=bool)
    for part, row in product(_ACROSS, (-_ABOVE, _BELOW)):
        is_inside &= shapely.contains_xy(shape, x + width * part, y + row)
    return [spot for spot, inside in zip(spots, is_inside, strict=True) if inside]


def _grid(box: Box, width: float, frame: Box, steps: tuple[int, int]) -> Iterator[Spot]:
    left, right = max(frame.left, box.left) + width / 2, min(frame.right, box.right) - width / 2
    top, foot = max(frame.low, box.low) + _ABOVE, min(frame.high, box.high) - _BELOW
    for y in range(round(top), round(foot) + 1, steps[1]):
        for x in range(round(left), round(right) + 1, steps[0]):
            yield x, y


def _room(x: float, y: float, width: float) -> Box:
    return Box(x - width / 2, y - _ABOVE, x + width / 2, y + _BELOW)
