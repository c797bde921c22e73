"""The map under the marks: land, water, borders, towns and names. Nothing is drawn that the data does not hold."""

import math
from collections.abc import Iterable, Iterator

from shapely import LineString, box

from crossings.maps.atlas import Atlas, Town
from crossings.maps.country_shapes import place_countries
from crossings.maps.labels import CROSSING, FOCUS, TOWN, Label, Labels
from crossings.maps.land import Line, land_in
from crossings.maps.paths import PARTS, dots_of, paths_of, scale_bar, texts_of
from crossings.maps.places import FOCUS_MARK, MARK, Place, Spot, spots_of
from crossings.maps.projection import Box, Extent, Lambert, Point
from crossings.maps.sheets import Drawing

MOST_TOWNS = 24
BIG = 4
NEAR_KM, FAR_KM, VILLAGES_KM = 700, 1_400, 250
_SCALE_WIDTH, _SCALE_HEIGHT = 190, 46
_DOT = 2


def draw(atlas: Atlas, extent: Extent, places: Iterable[Place], focus: int | None = None) -> Drawing:
    """Draw a map with room for the marks and names of these crossings; the one in focus has the largest name."""
    view = Lambert(extent)
    land = land_in(atlas.layers_of(view), view)
    taken = Labels(extent.width, extent.height)
    spots = spots_of(view, places, focus)
    corner = _corner(view, spots, [*land.settled, *land.disputed])
    taken.take(corner)
    wanted = _towns_for(atlas.towns, view)
    near = [_dot_at(*view.to_pixels(town.longitude, town.latitude)) for town in wanted if _is_looked_for(town, view)]
    crossings = _place_crossings(spots, focus, view, taken, near)
    countries = place_countries(land.countries, atlas.names, taken, spare=[_with_room(dot) for dot in near])
    towns = list(_place_towns(wanted, view, taken, spots, focus))
    ground = f'<g transform="scale({1 / PARTS})">{paths_of(land)}{dots_of([point for point, _ in towns if point])}</g>'
    names = texts_of("m-lab", countries) + texts_of("m-town", [label for _, label in towns])
    return Drawing(ground + names + scale_bar(view, corner.left), crossings, bool(land.disputed))


def _corner(view: Lambert, spots: list[Spot], borders: list[Line]) -> Box:
    """Where the scale bar goes: at the foot on the left, or on the right if a mark or else a border is there."""
    top, foot = view.extent.height - _SCALE_HEIGHT, view.extent.height - 8.0
    right = view.extent.width - 8.0
    corners = [Box(8, top, 8 + _SCALE_WIDTH, foot), Box(right - _SCALE_WIDTH, top, right, foot)]

    def is_marked(corner: Box) -> bool:
        return any(corner.touches(Box(spot.x - MARK, spot.y - MARK, spot.x + MARK, spot.y + MARK)) for spot in spots)

    lines = [LineString(line) for line in borders]
    return min(corners, key=lambda corner: (is_marked(corner), any(box(*corner).intersects(line) for line in lines)))


def _place_crossings(
    spots: list[Spot], focus: int | None, view: Lambert, taken: Labels, near: list[Box]
) -> dict[str, tuple[float, float, str]]:
    """First every mark gets its room, then the names: of the crossing in focus, then from the middle outward.

    The dots of the towns near to them are covered only where there is no other place.
    """
    for spot in spots:
        half = _half_of(spot, focus)
        taken.take(Box(spot.x - half, spot.y - half, spot.x + half, spot.y + half))
    middle = (view.extent.width / 2, view.extent.height / 2)
    placed = {}
    for spot in sorted(spots, key=lambda spot: (spot.lead.pk != focus, math.dist((spot.x, spot.y), middle))):
        is_focus = spot.lead.pk == focus
        voice, gap = (FOCUS, FOCUS_MARK + 3) if is_focus else (CROSSING, MARK + 2)
        if label := taken.place(spot.name, spot.x, spot.y, voice, gap, spare=near):
            placed[str(spot.lead.pk)] = (label.x, label.y, label.anchor)
    return placed


def _towns_for(towns: list[Town], view: Lambert) -> list[Town]:
    """Those worth naming at this scale, the most useful first: round a crossing, the towns that lie nearest to one."""
    km = view.extent.km
    lowest = 12 if km <= NEAR_KM else 6 if km <= FAR_KM else 4

    def is_worth(town: Town) -> bool:
        return _is_needed(town, view) or (town.rank <= lowest and (km <= VILLAGES_KM or not town.is_village))

    seen = [town for town in _round_the_world(towns, view) if is_worth(town)]
    return sorted(seen, key=lambda town: (not _is_needed(town, view), town.rank, -town.people))


def _round_the_world(towns: list[Town], view: Lambert) -> Iterator[Town]:
    """Those in view, on the side of the antimeridian on which the map shows them."""
    for town in towns:
        longitude = town.longitude + 360 * round((view.extent.longitude - town.longitude) / 360)
        if view.bounds.holds(longitude, town.latitude):
            yield town if longitude == town.longitude else town._replace(longitude=longitude)


def _is_needed(town: Town, view: Lambert) -> bool:
    """Round a crossing, travellers look first for the towns that lie nearest to one."""
    return town.is_nearest and view.extent.km <= NEAR_KM


def _is_looked_for(town: Town, view: Lambert) -> bool:
    """A big city, too: without it the map looks like that of another place."""
    return _is_needed(town, view) or (view.extent.km <= NEAR_KM and town.rank <= BIG)


def _place_towns(
    towns: Iterable[Town], view: Lambert, taken: Labels, spots: list[Spot], focus: int | None
) -> Iterator[tuple[Point | None, Label]]:
    """Names with their dots; a town that lies under a mark has none, and its name is placed next to the mark."""
    named: set[str] = set()
    for town in towns:
        if len(named) == MOST_TOWNS:
            return
        if town.name in named:  # the two sources have some towns twice
            continue
        x, y = view.to_pixels(town.longitude, town.latitude)
        dot = _dot_at(x, y)
        under = _mark_over(x, y, spots, focus) if _is_needed(town, view) else None
        if under:
            label, point = _place_beside_mark(town, (x, y), under, taken, _half_of(under, focus)), None
        else:
            label, point = _place_beside_dot(town, (x, y), taken, is_needed=_is_needed(town, view)), (x, y)
        if label:
            taken.take(dot)
            named.add(town.name)
            yield point, label


def _place_beside_dot(town: Town, at: Point, taken: Labels, *, is_needed: bool) -> Label | None:
    if not taken.is_free(_dot_at(*at)):
        return None
    gaps = (5, 11) if is_needed else (5,)
    return next((label for gap in gaps if (label := taken.place(town.name, *at, TOWN, gap))), None)


def _place_beside_mark(town: Town, at: Point, spot: Spot, taken: Labels, half: float) -> Label | None:
    """On the side of the border on which the town lies; unless the mark has its name already."""
    if town.name in {place.short_name for place in spot.places}:
        return None
    return taken.place(town.name, spot.x, spot.y, TOWN, half + 3, side=(at[0] - spot.x, at[1] - spot.y))


def _mark_over(x: float, y: float, spots: list[Spot], focus: int | None) -> Spot | None:
    def reach(spot: Spot) -> float:
        return _half_of(spot, focus) + _DOT + 1

    return next((spot for spot in spots if max(abs(spot.x - x), abs(spot.y - y)) <= reach(spot)), None)


def _half_of(spot: Spot, focus: int | None) -> int:
    return FOCUS_MARK if spot.lead.pk == focus else MARK


def _with_room(dot: Box) -> Box:
    """So much of it that the name of the town still finds a place beside it."""
    return Box(dot.left - 30, dot.low - 12, dot.right + 30, dot.high + 12)


def _dot_at(x: float, y: float) -> Box:
    return Box(x - _DOT, y - _DOT, x + _DOT, y + _DOT)
