"""A crossing's status as it is shown: its word, its colour and shape, and what it rests on."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.dateformat import format as written

from crossings.models import Crossing, Status, StatusSource

# The looks of the design; neighbours only is closed to everybody else.
COLOURS = {
    Status.OPEN: "open",
    Status.LIMITED: "limited",
    Status.BILATERAL: "closed",
    Status.CLOSED: "closed",
    Status.UNKNOWN: "unknown",
    Status.DISPUTED: "disputed",
    Status.STALE: "stale",
}
# The hollow symbol stands for what is not known, and was.
# What nobody knows of today.
NOT_KNOWN = {Status.STALE, Status.UNKNOWN}
MARKS = COLOURS | {Status.STALE: "stale-open"}
# Older reports are marked so.
OLD_AFTER = timedelta(days=365)


@dataclass(frozen=True)
class Stamp:
    """A status in words and shape; what it was and since when, where it is only what the editors knew long ago."""

    status: str
    source: str
    confirmed_on: date | None
    confirmed_count: int
    as_of: date
    # What it was when anybody knew, if that is no longer known.
    stale_status: str = ""

    @property
    def words(self) -> str:
        return Status(self.status).label

    @property
    def was(self) -> str:
        """ "Open", of what is not known any more."""
        return Status(self.stale_status).label if self.stale_status else ""

    @property
    def colour(self) -> str:
        return COLOURS[Status(self.status)]

    @property
    def mark(self) -> str:
        """The symbol: hollow where nobody knows how it is today."""
        return f"stale-{COLOURS[Status(self.stale_status)]}" if self.stale_status else self.colour

    @property
    def with_evidence(self) -> str:
        """ "Open, confirmed 10 November 2026": never a bare status."""
        follows = "." if self.stale_status else "," if self.is_by_notice or self.confirmed_on else ""
        return f"{self.words}{follows} {self.evidence}"

    @property
    def evidence(self) -> str:
        """What it rests on, and of which day: "Open in June 2024" of what is not known any more."""
        if self.is_by_notice:
            return "by an official notice"
        if self.confirmed_on:
            told = "newest report" if self.is_disputed or self.is_unconfirmed else "confirmed"
            return f"{told} {written(self.confirmed_on, 'j F Y')}"
        if self.stale_status:
            return f"{self.was} in {written(self.as_of, 'F Y')}"
        return f"as of {written(self.as_of, 'F Y')}, no recent report"

    @property
    def is_old(self) -> bool:
        """Dashed: nobody knows how it is today."""
        return self.status in NOT_KNOWN

    @property
    def is_disputed(self) -> bool:
        return self.status == Status.DISPUTED

    @property
    def is_unconfirmed(self) -> bool:
        """Reports say so, but all of them are refusals of people who lacked a paper or came the wrong way."""
        return self.is_by_reports and not self.confirmed_count

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
        stale_status=crossing.editors_status if crossing.shown_status == Status.STALE else "",
    )
