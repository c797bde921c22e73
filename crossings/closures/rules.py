"""Which closures the calendar of a crossing has on a day of a post's own clock, each with its source. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from crossings.clock.days import KnownHours, is_shut
from crossings.clock.rules import SIDES, Way
from crossings.closures import public_holidays, rest_days

ONE_DAY = timedelta(days=1)


class Kind(StrEnum):
    """What a closure rests on; the first two are official, and the first three are sure."""

    NOTICE = "notice"
    SEASON = "season"
    WEEKLY = "weekly"  # the posted hours have none on this day of the week
    HOLIDAY = "holiday"
    REST = "rest"  # posts of the country are known to rest on these days of the year
    SEEN = "seen"  # a year ago it was found closed on this day


SURE = {Kind.NOTICE, Kind.SEASON, Kind.WEEKLY}


@dataclass(frozen=True)
class Closure:
    """One or more days on which a side is shut or may be. `last` is None while nobody knows the end."""

    kind: Kind
    sides: str  # "a", "b" or "ab"
    first: date
    last: date | None
    name: str
    source: str
    source_url: str = ""
    is_estimated: bool = False
    is_old: bool = False  # of posted hours that may be out of date
    # Of a notice its primary key, which stays.
    number: int = 0

    @property
    def is_sure(self) -> bool:
        return self.kind in SURE

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Seen:
    """How many first-hand reports of a day found it closed, and how many got through."""

    closed: int = 0
    through: int = 0


@dataclass(frozen=True)
class Calendar:
    """All that is known of the days of a crossing. `notices` are closures of both sides, as they were announced."""

    hours: KnownHours
    countries: Mapping[str, str]  # their codes, by "a" and "b"
    notices: Sequence[Closure] = ()
    # Of the last year, by days that everybody may know.
    seen: Mapping[date, Seen] = field(default_factory=dict)
    hours_url: str = ""


def of_day(calendar: Calendar, side: str, day: date, today: date) -> list[Closure]:
    """The closures of a side on a day of its own clock, the surest first."""
    found = [replace(notice, sides=side, first=day, last=day) for notice in calendar.notices if notice.covers(day)]
    if is_shut(calendar.hours, side, Way(""), day, today):
        found.append(_weekly(calendar, side, day, today))
    if may_be := _holiday(calendar, side, day) or _rest(calendar, side, day):
        found.append(may_be)
    return found or _seen(calendar, side, day)


def of_days(calendar: Calendar, side: str, first: date, last: date, today: date) -> dict[date, list[Closure]]:
    days = (first + i * ONE_DAY for i in range((last - first).days + 1))
    return {day: of_day(calendar, side, day, today) for day in days}


def is_known_closed(calendar: Calendar, first: date, last: date, today: date, *, surely: bool = False) -> bool:
    """Whether on one of these days either side was to be shut, or `surely` so, without asking any report."""
    asked = replace(calendar, seen={})
    days = (first + i * ONE_DAY for i in range((last - first).days + 1))
    found = (closure for day in days for side in SIDES for closure in of_day(asked, side, day, today))
    return any(closure.is_sure or not surely for closure in found)


def runs(closures: Iterable[Closure]) -> list[Closure]:
    """Closures of single days in order, those that follow each other and say the same as one."""
    found: list[Closure] = []
    open_runs: dict[Closure, int] = {}
    for closure in sorted(closures, key=lambda one: (one.first, one.kind, one.sides)):
        same = replace(closure, first=date.min, last=None)
        place = open_runs.get(same)
        if place is not None and found[place].last == closure.first - ONE_DAY:
            found[place] = replace(found[place], last=closure.last)
        else:
            open_runs[same] = len(found)
            found.append(closure)
    return found


def both_sides(closures: Iterable[Closure]) -> list[Closure]:
    """What holds for both sides on the same days is one closure."""
    found: dict[Closure, str] = {}
    for closure in closures:
        found.setdefault(replace(closure, sides=""), "")
        found[replace(closure, sides="")] += closure.sides
    return [replace(closure, sides="".join(sorted(set(sides)))) for closure, sides in found.items()]


def _weekly(calendar: Calendar, side: str, day: date, today: date) -> Closure:
    rules = [rule for rule in calendar.hours.rules if rule.side == side]
    known = min(rule.true_on for rule in rules)
    source = f"posted hours, as of {known:%B %Y}"
    is_old = any(rule.is_old(today) for rule in rules)
    return Closure(Kind.WEEKLY, side, day, day, "", source, calendar.hours_url, is_old=is_old)


def _holiday(calendar: Calendar, side: str, day: date) -> Closure | None:
    holiday = public_holidays.on_day(calendar.countries[side], day)
    if holiday is None:
        return None
    source = public_holidays.NAME
    return Closure(Kind.HOLIDAY, side, day, day, holiday.name, source, is_estimated=holiday.is_estimated)


def _rest(calendar: Calendar, side: str, day: date) -> Closure | None:
    rest = rest_days.on_day(calendar.countries[side], day)
    if rest is None:
        return None
    return Closure(Kind.REST, side, day, day, rest.name, f"news of {rest.as_of:%B %Y}", rest.source)


def _seen(calendar: Calendar, side: str, day: date) -> list[Closure]:
    """The same day a year ago, where somebody found it closed and nobody got through."""
    before = a_year_before(day)
    seen = calendar.seen.get(before) if before else None
    if before is None or seen is None or not seen.closed or seen.through:
        return []
    source = f"{reports(seen.closed)} of {before.day} {before:%B %Y}"
    return [Closure(Kind.SEEN, side, day, day, "Found closed a year ago", source)]


def reports(count: int) -> str:
    return "one report" if count == 1 else f"{count:,} reports"


def a_year_before(day: date) -> date | None:
    """None of a leap day."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return None
