"""Whether a closure that somebody reports is one that was to be expected, as far as others may know its day."""

from dataclasses import replace
from datetime import date, timedelta

from crossings.clock.days import KnownHours
from crossings.closures.rules import Calendar, is_known_closed
from crossings.models import CrossingReport
from crossings.models.report import BY_THE_CALENDAR
from crossings.wording import public_day, public_precision

NO_HOURS = KnownHours()
ONE_WEEK = timedelta(days=6)


def was_announced(calendar: Calendar, report: CrossingReport, today: date) -> bool:
    """A notice closed the day, or a day of the week or month, where the report says no more than that."""
    if report.passes:
        return False
    official = replace(calendar, hours=NO_HOURS)
    return is_known_closed(official, *_public_days(report, today), today, surely=True)


def was_by_calendar(calendar: Calendar, report: CrossingReport, today: date) -> bool:
    """The post rests on the day by its hours, or may rest for a holiday. Where a report names only a week, one
    day is enough, for travellers whom the hours shut out for sure; a month, which always has weekends, says nothing."""
    if report.passes or report.only_month or report.reason not in BY_THE_CALENDAR:
        return False
    first, last = _public_days(report, today)
    return is_known_closed(calendar, first, last, today, surely=first != last)


def _public_days(report: CrossingReport, today: date) -> tuple[date, date]:
    """The first and the last of the days that others must take it to be."""
    first, precision = public_day(report, today), public_precision(report, today)
    if precision == "month":
        first = first.replace(day=1)
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first, first + (ONE_WEEK if precision == "week" else timedelta())
