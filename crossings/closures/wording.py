"""Closures in words: who is shut, when, and by which source. For pages, calendars, news and data."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from itertools import pairwise

from django.utils.dateformat import format as written

from crossings.closures.rules import Closure, Kind

_WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
_LONG = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
Names = Mapping[str, str]  # of the two countries, by "a" and "b"


def who(sides: str, names: Names) -> str:
    """ "Both sides", "China"."""
    return "Both sides" if len(set(sides)) == 2 else names[sides]


def what(closure: Closure, names: Names) -> str:
    """ "Both sides closed", "China may be shut"."""
    return f"{who(closure.sides, names)} {'closed' if closure.is_sure else 'may be shut'}"


def why(closure: Closure) -> str:
    """ "New Year's Day", "no hours on this day of the week"."""
    if closure.kind == Kind.WEEKLY:
        return closure.name or "no hours on this day of the week"
    return closure.name


def sentence(closure: Closure, names: Names) -> str:
    """ "China may be shut: New Year's Day"."""
    return f"{what(closure, names)}: {why(closure).rstrip('.')}"


def source(closure: Closure) -> str:
    """ "Posted hours, as of May 2025, may be out of date"."""
    said = closure.source[:1].upper() + closure.source[1:]
    if closure.kind == Kind.SEASON:
        said = "An official notice of the season"
    if closure.is_old:
        said += ", may be out of date"
    if closure.is_estimated:
        said += ". An estimate: it goes by the moon and may fall a day earlier or later"
    return said


def days(first: date, last: date | None) -> str:
    """ "Tue 15 Dec", "5 to 6 Dec", "From 11 Dec"."""
    if last is None:
        return f"From {written(first, 'j M')}"
    if first == last:
        return written(first, "D j M")
    is_month = (first.year, first.month) == (last.year, last.month)
    return f"{written(first, 'j' if is_month else 'j M')} to {written(last, 'j M')}"


def days_in_full(first: date, last: date | None) -> str:
    """ "5 to 9 December", "from 11 December"."""
    if last is None:
        return f"from {written(first, 'j F')}"
    if first == last:
        return written(first, "j F")
    is_month = (first.year, first.month) == (last.year, last.month)
    return f"{written(first, 'j' if is_month else 'j F')} to {written(last, 'j F')}"


def weekdays(numbers: Iterable[int], *, is_long: bool = False) -> str:
    """Of ISO numbers: "Sat, Sun", "Fri to Sun"."""
    listed, names = sorted(numbers), _LONG if is_long else _WEEKDAYS
    if len(listed) > 2 and all(after == day + 1 for day, after in pairwise(listed)):
        return f"{names[listed[0] - 1]} to {names[listed[-1] - 1]}"
    said = [names[number - 1] for number in listed]
    if is_long and len(said) > 1:
        return f"{', '.join(said[:-1])} and {said[-1]}"
    return ", ".join(said)


def every_week(found: Collection[date], first: date, last: date) -> set[int]:
    """The days of the week that are among these days each time."""
    between = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    return {day.isoweekday() for day in found} - {day.isoweekday() for day in between if day not in found}


def in_a_day(closures: Iterable[Closure], names: Names) -> list[str]:
    """All that a day has, the surest first, as sentences with their sources."""
    ordered = sorted(closures, key=lambda one: not one.is_sure)
    return [f"{sentence(one, names)}. {source(one)}." for one in ordered]
