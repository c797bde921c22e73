"""Reports as pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import FETCH_RAISE

from accounts.readers import Reader, ReaderFacts, as_reader
from crossings import wording
from crossings.closures.crossing_calendar import calendar_of
from crossings.closures.reported_days import was_by_calendar
from crossings.models import Crossing, CrossingReport, Direction, ReportFee, Status
from crossings.status import rules, update
from crossings.status.evidence import PASSES, SHUT
from crossings.status.stamp import OLD_AFTER, Stamp
from forum import markup
from pagecache.prepared import MARK
from pagecache.prepared_models import Answer, answer

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
    # It was found shut on a day on which it rests by its hours, or may for a holiday.
    is_on_day_of_rest: bool

    @property
    def way(self) -> str:
        """ "to Kyrgyzstan by bicycle"."""
        crossing = self.report.crossing
        to = crossing.country_b if self.report.direction == Direction.A_TO_B else crossing.country_a
        return f"to {to.name} {self.phrases[0]}"

    @property
    def side(self) -> str:
        """Whether it says that one gets through or not, as the evidence of a status names it; hearsay says neither."""
        if self.report.is_hearsay:
            return ""
        return PASSES if rules.lets_through(self.report.outcome, self.report.reason, is_pool=True) else SHUT

    @property
    def title(self) -> str:
        return "Heard, not seen" if self.report.is_hearsay else self.report.get_outcome_display()


def shown(reports: Iterable[CrossingReport], stamp: Stamp | None, today: date) -> list[ShownReport]:
    """Reports with their stories, crossing and fees at hand, as they look today beside a stamp."""
    return [_shown(report, stamp, today) for report in reports]


def _shown(report: CrossingReport, stamp: Stamp | None, today: date) -> ShownReport:
    fees = list(report.fees.all())
    _, *phrases = wording.line_of(report, fees, today)
    is_old = today - report.crossed_on > OLD_AFTER
    is_resting = not report.passes and was_by_calendar(calendar_of(report.crossing, ()), report, today)
    return ShownReport(
        report=report,
        fees=fees,
        day=wording.day_in_words(report, today),
        words=markup.words_of(report.post.html, SHOWN_WORDS),
        phrases=[wording.BY_MODE[report.mode], *phrases],  # type: ignore[index]
        colour="unknown" if report.is_hearsay else wording.colour_of(report.outcome),
        icon=wording.ICONS[report.mode],  # type: ignore[index]
        confirms=stamp is not None and _confirms(report, stamp, today, is_on_day_of_rest=is_resting),
        is_old=is_old,
        is_on_day_of_rest=is_resting,
    )


def _confirms(report: CrossingReport, stamp: Stamp, today: date, *, is_on_day_of_rest: bool) -> bool:
    """Whether it is one of those on which a status rests: it says the same, counts, and is not much older than the
    newest that says so, by one half-life as the stamp counts. A refusal never confirms that one gets through.
    """
    if not stamp.is_by_reports or stamp.confirmed_on is None:
        return False
    if report.is_hearsay or report.post.author.trade_at is not None or is_on_day_of_rest:
        return False
    if rules.says(report.outcome, report.reason, is_pool=True) != stamp.status:
        return False
    half_life = update.rules().half_life_of(in_conflict_zone=report.crossing.in_conflict_zone)
    is_recent = wording.public_day(report, today) >= stamp.confirmed_on - timedelta(days=half_life)
    return is_recent and report.passes == (stamp.status != Status.CLOSED)


def reports_of(crossing: Crossing, user: ReaderFacts, today: date):
    """The reports of a crossing that the user may read, newest first, with all that is shown of them."""
    reports = CrossingReport.objects.filter(crossing=crossing).visible_to(user)
    return with_all_that_is_shown(reports).newest_first(today)


def newest_of(crossing: Crossing, user: ReaderFacts, today: date, most: int) -> Answer[CrossingReport]:
    """The first of `reports_of`, at most so many, by a prepared statement."""
    shared = as_reader(user).shared(MARK + 1)
    key = ("newest reports", shared, today, most)
    return answer(key, lambda: _newest(shared, today, most), crossing.pk, user.pk)


def _newest(reader: Reader, today: date, most: int):
    """Without versions, which change when nothing of what is shown did."""
    reports = reports_of(Crossing(pk=MARK), reader, today)
    return reports.defer("post__source", "post__version", "post__topic__version", "crossing__version")[:most]


def with_all_that_is_shown(reports):
    joined = reports.select_related("post__author", "post__topic", "crossing__country_a", "crossing__country_b")
    return joined.defer("post__source").prefetch_related("fees").fetch_mode(FETCH_RAISE)
