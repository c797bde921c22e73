"""The hours of a crossing on its page: today on both clocks, and when one has to be there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.dateformat import format as written

from crossings.clock import zones
from crossings.clock.days import KnownHours, SideDay, State, zone_of_side
from crossings.clock.passage import Needed, Passage, next_opening, passage
from crossings.clock.rules import Way
from crossings.clock.windows import SHARE_OF_DOUBT, Window
from crossings.hours import kept, spans
from crossings.hours.day_table import Cell, Clock, Row, at, clocks_of, on_all, row_of_both, rows_of_post
from crossings.models import Crossing, Direction
from crossings.status import medians
from crossings.wording import duration

# Who does not say otherwise wants so many minutes to spare.
SPARE = 30
TOO_OLD = "By the posted hours both posts work at the same time for a short while, but these are too old to count on."
_WITHOUT_HOURS = {"closed", "stale"}


@dataclass(frozen=True)
class TodaysHours:
    """The box at the head of a crossing's page. `today` has the date: the page may be read after midnight."""

    today: str
    window_url: str
    clocks: Sequence[Clock] = ()
    rows: Sequence[Row] = ()
    notes: Sequence[str] = field(default_factory=list)
    is_known: bool = False
    # A crossing that is closed, or of which nobody knows whether it is, has no hours in its head: what is needed there
    # is where one gets through instead.
    is_shown: bool = True
    # When the page has to be made again: at the next midnight of the clock on the wall.
    until: datetime | None = None


def todays_hours(
    crossing: Crossing, to: str, mode: str, now: datetime, own_zone: str = "", status: str = "open"
) -> TodaysHours:  # fmt: skip
    """Of the way that is asked for, or of either way; `to` is a country's code in small letters."""
    hours, way, today = kept.of(crossing), clock_way(crossing, to, mode), now.date()
    zone = zone_of_side(hours, way.sides[0]) or zone_of_side(hours, way.sides[1])
    day = zones.day_of(now, zone) if zone else today
    title, url = f"Today, {in_full(day)}", window_url(crossing, to, mode)  # the date stands beside it: pages are kept
    until = zones.bounds(day, zone)[1] if zone else None
    if status in _WITHOUT_HOURS:
        return TodaysHours(title, url, is_shown=False, until=until)
    found = passage(hours, way, day, needed_of(crossing, way), spare=SPARE, today=today)
    if {found.leaving.state, found.entering.state} == {State.UNKNOWN}:
        return TodaysHours(title, url, until=until)
    clocks = clocks_of(crossing, hours, way, day, own_zone)
    posts = [
        row
        for side in (found.leaving, found.entering)
        for row in rows_of_post(crossing, side, clocks, with_breaks=False)
    ]
    rows = [*_answer(found, clocks), *posts]  # the answer stands above what a phone shows at its foot
    notes = [*_next(hours, found, clocks, today), *doubts(crossing, (found.leaving, found.entering), today)]
    return TodaysHours(title, url, clocks, rows, notes, is_known=True, until=until)


def clock_way(crossing: Crossing, to: str, mode: str) -> Way:
    if not to:
        return Way("", mode)
    return Way(Direction.B_TO_A if to == crossing.country_a_id.lower() else Direction.A_TO_B, mode)


def needed_of(crossing: Crossing, way: Way) -> Needed:
    if not way.direction:
        return Needed()
    return Needed(*(middle for middle, _ in medians.parts(crossing, way.direction, way.mode)))


def window_url(crossing: Crossing, to: str, mode: str, **more: str) -> str:
    asked = {name: value for name, value in {"to": to, "by": mode, **more}.items() if value}
    address = reverse("crossings:window", args=[crossing.slug])
    return f"{address}?{urlencode(asked)}" if asked else address


def in_full(day: date) -> str:
    """ "Monday 30 November"."""
    return written(day, "l j F")


def is_any_time(found: Passage) -> bool:
    """All day long, whenever one comes."""
    return found.zone is not None and found.arrivals == [Window(*zones.bounds(found.day, found.zone))]


def doubts(crossing: Crossing, sides: Sequence[SideDay], today: date) -> list[str]:
    """What makes posted hours doubtful, and how far that was counted."""
    said = []
    for side in sides:
        name = crossing.country_of(side.side).name
        if side.told and side.rules:
            month = written(side.told.on, "F Y")
            read = f"A traveller read {spans.in_words(side.told.spans)} at the gate of {name} in {month}"
            said.append(f"{read}, which is not what is posted here: only hours that both say are counted.")
        elif side.told:
            said.append(f"The hours of {name} are what a traveller read at the gate in {written(side.told.on, 'F Y')}.")
        elif old := [rule for rule in side.rules if rule.is_old(today)]:
            since = written(min(rule.true_on for rule in old), "F Y")
            narrower = f", and are counted {_up_to(side)} narrower at either end" if _is_narrowed(side) else ""
            said.append(f"The hours of {name} are of {since} and may be out of date{narrower}.")
    return said


def _up_to(side: SideDay) -> str:
    is_less = any(window.minutes < side.doubt * SHARE_OF_DOUBT for window in side.posted)
    return f"up to {side.doubt} minutes" if is_less else f"{side.doubt} minutes"


def _is_narrowed(side: SideDay) -> bool:
    return bool(side.doubt) and side.sure != side.posted


def _answer(found: Passage, clocks: Sequence[Clock]) -> list[Row]:
    if not found.way.direction or not found.way.mode:
        return row_of_both("Both work", found, clocks) if found.is_known else []
    if is_any_time(found):
        return [Row("Be there by", words="any time", is_answer=True)]
    moment = found.by or found.opens_too_short
    if moment is None:
        return []
    cells = [Cell(at(moment, clock.zone, found.day, is_end=True)) for clock in clocks]
    return [Row("Be there by", cells, is_answer=True)]


def _next(hours: KnownHours, found: Passage, clocks: Sequence[Clock], today: date) -> list[str]:
    """Where one cannot cross on this day: when one can again."""
    if found.arrivals or not found.is_known:
        return []
    if found.opens_too_short:
        return [f"{too_short(found, SPARE)}: come as it opens."]
    said = [TOO_OLD] if found.is_too_old else []
    following = next_opening(hours, found, SPARE, today)
    if following.opens is None:
        if following.is_too_old:
            return [TOO_OLD]
        return ["By the posted hours nobody gets through both posts in a day."]
    return [*said, f"Next open: {in_full(following.day)}, from {on_all(following.opens, clocks, following.day)}."]


def too_short(found: Passage, spare: int) -> str:
    """Why nobody gets through in a day on which both posts work."""
    needed = sum(part or 0 for part in (found.needed.exit, found.needed.between, found.needed.entry))
    if needed:
        more = f", and {duration(spare)} to spare" if spare else ""
        return f"Reports needed {duration(needed)}{more}: longer than both posts work"
    longest = max(window.minutes for window in found.both)
    than = "less than" if longest < spare else "no more than"
    return f"Both work for only {duration(longest)}, {than} the time to spare"
