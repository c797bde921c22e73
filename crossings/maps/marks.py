"""What lies on top of a map: a mark for each crossing, a link, with the shape and colour of its status now."""

import math
from dataclasses import dataclass
from datetime import date

from crossings.maps.labels import Label
from crossings.maps.places import FOCUS_MARK, MARK, TAP, Spot, spots_of
from crossings.maps.projection import Lambert
from crossings.maps.sheets import Drawing, Sheet
from crossings.models import Crossing
from crossings.status.stamp import Stamp, stamp_of

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


@dataclass(frozen=True)
class Mark:
    """A crossing, or several so near to each other that one link stands for them: it leads to the first."""

    crossing: Crossing
    stamp: Stamp
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
    places = [place for place in sheet.places if place.pk in shown]
    spots = spots_of(Lambert(sheet.extent), places, sheet.focus)
    marks = [_mark(spot, sheet, drawing, shown, today, _tap(spot, spots)) for spot in spots]
    return sorted(marks, key=lambda mark: (mark.is_focus, mark.x, mark.y))


def _tap(spot: Spot, spots: list[Spot]) -> int:
    nearest = min((math.hypot(other.x - spot.x, other.y - spot.y) for other in spots if other is not spot), default=99)
    return max(MARK, min(TAP, int(nearest) - MARK))


def _mark(spot: Spot, sheet: Sheet, drawing: Drawing, shown: dict[int, Crossing], today: date, tap: int) -> Mark:
    crossings = [shown[place.pk] for place in spot.places]
    words = [f"{crossing.name}: {stamp_of(crossing, today).with_evidence}" for crossing in crossings]
    return Mark(
        crossing=crossings[0],
        stamp=stamp_of(crossings[0], today),
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
