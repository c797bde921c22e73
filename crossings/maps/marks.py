"""What lies on top of a map: a mark for each crossing, a link, with the shape and colour of its status now."""

import math
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from crossings.maps.labels import Label
from crossings.maps.places import FOCUS_MARK, MARK, TAP, Place, Spot, spots_of
from crossings.maps.projection import Extent, Lambert
from crossings.maps.sheets import MAPS_KEPT, Drawing, Sheet
from crossings.models import Crossing
from crossings.status.stamp import stamp_of

# The shapes of the key, in its order.
KEY = {
    "open": "Open",
    "limited": "Restricted",
    "closed": "Closed, or for neighbours only",
    "disputed": "Disputed",
    "stale-open": "Not known, was open",
    "stale-limited": "Not known, was restricted",
    "stale-closed": "Not known, was closed",
    "unknown": "Never known",
}


class Mark(NamedTuple):
    """A crossing, or several so near to each other that one link stands for them: it leads to the first."""

    url: str
    colour: str
    # The symbol of the key.
    shape: str
    x: int
    y: int
    words: str
    label: Label | None  # seen from the mark
    is_focus: bool
    # Half of what a finger hits, which covers no mark beside it.
    tap: int

    @property
    def half(self) -> int:
        return FOCUS_MARK if self.is_focus else MARK


def marks_on(sheet: Sheet, drawing: Drawing, shown: dict[int, Crossing], today: date) -> list[Mark]:
    """Of the crossings of a map those that are shown, with status, the one in focus last and so on top."""
    places = tuple(place for place in sheet.places if place.pk in shown)
    marks = [_mark(spot, sheet, drawing, shown, today, tap) for spot, tap in _spots(sheet.extent, places, sheet.focus)]
    return sorted(marks, key=lambda mark: (mark.is_focus, mark.x, mark.y))


@lru_cache(MAPS_KEPT)
def _spots(extent: Extent, places: tuple[Place, ...], focus: int | None) -> list[tuple[Spot, int]]:
    """The spots of a map, each with its `tap`: crossings move seldom, and their statuses often."""
    spots = spots_of(Lambert(extent), places, focus)
    return [(spot, _tap(spot, spots)) for spot in spots]


def _tap(spot: Spot, spots: list[Spot]) -> int:
    nearest = min((math.hypot(other.x - spot.x, other.y - spot.y) for other in spots if other is not spot), default=99)
    return max(MARK, min(TAP, int(nearest) - MARK))


def _mark(spot: Spot, sheet: Sheet, drawing: Drawing, shown: dict[int, Crossing], today: date, tap: int) -> Mark:
    crossings = [shown[place.pk] for place in spot.places]
    stamps = [stamp_of(crossing, today) for crossing in crossings]
    words = [f"{crossing.name}: {stamp.with_evidence}" for crossing, stamp in zip(crossings, stamps, strict=True)]
    return Mark(
        url=crossings[0].get_absolute_url(),
        colour=stamps[0].colour,
        shape=stamps[0].mark,
        x=round(spot.x),
        y=round(spot.y),
        words=". At the same place, ".join(words),
        label=_label(spot, drawing),
        is_focus=spot.lead.pk == sheet.focus,
        tap=tap,
    )


def _label(spot: Spot, drawing: Drawing) -> Label | None:
    place = drawing.labels.get(str(spot.lead.pk))
    if place is None:
        return None
    x, y, anchor = place
    return Label(spot.name, round(x - round(spot.x), 1), round(y - round(spot.y), 1), anchor)
