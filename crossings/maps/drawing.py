"""The map under the marks: land, water, borders, towns and names. Nothing is drawn that the data does not hold."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crossings.maps import labels as voices
from crossings.maps.atlas import Atlas, Town
from crossings.maps.countries import place_countries
from crossings.maps.labels import Label, Labels
from crossings.maps.land import land_in
from crossings.maps.paths import dots_of, paths_of, scale_bar, texts_of
from crossings.maps.places import FOCUS_MARK, MARK, Place, Spot, spots_of
from crossings.maps.projection import Box, Extent, Lambert, Point

MOST_TOWNS = 24
NEAR_KM, FAR_KM, VILLAGES_KM = 700, 1_400, 250
_SCALE_WIDTH, _SCALE_HEIGHT = 190, 46
_DOT = 2


@dataclass(frozen=True)
class Drawing:
    """A map without its marks. `labels` says by crossing where its name goes, if there is room: x, y and anchor."""

    svg: str
    labels: dict[str, tuple[float, float, str]]
    has_disputed: bool


def draw(atlas: Atlas, extent: Extent, places: Iterable[Place], focus: int | None = None) -> Drawing:
    """Draw a map with room for the marks and names of these crossings; the one in focus has the largest name."""
    view = Lambert(extent)
    land = land_in(atlas.layers_of(view), view)
    taken = Labels(extent.width, extent.height)
    spots = spots_of(view, places, focus)
    corner = _corner(view, spots)
    taken.take(corner)
    crossings = _place_crossings(spots, focus, view, taken)
    countries = place_countries(land.countries, atlas.names, taken)
    towns = list(_place_towns(_towns_for(atlas.towns, view), view, taken))
    ground = f'<g transform="scale(.1)">{paths_of(land)}{dots_of([point for point, _ in towns])}</g>'
    names = texts_of("m-lab", countries) + texts_of("m-town", [label for _, label in towns])
    return Drawing(ground + names + scale_bar(view, corner.left), crossings, bool(land.disputed))


def _corner(view: Lambert, spots: list[Spot]) -> Box:
    """Where the scale bar goes: at the foot on the left, or on the right if a mark stands there."""
    top, foot = view.extent.height - _SCALE_HEIGHT, view.extent.height - 8.0
    right = view.extent.width - 8.0
    corners = [Box(8, top, 8 + _SCALE_WIDTH, foot), Box(right - _SCALE_WIDTH, top, right, foot)]
    for corner in corners:
        if not any(corner.touches(Box(spot.x - MARK, spot.y - MARK, spot.x + MARK, spot.y + MARK)) for spot in spots):
            return corner
    return corners[0]


def _place_crossings(
    spots: list[Spot], focus: int | None, view: Lambert, taken: Labels
) -> dict[str, tuple[float, float, str]]:
    """First every mark gets its room, then the names: of the crossing in focus, then from the middle outward."""
    for spot in spots:
        half = FOCUS_MARK if spot.lead.pk == focus else MARK
        taken.take(Box(spot.x - half, spot.y - half, spot.x + half, spot.y + half))
    middle = (view.extent.width / 2, view.extent.height / 2)
    placed = {}
    for spot in sorted(spots, key=lambda spot: (spot.lead.pk != focus, math.dist((spot.x, spot.y), middle))):
        is_focus = spot.lead.pk == focus
        voice, gap = (voices.FOCUS, FOCUS_MARK + 3) if is_focus else (voices.CROSSING, MARK + 2)
        if label := taken.place(spot.name, spot.x, spot.y, voice, gap):
            placed[str(spot.lead.pk)] = (label.x, label.y, label.anchor)
    return placed


def _towns_for(towns: list[Town], view: Lambert) -> list[Town]:
    """Those worth naming at this scale, the most useful first: round a crossing, the towns that lie nearest to one."""
    km = view.extent.km
    is_near = km <= NEAR_KM
    lowest = 12 if is_near else 6 if km <= FAR_KM else 4

    def is_worth(town: Town) -> bool:
        if is_near and town.is_nearest:
            return True
        return town.rank <= lowest and (km <= VILLAGES_KM or not town.is_village)

    seen = [town for town in towns if view.bounds.holds(town.longitude, town.latitude) and is_worth(town)]
    return sorted(seen, key=lambda town: (is_near and not town.is_nearest, town.rank, -town.people))


def _place_towns(towns: Iterable[Town], view: Lambert, taken: Labels) -> Iterator[tuple[Point, Label]]:
    placed = 0
    for town in towns:
        x, y = view.to_pixels(town.longitude, town.latitude)
        dot = Box(x - _DOT, y - _DOT, x + _DOT, y + _DOT)
        if placed == MOST_TOWNS or not taken.is_free(dot):
            continue
        if label := taken.place(town.name, x, y, voices.TOWN, 5):
            taken.take(dot)
            placed += 1
            yield (x, y), label
