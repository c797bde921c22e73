"""A day's hours as a table: a row for each post and for both, a column for each clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as written

from crossings.clock import windows, zones
from crossings.clock.days import KnownHours, SideDay, State, zone_of_side
from crossings.clock.passage import Passage
from crossings.clock.rules import Way
from crossings.clock.windows import Window
from crossings.models import Crossing


@dataclass(frozen=True)
class Clock:
    """A column: a clock by the name that people say, and the sides whose wall it hangs on ("" is the reader's own)."""

    name: str
    zone: ZoneInfo
    sides: str


@dataclass(frozen=True)
class Cell:
    words: str
    is_own: bool = False  # the clock on that wall


@dataclass(frozen=True)
class Row:
    """Cells of each clock, or `words` across all of them."""

    label: str
    cells: Sequence[Cell] = ()
    words: str = ""
    is_break: bool = False
    is_answer: bool = False


def clocks_of(crossing: Crossing, hours: KnownHours, way: Way, day: date, own_zone: str = "") -> list[Clock]:
    """The clock of the first gate, then the other, then the reader's own; those that show the same are one column."""
    found: list[Clock] = []
    sides = way.sides if way.direction else ("a", "b")
    listed = [(side, zone_of_side(hours, side)) for side in sides]
    if own_zone and any(zone for _, zone in listed):
        listed.append(("", zones.zone_of(own_zone)))
    for side, zone in listed:
        if zone is None:
            continue
        same = next((clock for clock in found if _show_the_same(clock.zone, zone, day)), None)
        if same is None:
            found.append(Clock(zones.called(zone.key) if side else f"Yours, {zones.called(zone.key)}", zone, side))
        elif side:
            name = zones.called(zone.key)
            both = same.name if same.name == name else f"{same.name}, {name}"
            found[found.index(same)] = Clock(both, same.zone, same.sides + side)
    return found


def _show_the_same(one: ZoneInfo, other: ZoneInfo, day: date) -> bool:
    return all(zones.ahead(one, other, moment) == 0 for moment in zones.bounds(day, one))


def rows_of_post(crossing: Crossing, side: SideDay, clocks: Sequence[Clock], *, with_breaks: bool = True) -> list[Row]:
    """What is posted at one side, and its break."""
    label = crossing.country_of(side.side).name
    if side.state == State.OPEN and side.is_round_the_clock:
        return [Row(label, words="round the clock")]
    if side.state == State.PART:
        return [Row(label, _cells(clocks, side, lambda zone: _in_part(side, zone)))]
    if side.state != State.OPEN:
        return [Row(label, words=_STATES[side.state])]
    outer = windows.merged([*side.posted, *side.breaks])
    rows = [Row(label, _cells(clocks, side, lambda zone: spoken(outer, zone, side.day)))]
    if side.breaks and with_breaks:
        pauses = _cells(clocks, side, lambda zone: spoken(side.breaks, zone, side.day))
        rows.append(Row("its break", pauses, is_break=True))
    return rows


_STATES = {State.CLOSED: "closed", State.UNKNOWN: "nobody has told us"}


def row_of_both(label: str, found: Passage, clocks: Sequence[Clock]) -> list[Row]:
    """When both posts work: a row for each stretch."""
    return [
        Row(
            label if place == 0 else "and again",
            [Cell(spoken([window], clock.zone, found.day)) for clock in clocks],
            is_answer=True,
        )
        for place, window in enumerate(found.both)
    ]


def spoken(listed: Iterable[Window], zone: ZoneInfo, day: date) -> str:
    """ "08:00 to 12:00, 13:00 to 17:00"; what is on another day of that clock names it."""
    return ", ".join(f"{at(start, zone, day)} to {at(end, zone, day, is_end=True)}" for start, end in listed)


def at(moment: datetime, zone: ZoneInfo, day: date, *, is_end: bool = False) -> str:
    """ "08:00", at the end of a day "24:00", on another day "02:00 Fri"."""
    wall = moment.astimezone(zone)
    if is_end and (wall.hour, wall.minute) == (0, 0) and wall.date() == day + timedelta(days=1):
        return "24:00"
    return f"{wall:%H:%M}" if wall.date() == day else f"{wall:%H:%M} {written(wall.date(), 'D')}"


def on_all(moment: datetime, clocks: Sequence[Clock], day: date) -> str:
    """ "10:20 in Bishkek (12:20 in Beijing)"."""
    first, *others = [f"{at(moment, clock.zone, day)} {_by(clock)}" for clock in clocks]
    return f"{first} ({', '.join(others)})" if others else first


def _by(clock: Clock) -> str:
    if not clock.sides:
        return f"by your own clock, {clock.name.removeprefix('Yours, ')}"
    return f"in {clock.name.replace(', ', ' and ')}"


def _cells(clocks: Sequence[Clock], side: SideDay, words) -> list[Cell]:
    return [Cell(words(clock.zone), side.side in clock.sides) for clock in clocks]


def _in_part(side: SideDay, zone: ZoneInfo) -> str:
    if side.opens is not None:
        return f"from {at(side.opens, zone, side.day)}"
    return f"until {at(side.closes, zone, side.day)}" if side.closes else ""
