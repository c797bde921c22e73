"""Public holidays of countries by the package `holidays`: which days, whether they are only estimated, what it lacks.

A holiday says what offices do. Whether a border post rests on it, nobody knows before: it *may be shut*.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays

# Years of countries that are remembered, with some twenty days each: all countries in three years.
MOST_YEARS = 500
# The tables of the package; a date of another year has no holidays that we know.
FIRST_YEAR, LAST_YEAR = 2000, 2100
# How the package marks days that go by the moon, and days off that were moved for a bridge.
_ESTIMATED = "(estimated)"
_OBSERVED = "(observed)"
_MOVED = "(substituted from"
# A country that moved so many days for bridges in the year before will do so again.
OFTEN_MOVED = 2
NAME = "the calendar of public holidays"


@dataclass(frozen=True)
class Holiday:
    """A day of a country; one that goes by the moon is only estimated."""

    name: str
    is_estimated: bool = False


@dataclass(frozen=True)
class Year:
    """The holidays of a country in a year, and what is lacking, as a sentence without the country's name."""

    days: Mapping[date, Holiday]
    lacks: str = ""


@lru_cache(maxsize=MOST_YEARS)
def of_year(code: str, year: int) -> Year:
    """Of a country by its code of two capitals."""
    found = _listed(code, year)
    if found is None:
        return Year({}, "has no calendar of public holidays here")
    if not found:
        return Year({}, f"has no public holidays for {year} in our calendar")
    lacks = ""
    if not _moved_count(found) and _moved_count(_listed(code, year - 1) or {}) >= OFTEN_MOVED:
        lacks = f"has no bridge days of {year} in our calendar yet"
    return Year({day: _holiday(words) for day, words in sorted(found.items())}, lacks)


def on_day(code: str, day: date) -> Holiday | None:
    return of_year(code, day.year).days.get(day)


def lacking(code: str, first: date, last: date) -> list[str]:
    """What is not known of a country between two days."""
    return list(dict.fromkeys(filter(None, (of_year(code, year).lacks for year in range(first.year, last.year + 1)))))


def days_of_name(code: str, year: int, name: str) -> list[date]:
    """The days on which a holiday of this name fell."""
    return [day for day, holiday in of_year(code, year).days.items() if holiday.name == name]


def _listed(code: str, year: int) -> dict[date, str] | None:
    """None for a country without a calendar."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return {}
    try:
        return dict(holidays.country_holidays(code, years=year, language="en_US"))
    except NotImplementedError:
        return None


def _moved_count(listed: Mapping[date, str]) -> int:
    return sum(_MOVED in words for words in listed.values())


def _holiday(words: str) -> Holiday:
    name = words.replace(_ESTIMATED, "").replace(_OBSERVED, "")
    if _MOVED in name:
        name = "Day off for a bridge"
    parts = dict.fromkeys(" ".join(part.split()) for part in name.split(";"))
    return Holiday(", ".join(filter(None, parts)), _ESTIMATED in words)
