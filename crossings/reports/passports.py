"""The reports of one member: the stamps in their passport, and the tab with all of them."""

from datetime import date
from typing import NamedTuple

from django.db.models import FETCH_RAISE
from django.urls import reverse

from accounts.models import User
from accounts.readers import Reader
from crossings import wording
from crossings.models import CrossingReport, Outcome
from crossings.models.report import ReportQuerySet
from crossings.status import update
from forum.extensions.fragments import MemberParts, Tab
from forum.pages.about_member import counted
from pagecache.prepared import MARK
from pagecache.prepared_models import instances

STAMPS_SHOWN = 12
# Among so many of the newest reports, the last of each crossing is looked for.
LOOKED_AT = 60


class PassportStamp(NamedTuple):
    """The last report of a member from one crossing, with its day as others may know it."""

    crossing: str
    words: str
    day: str
    colour: str
    post_id: int

    def get_absolute_url(self) -> str:
        return reverse("forum:post", args=[self.post_id])


def of_member(reader: Reader, member: User) -> MemberParts:
    """Provider of fragments for the page of a member: two queries."""
    url = reverse("crossings:member-reports", args=[member.username])
    tab = Tab("reports", "Reports", url, counted(reports_of, reader, member))
    parts = MemberParts(tabs=[tab])
    stamps = _stamps_of(reader, member, update.today()) if tab.rows_count else ()
    if stamps:
        parts.above.append({"template": "crossings/_passport.html", "key": (stamps, tab), "stamps": stamps, "tab": tab})
    return parts


def reports_of(reader: Reader, member: User | int) -> ReportQuerySet:
    """A member's reports whose stories the reader may read."""
    return CrossingReport.objects.visible_to(reader).filter(post__author=member)


def _stamps_of(reader: Reader, member: User, today: date) -> tuple[PassportStamp, ...]:
    """What they saw themselves: of each crossing the last, newest first in the order of what others may know."""
    shared = reader.shared(MARK + 1)
    own = instances(("passport", shared, today), lambda: _seen_themselves(shared, today), member.pk, reader.pk)
    last: dict[int, CrossingReport] = {}
    for report in own:
        last.setdefault(report.crossing_id, report)
    return tuple(_stamp(report, today) for report in list(last.values())[:STAMPS_SHOWN])


def _seen_themselves(reader: Reader, today: date) -> ReportQuerySet:
    own = reports_of(reader, MARK).filter(is_hearsay=False).select_related("crossing")
    return own.newest_first(today).fetch_mode(FETCH_RAISE)[:LOOKED_AT]


def _stamp(report: CrossingReport, today: date) -> PassportStamp:
    return PassportStamp(
        crossing=report.crossing.name,
        words=wording.STAMPED[Outcome(report.outcome)],
        day=wording.day_in_words(report, today),
        colour=wording.colour_of(report.outcome),
        post_id=report.post_id,
    )
