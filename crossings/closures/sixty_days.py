"""The next sixty days of a crossing: a cell for each day, and every closure in words with its source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from django.utils.dateformat import format as written

from crossings.clock.days import is_shut
from crossings.clock.rules import SIDES, Way
from crossings.closures import public_holidays, wording
from crossings.closures.rules import ONE_DAY, Calendar, Closure, Kind, both_sides, of_days, reports, runs
from crossings.closures.wording import Names

DAYS = 60
_WORKS, _CLOSED, _MAY_BE, _UNKNOWN = "works", "closed", "may-be", "unknown"
_WORDS = {_WORKS: "works", _CLOSED: "closed", _MAY_BE: "may be shut", _UNKNOWN: "not known"}
_OF_BOTH = {_WORKS: "both work", _CLOSED: "both closed", _MAY_BE: "both may be shut", _UNKNOWN: "not known"}


class Cell(NamedTuple):
    """A day: what it is on either side, and in words."""

    day: date
    states: tuple[str, str]
    words: str

    @property
    def label(self) -> str:
        return written(self.day, "j M" if self.day.day == 1 else "j")


class Line(NamedTuple):
    """A closure in words; `more` is its source, and what posts did a year ago."""

    when: str
    first: date
    what: str
    more: str
    url: str = ""


@dataclass(frozen=True)
class SixtyDays:
    cells: Sequence[Cell]
    closures: Sequence[Closure]
    lines: Sequence[Line]
    # What the calendars of the two countries lack.
    lacks: Sequence[str]

    weekdays = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")

    @property
    def first(self) -> date:
        return self.cells[0].day

    @property
    def last(self) -> date:
        return self.cells[-1].day

    @property
    def before(self) -> range:
        """Empty cells before the first day, for a week that begins on Monday."""
        return range(self.first.weekday())


type BySide = Mapping[str, Mapping[date, list[Closure]]]


def closures_between(
    calendar: Calendar, first: date, last: date, today: date, by_side: BySide | None = None
) -> list[Closure]:
    """All closures that touch these days, in order: each stretch once, what both sides share as one.

    `by_side` are the closures of each of these days, if somebody has looked them up already.
    """
    by_side = by_side or _of_days(calendar, first, last, today)
    official = [one for one in calendar.notices if one.first <= last and one.covers(max(one.first, first))]
    others = [one for side in SIDES for found in by_side[side].values() for one in found if not one.number]
    return sorted([*official, *runs(both_sides(others))], key=lambda one: one.first)


def sixty_days(calendar: Calendar, names: Names, first: date, today: date) -> SixtyDays:
    """From a day on, the earlier one of the two that the clocks of the posts show; `today` is the day in UTC."""
    last = first + (DAYS - 1) * ONE_DAY
    by_side = _of_days(calendar, first, last, today)
    closures = closures_between(calendar, first, last, today, by_side)
    days = [first + timedelta(days=i) for i in range(DAYS)]
    return SixtyDays(
        cells=tuple(_cell(calendar, names, day, {side: by_side[side][day] for side in SIDES}, today) for day in days),
        closures=closures,
        lines=tuple(_lines(calendar, names, closures, first, last)),
        lacks=tuple(
            f"{names[side]} {lack}."
            for side in SIDES
            for lack in public_holidays.lacking(calendar.countries[side], first, last)
        ),
    )


def _of_days(calendar: Calendar, first: date, last: date, today: date) -> BySide:
    return {side: of_days(calendar, side, first, last, today) for side in SIDES}


def _cell(calendar: Calendar, names: Names, day: date, found: Mapping[str, list[Closure]], today: date) -> Cell:
    one, other = (_state(calendar, side, day, found[side], today) for side in SIDES)
    words = _OF_BOTH[one] if one == other else f"{names['a']} {_WORDS[one]}, {names['b']} {_WORDS[other]}"
    return Cell(day, (one, other), f"{written(day, 'l')}: {words}")


def _state(calendar: Calendar, side: str, day: date, found: list[Closure], today: date) -> str:
    if found:
        return _CLOSED if any(closure.is_sure for closure in found) else _MAY_BE
    return _UNKNOWN if is_shut(calendar.hours, side, Way(""), day, today) is None else _WORKS


def _lines(calendar: Calendar, names: Names, found: Sequence[Closure], first: date, last: date) -> list[Line]:
    weekly = [one for one in found if one.kind == Kind.WEEKLY]
    others = [one for one in found if one.kind != Kind.WEEKLY]
    return [*_weekly(weekly, names, first, last), *(_line(calendar, names, one) for one in others)]


def _weekly(found: Sequence[Closure], names: Names, first: date, last: date) -> list[Line]:
    """Days of the week that are always shut are one line; of a season that begins or ends, its days."""
    lines = []
    for said in dict.fromkeys(replace(one, first=date.min, last=None) for one in found):
        same = [one for one in found if replace(one, first=date.min, last=None) == said]
        days = {day for one in same for day in _days_of(one, last)}
        always = wording.every_week(days, first, last)
        if always:
            more = wording.source(said)
            lines.append(
                Line(wording.weekdays(always), first, f"{wording.what(said, names)}, every week", more, said.source_url)
            )
        rest = sorted(day for day in days if day.isoweekday() not in always)
        lines += [_without_name(one, names) for one in runs(replace(said, first=day, last=day) for day in rest)]
    return lines


def _without_name(one: Closure, names: Names) -> Line:
    return Line(
        wording.days(one.first, one.last), one.first, wording.what(one, names), wording.source(one), one.source_url
    )


def _days_of(closure: Closure, last: date) -> list[date]:
    end = closure.last or last
    return [closure.first + i * ONE_DAY for i in range((end - closure.first).days + 1)]


def _line(calendar: Calendar, names: Names, one: Closure) -> Line:
    more = [wording.source(one), *_a_year_ago(calendar, one)]
    return Line(
        wording.days(one.first, one.last), one.first, wording.sentence(one, names), ". ".join(more), one.source_url
    )


def _a_year_ago(calendar: Calendar, one: Closure) -> list[str]:
    """What travellers saw on the same holiday of the year before."""
    if one.kind != Kind.HOLIDAY:
        return []
    before = one.first.year - 1
    days = {
        day
        for side in one.sides
        for day in public_holidays.days_of_name(calendar.countries[side], before, one.name)
    }  # fmt: skip
    seen = [calendar.seen[day] for day in days if day in calendar.seen]
    closed, through = sum(one.closed for one in seen), sum(one.through for one in seen)
    said = [f"{reports(closed)} found it closed"] if closed else []
    said += [f"{reports(through)} got through"] if through else []
    return [f"In {before} {' and '.join(said)}"] if said else []
