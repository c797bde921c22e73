"""Days on which posts will rest soon, for the home page: weekends without hours, and public holidays of countries."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from crossings.clock.days import is_shut
from crossings.clock.rules import SIDES, Way
from crossings.closures import public_holidays
from crossings.closures.rules import ONE_DAY
from crossings.hours import kept
from crossings.models import Crossing
from crossings.overview.rows import ClosureRow

WEEKLY = "No hours on these days, every week"
# Rows of holidays that are shown: of the countries with most crossings that reports tell of.
MOST_HOLIDAYS = 2
MOST_WEEKLY = 2
ONE_WEEK = timedelta(days=7)


def coming_rest(crossings: Sequence[Crossing], today: date, until: date) -> list[ClosureRow]:
    """Of crossings with their countries at hand, those that matter most first; from tomorrow on."""
    holidays = sorted(_holidays(crossings, today, until), key=lambda row: -len(row.crossings))
    return [*_weekends(crossings, today)[:MOST_WEEKLY], *holidays[:MOST_HOLIDAYS]]


def _weekends(crossings: Iterable[Crossing], today: date) -> list[ClosureRow]:
    """The next days without hours at either post, within a week; those that share them are one row."""
    found: dict[tuple[date, date], list[Crossing]] = {}
    for crossing in crossings:
        if run := next(_runs(_closed_days(crossing, today)), None):
            found.setdefault(run, []).append(crossing)
    rows = [ClosureRow(together, WEEKLY, first, last) for (first, last), together in found.items()]
    return sorted(rows, key=lambda row: -len(row.crossings))


def _closed_days(crossing: Crossing, today: date) -> list[date]:
    hours = kept.of(crossing)
    if not hours.rules:
        return []
    days = [today + i * ONE_DAY for i in range(1, ONE_WEEK.days + 2)]
    return [day for day in days if any(is_shut(hours, side, Way(""), day, today) for side in SIDES)]


def _holidays(crossings: Sequence[Crossing], today: date, until: date) -> Iterator[ClosureRow]:
    by_country: dict[str, list[Crossing]] = {}
    names = {}
    for crossing in crossings:
        for country in crossing.countries:
            by_country.setdefault(country.code, []).append(crossing)
            names[country.code] = country.name
    for code, there in by_country.items():
        named: dict[public_holidays.Holiday, list[date]] = {}
        for i in range(1, (until - today).days + 1):
            if holiday := public_holidays.on_day(code, today + i * ONE_DAY):
                named.setdefault(holiday, []).append(today + i * ONE_DAY)
        for holiday, days in named.items():
            first, last = next(_runs(days))
            estimate = ", by estimate" if holiday.is_estimated else ""
            yield ClosureRow(there, f"{holiday.name} in {names[code]}{estimate}: posts may be shut", first, last)


def _runs(days: Sequence[date]) -> Iterator[tuple[date, date]]:
    """Days in order as stretches that follow each other."""
    while days:
        count = next((i for i in range(1, len(days)) if days[i] != days[i - 1] + ONE_DAY), len(days))
        yield days[0], days[count - 1]
        days = days[count:]
