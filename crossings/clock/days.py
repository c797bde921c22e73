"""When the post of one side works: on a day of its own wall clock, and in a stretch of time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from crossings.clock import windows, zones
from crossings.clock.rules import DOUBT_OF_OLD, HOLD_DAYS, Rule, Span, Told, Way, of_way, on_day
from crossings.clock.windows import Window
from crossings.clock.zones import DAY

ONE_DAY = timedelta(days=1)
# A post that shuts before this minute of the day, and of which nobody told when it opens, shuts after a night's work.
SMALL_HOURS = 5 * 60


class State(StrEnum):
    OPEN = "open"
    CLOSED = "closed"  # no hours on this day of the week
    PART = "part"  # it opens, but nobody told when one of its ends is
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class KnownHours:
    """All that is known of the hours of a crossing: rules and what was read at its gates."""

    rules: Sequence[Rule] = ()
    told: Sequence[Told] = ()
    # The clock on the wall of each side, by "a" and "b"; None where it is not known.
    zones: dict[str, ZoneInfo | None] = field(default_factory=dict)
    # Days that were worked out already: those that follow each other ask for the same ones.
    _days: dict[tuple[str, Way, date, date], "SideDay"] = field(default_factory=dict, compare=False, repr=False)

    def told_of(self, side: str, today: date) -> Told | None:
        """What was read at the gate of a side, for as long as posted hours hold."""
        fresh = (told for told in self.told if told.side == side and (today - told.on).days <= HOLD_DAYS)
        return max(fresh, key=lambda told: told.on, default=None)


@dataclass(frozen=True)
class SideDay:
    """A post on a day: its windows as they are posted, and as one can be sure of them."""

    side: str
    day: date
    zone: ZoneInfo | None
    state: State
    posted: list[Window] = field(default_factory=list)
    breaks: list[Window] = field(default_factory=list)
    # Of what is posted, what was also read at the gate, where that says something else.
    agreed: list[Window] = field(default_factory=list)
    sure: list[Window] = field(default_factory=list)
    # Of a day of which one end is known: when it opens, or when it shuts.
    opens: datetime | None = None
    closes: datetime | None = None
    rules: tuple[Rule, ...] = ()
    told: Told | None = None  # what was read at the gate, where it says something else, or alone says anything
    doubt: int = 0  # minutes

    @property
    def is_round_the_clock(self) -> bool:
        if self.zone is None:
            return False
        start, end = zones.bounds(self.day, self.zone)
        return windows.clipped(self.posted, start, end) == [Window(start, end)]


def side_day(hours: KnownHours, side: str, way: Way, day: date, today: date) -> SideDay:
    """A post on a day of its own clock; what began on the day before and goes on after midnight is not of this day."""
    asked = (side, way, day, today)
    if asked not in hours._days:
        work_out = _headed if way.direction else _undirected
        hours._days[asked] = work_out(hours, side, way, day, today)
    return hours._days[asked]


def is_shut(hours: KnownHours, side: str, way: Way, day: date, today: date) -> bool | None:
    """Whether a post has no hours on a day of its own clock, as `side_day` says, without its times. None: not known."""
    if not way.direction:
        either = {is_shut(hours, side, way._replace(direction=each), day, today) for each in ("a-b", "b-a")}
        return False if False in either else True if True in either else None
    if zone_of_side(hours, side) is None:
        return None
    found = on_day(of_way(hours.rules, side, way), way, day)
    if found is None or (found and not any(zones.zone_of(rule.zone) for rule in found)):
        return False if hours.told_of(side, today) else None
    return not found


def stretch(hours: KnownHours, side: str, way: Way, start: datetime, end: datetime, today: date) -> list[Window] | None:
    """When a post surely works between two moments, by any of the days that reach into it. None: not known."""
    zone = zone_of_side(hours, side)
    if zone is None:
        return None
    first, last = zones.day_of(start, zone) - ONE_DAY, zones.day_of(end, zone) + ONE_DAY
    days = [side_day(hours, side, way, first + i * ONE_DAY, today) for i in range((last - first).days + 1)]
    known = [one for one in days if one.state in {State.OPEN, State.CLOSED}]
    if not known:
        return None
    doubt = max(one.doubt for one in known)
    agreed = windows.merged(window for one in known for window in one.agreed)
    return windows.clipped(windows.narrowed(agreed, doubt), start, end)


def zone_of_side(hours: KnownHours, side: str) -> ZoneInfo | None:
    """The clock of the wall, or else the one by which its hours are given."""
    named = next((rule.zone for rule in hours.rules if rule.side == side), "")
    return hours.zones.get(side) or zones.zone_of(named)


def _headed(hours: KnownHours, side: str, way: Way, day: date, today: date) -> SideDay:
    zone = zone_of_side(hours, side)
    told = hours.told_of(side, today)
    if zone is None:
        return SideDay(side, day, None, State.UNKNOWN)
    found = on_day(of_way(hours.rules, side, way), way, day)
    rules = [rule for rule in found or () if zones.zone_of(rule.zone)]
    if found is None or (found and not rules):
        return _by_gate(side, day, zone, told)
    if not rules:
        return SideDay(side, day, zone, State.CLOSED)
    whole = [rule for rule in rules if rule.is_whole]
    if not whole:
        # A newer reading of both ends says more than rows of one end.
        is_newer = told is not None and all(rule.true_on < told.on for rule in rules)
        return _by_gate(side, day, zone, told) if is_newer else _in_part(side, day, zone, rules)
    posted, breaks = _posted(whole, day)
    against = told if told and told.contradicts(whole, _of_side(hours, side)) else None
    # What an old row and a new reading agree on is no more in doubt.
    doubt = 0 if against else max(rule.doubt(today) for rule in whole)
    agreed = windows.overlap(posted, _windows(against.spans, day, zone)) if against else posted
    return SideDay(
        side, day, zone, State.OPEN, posted, breaks, agreed, _sure(agreed, doubt, day, zone),
        rules=tuple(whole), told=against, doubt=doubt,
    )  # fmt: skip


def _of_side(hours: KnownHours, side: str) -> list[Rule]:
    return [rule for rule in hours.rules if rule.side == side]


def _undirected(hours: KnownHours, side: str, way: Way, day: date, today: date) -> SideDay:
    """What holds for either direction."""
    ways = [way._replace(direction=direction) for direction in ("a-b", "b-a")]
    one, other = (_headed(hours, side, each, day, today) for each in ways)
    if one == other or one.state != State.OPEN or other.state != State.OPEN:
        return one if one.state == State.OPEN or other.state == State.UNKNOWN else other
    return SideDay(
        side, day, one.zone, State.OPEN,
        posted=windows.overlap(one.posted, other.posted),
        breaks=windows.merged([*one.breaks, *other.breaks]),
        agreed=windows.overlap(one.agreed, other.agreed),
        sure=windows.overlap(one.sure, other.sure),
        rules=tuple(dict.fromkeys([*one.rules, *other.rules])),
        told=one.told or other.told,
        doubt=max(one.doubt, other.doubt),
    )  # fmt: skip


def _by_gate(side: str, day: date, zone: ZoneInfo, told: Told | None) -> SideDay:
    """What a traveller read at the gate is all that is known."""
    if told is None:
        return SideDay(side, day, zone, State.UNKNOWN)
    posted = windows.merged(_windows(told.spans, day, zone))
    sure = _sure(posted, DOUBT_OF_OLD, day, zone)
    return SideDay(side, day, zone, State.OPEN, posted, [], posted, sure, told=told, doubt=DOUBT_OF_OLD)


def _in_part(side: str, day: date, zone: ZoneInfo, rules: Sequence[Rule]) -> SideDay:
    opens = [zones.instant(day, rule.opens, _zone(rule)) for rule in rules if rule.opens is not None]
    first = min(opens, default=None)
    closes = []
    for rule in rules:
        if rule.closes is None:
            continue
        last = zones.instant(day, rule.closes, _zone(rule))
        is_after_midnight = rule.closes < SMALL_HOURS or (first is not None and last <= first)
        closes.append(zones.instant(day, rule.closes + DAY, _zone(rule)) if is_after_midnight else last)
    return SideDay(side, day, zone, State.PART, opens=first, closes=max(closes, default=None), rules=tuple(rules))


def _posted(rules: Sequence[Rule], day: date) -> tuple[list[Window], list[Window]]:
    """The windows of whole rules that open on a day, and their breaks."""
    found, breaks = [], []
    for rule in rules:
        zone = _zone(rule)
        found += _windows([Span(rule.opens or 0, rule.closes or 0)], day, zone)
        if rule.pause:
            # After midnight, where the hours go on past it.
            later = DAY if rule.pause.opens < (rule.opens or 0) else 0
            breaks += _windows([Span(rule.pause.opens + later, rule.pause.closes + later)], day, zone)
    posted = windows.without(found, breaks)
    return posted, windows.without(breaks, posted)


def _windows(spans: Sequence[Span], day: date, zone: ZoneInfo) -> list[Window]:
    return [
        Window(zones.instant(day, opens, zone), zones.instant(day, closes + (DAY if closes <= opens else 0), zone))
        for opens, closes in spans
    ]


def _sure(agreed: list[Window], doubt: int, day: date, zone: ZoneInfo) -> list[Window]:
    """Open from midnight to midnight, there is no end that could be wrong."""
    return agreed if agreed == [Window(*zones.bounds(day, zone))] else windows.narrowed(agreed, doubt)


def _zone(rule: Rule) -> ZoneInfo:
    return zones.zone_of(rule.zone) or zones.UTC_ZONE  # rules of zones that are not known were left out
