"""Reports as pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import FETCH_RAISE

from accounts.readers import ReaderFacts
from crossings import wording
from crossings.models import Crossing, CrossingReport, ReportFee
from crossings.status import rules
from crossings.status.stamp import OLD_AFTER, Stamp
from forum import markup

SHOWN_WORDS = 240


@dataclass(frozen=True)
class ShownReport:
    """A report with what its story begins with, and what it means for the status."""

    report: CrossingReport
    fees: list[ReportFee]
    day: str
    words: str
    phrases: list[str]
    colour: str
    icon: str
    confirms: bool
    is_old: bool

    @property
    def title(self) -> str:
        return "Heard, not seen" if self.report.is_hearsay else self.report.get_outcome_display()


def shown(reports: Iterable[CrossingReport], stamp: Stamp | None, today: date) -> list[ShownReport]:
    """Reports with their stories, crossing and fees at hand, as they look today beside a stamp."""
    return [_shown(report, stamp, today) for report in reports]


def _shown(report: CrossingReport, stamp: Stamp | None, today: date) -> ShownReport:
    fees = list(report.fees.all())
    _, *phrases = wording.line_of(report, fees, today)
    says = rules.says(report.outcome, report.reason, is_pool=True)
    is_old = today - report.crossed_on > OLD_AFTER
    return ShownReport(
        report=report,
        fees=fees,
        day=wording.day_in_words(report, today),
        words=markup.words_of(report.post.html, SHOWN_WORDS),
        phrases=[wording.BY_MODE[report.mode], *phrases],  # type: ignore[index]
        colour="unknown" if report.is_hearsay else wording.colour_of(report.outcome),
        icon=wording.ICONS[report.mode],  # type: ignore[index]
        confirms=bool(stamp and stamp.is_by_reports and says == stamp.status and not is_old and not report.is_hearsay),
        is_old=is_old,
    )


def reports_of(crossing: Crossing, user: ReaderFacts, today: date):
    """The reports of a crossing that the user may read, newest first, with all that is shown of them."""
    reports = CrossingReport.objects.filter(crossing=crossing).visible_to(user)
    return with_all_that_is_shown(reports).newest_first(today)


def with_all_that_is_shown(reports):
    joined = reports.select_related("post__author", "post__topic", "crossing__country_a", "crossing__country_b")
    return joined.defer("post__source").prefetch_related("fees").fetch_mode(FETCH_RAISE)
