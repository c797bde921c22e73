"""What reports say of one way across, a direction and a transport: kept with its cell, and put into a sentence."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.dateformat import format as written

from crossings.models.report import Mode, Outcome
from crossings.status.rules import Observation
from crossings.wording import BY_MODE

# A way without a report for so long is one of which nobody tells.
SILENT_AFTER = timedelta(days=730)
# "A cyclist got through", "Closed for a cyclist".
TRAVELLERS = {
    Mode.BICYCLE: "a cyclist", Mode.FOOT: "a traveller on foot", Mode.MOTORCYCLE: "a motorcyclist", Mode.CAR: "a car",
    Mode.TRUCK: "a camper or truck", Mode.BUS: "a bus", Mode.TAXI: "a shared taxi", Mode.TRAIN: "a train",
    Mode.BOAT: "a boat", Mode.HITCHHIKING: "a hitchhiker", Mode.TOUR: "a group",
}  # fmt: skip


def newest_of_each_side(counted: Iterable[Observation]) -> dict[tuple[str, str], list[dict]]:
    """By cell, the newest report of who got through and the newest of who did not, the newer first."""
    found: dict[tuple[str, str], list[dict]] = {}
    # On one day a closure is said first.
    order = sorted(counted, key=lambda seen: (seen.crossed_on, not _passes(seen.outcome), seen.report_id), reverse=True)
    for seen in order:
        sides = found.setdefault(seen.cell, [])
        if all(_passes(side["outcome"]) != _passes(seen.outcome) for side in sides):
            sides.append({"on": seen.crossed_on.isoformat(), "precision": seen.precision, "outcome": seen.outcome})
    return found


def in_a_sentence(mode: str, cell: dict | None, today: date) -> str:
    """ "Closed for a cyclist on 27 Nov. The last one through: 12 Nov." """
    by_mode = BY_MODE[Mode(mode)]
    if cell is None:
        return f"No report {by_mode} in the last 24 months."
    newest_on = date.fromisoformat(cell["newest_on"])
    if newest_on < today - SILENT_AFTER:
        return f"No report {by_mode} in the last 24 months. The last is of {written(newest_on, 'F Y')}."
    sides = cell.get("newest")
    if not sides:
        return f"No report {by_mode} that counts in the last 24 months."
    return _first(TRAVELLERS[Mode(mode)], sides[0], today) + (_then(sides[1], today) if len(sides) > 1 else "")


def in_short(cell: dict | None, today: date) -> str:
    """Below a stamp: "closed 27 Nov", or of who got through only "17 Nov"."""
    side = cell["newest"][0] if cell and cell.get("newest") else None
    if side is None:
        return ""
    return f"{'' if _passes(side['outcome']) else 'not through, '}{_on(side, today)}"


def _first(traveller: str, side: dict, today: date) -> str:
    when = _when(side, today)
    if side["outcome"] == Outcome.FOUND_CLOSED:
        return f"Closed for {traveller} {when}."
    done = {Outcome.CROSSED: "got through", Outcome.CONDITIONS: "got through with conditions"}
    return f"{traveller[0].upper()}{traveller[1:]} {done.get(side['outcome'], 'was turned back')} {when}."


def _then(side: dict, today: date) -> str:
    """What the other side said before that."""
    words = "The last one through" if _passes(side["outcome"]) else "The last one who was not let through"
    return f" {words}: {_on(side, today)}."


def _when(side: dict, today: date) -> str:
    preposition = {"day": "on", "week": "in the", "month": "in"}[side["precision"]]
    return f"{preposition} {_on(side, today)}"


def _on(side: dict, today: date) -> str:
    day = date.fromisoformat(side["on"])
    if side["precision"] == "month":
        return written(day, "M Y")
    said = written(day, "j M" if day.year == today.year else "j M Y")
    return f"week of {said}" if side["precision"] == "week" else said


def _passes(outcome: str) -> bool:
    return outcome in Outcome.passes()
