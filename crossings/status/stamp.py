"""A crossing's status as it is shown: its word, its colour and shape, and what it rests on."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.dateformat import format as written

from crossings.models import Crossing, Status, StatusSource

# The four looks of the design; neighbours only is closed to everybody else.
COLOURS = {
    Status.OPEN: "open",
    Status.LIMITED: "limited",
    Status.BILATERAL: "closed",
    Status.CLOSED: "closed",
    Status.UNKNOWN: "unknown",
    Status.DISPUTED: "disputed",
}
OLD_AFTER = timedelta(days=365)


@dataclass(frozen=True)
class Stamp:
    """A status in words and shape. Dashed (`is_old`) when it rests on what nobody has confirmed for a year."""

    status: str
    source: str
    confirmed_on: date | None
    confirmed_count: int
    as_of: date
    is_old: bool

    @property
    def words(self) -> str:
        return Status(self.status).label

    @property
    def colour(self) -> str:
        return COLOURS[Status(self.status)]

    @property
    def with_evidence(self) -> str:
        """ "Open, confirmed 10 November 2026": never a bare status."""
        if self.is_by_notice:
            return f"{self.words}, by an official notice"
        if self.confirmed_on and self.is_disputed:
            return f"{self.words}, newest report {written(self.confirmed_on, 'j F Y')}"
        if self.confirmed_on:
            return f"{self.words}, confirmed {written(self.confirmed_on, 'j F Y')}"
        return f"{self.words} as of {written(self.as_of, 'F Y')}, no recent report"

    @property
    def is_disputed(self) -> bool:
        return self.status == Status.DISPUTED

    @property
    def is_by_reports(self) -> bool:
        return self.source == StatusSource.REPORTS

    @property
    def is_by_notice(self) -> bool:
        return self.source == StatusSource.NOTICE


def stamp_of(crossing: Crossing, today: date) -> Stamp:
    """The stamp of a crossing that with_status has told what is shown."""
    by_reports = crossing.shown_source == StatusSource.REPORTS
    return Stamp(
        status=crossing.shown_status,
        source=crossing.shown_source,
        confirmed_on=crossing.confirmed_on if by_reports else None,
        confirmed_count=crossing.confirmed_count if by_reports else 0,
        as_of=crossing.as_of,
        is_old=crossing.shown_source == StatusSource.EDITORS and today - crossing.as_of > OLD_AFTER,
    )
