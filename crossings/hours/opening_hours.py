"""Posted hours in the syntax of OpenStreetMap's key opening_hours: for others' programs. Pure.

Days of the week without hours are "off", days in no season that was told are "unknown", what opens and of which nobody
told when it shuts is "08:00+". https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from crossings.clock.rules import ALL_WEEK, DAY, Rule, spans_of

WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_YEAR = [(month + 1, day + 1) for month, length in enumerate(_LENGTHS) for day in range(length)]


class Posted(NamedTuple):
    """The hours of one side for some travellers and ways, by the clock of a zone."""

    side: str
    audience: str
    heading: str
    zone: str
    opening_hours: str


def by_group(rules: Iterable[Rule]) -> list[Posted]:
    groups: dict[tuple[str, str, str, str], list[Rule]] = {}
    for rule in rules:
        groups.setdefault((rule.side, str(rule.audience), str(rule.heading), rule.zone), []).append(rule)
    return [Posted(*group, opening_hours(tuple(found))) for group, found in groups.items()]


@lru_cache(maxsize=2_000)
def opening_hours(rules: tuple[Rule, ...]) -> str:
    """Of rules of one side, audience and heading; "" without any."""
    if not rules:
        return ""
    # Most posts have the same hours all year; of others the week changes with the seasons that hold.
    seasons = [rule for rule in rules if rule.season]
    held = [tuple(_holds(rule, day) for rule in seasons) for day in (_YEAR if seasons else _YEAR[:1])]
    by_held = {each: _week(rules, _YEAR[place]) for place, each in enumerate(held)}
    weeks = [by_held[each] for each in held]
    stretches = _stretches(weeks)
    dated = ((weeks[first], _dates(first, last) if len(stretches) > 1 else "") for first, last in stretches)
    parts = [part for week, dates in dated for part in _parts(week, dates)]
    return "24/7" if parts == ["00:00-24:00"] else "; ".join(parts)


def _week(rules: Sequence[Rule], day: tuple[int, int]) -> tuple[str, ...]:
    """What holds on each day of the week, on a day of the year; () where it is in no season that was told."""
    seasonal = [rule for rule in rules if rule.season is None or _holds(rule, day)]
    if not seasonal:
        return ()
    return tuple(_times([rule for rule in seasonal if number in rule.weekdays]) for number in sorted(ALL_WEEK))


def _holds(rule: Rule, day: tuple[int, int]) -> bool:
    if rule.season is None:
        return True
    first, last = rule.season
    return first <= day <= last if first <= last else day >= first or day <= last


def _times(rules: Sequence[Rule]) -> str:
    """A season goes before the whole year, and hours of which both ends are known before others."""
    found = [rule for rule in rules if rule.season] or list(rules)
    if not found:
        return "off"
    whole = [rule for rule in found if rule.is_whole]
    if whole:
        return ",".join(f"{_clock(span.opens)}-{_clock(span.closes)}" for span in spans_of(whole))
    opens = [rule.opens for rule in found if rule.opens is not None]
    if opens:
        return f"{_clock(min(opens))}+"
    return f'unknown "until {_clock(max(rule.closes or 0 for rule in found))}"'


def _stretches(weeks: Sequence[tuple[str, ...]]) -> list[tuple[int, int]]:
    """The first and last days of the year between which the week is the same; one may go on over the new year."""
    runs: list[tuple[int, int]] = []
    for _, days in groupby(range(len(weeks)), key=lambda day: weeks[day]):
        listed = list(days)
        runs.append((listed[0], listed[-1]))
    if len(runs) > 1 and weeks[0] == weeks[-1]:
        (_, end), (begin, _) = runs[0], runs[-1]
        runs = [*runs[1:-1], (begin, end)]
    return runs


def _dates(first: int, last: int) -> str:
    """ "Apr-Oct", "Dec 08-Apr 15"; "" of the whole year."""
    (month, day), (end_month, end_day) = _YEAR[first], _YEAR[last]
    if day == 1 and end_day == _LENGTHS[end_month - 1]:
        one, other = MONTHS[month - 1], MONTHS[end_month - 1]
        return one if month == end_month and first <= last else f"{one}-{other}"
    if first == last:
        return f"{MONTHS[month - 1]} {day:02}"
    return f"{MONTHS[month - 1]} {day:02}-{MONTHS[end_month - 1]} {end_day:02}"


def _parts(week: tuple[str, ...], dates: str) -> list[str]:
    """A rule for each kind of day; days that are alike share one."""
    if not week:
        return [_joined(dates, "", "unknown")]
    kinds: dict[str, list[int]] = {}
    for place, times in enumerate(week):
        kinds.setdefault(times, []).append(place)
    return [_joined(dates, _weekdays(places), times) for times, places in kinds.items()]


def _joined(dates: str, weekdays: str, times: str) -> str:
    return " ".join(part for part in (dates, weekdays, times) if part)


def _weekdays(places: Sequence[int]) -> str:
    """ "Mo-Fr", "Mo,We,Sa-Su"; "" of all days."""
    if len(places) == len(WEEKDAYS):
        return ""
    found = []
    for _, run in groupby(enumerate(places), key=lambda pair: pair[1] - pair[0]):
        listed = [place for _, place in run]
        first, last = WEEKDAYS[listed[0]], WEEKDAYS[listed[-1]]
        found.append(first if first == last else f"{first}-{last}")
    return ",".join(found)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}" if minutes <= DAY else "24:00"
