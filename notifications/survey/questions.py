""" "Did you get through?": which watches are asked about, and the choices of answers."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from crossings.models import CrossingReport, Outcome
from crossings.permissions import can_report
from crossings.status.update import today
from notifications.models import Letter, Watch

# After ASKED_AFTER most travellers are in a town again; if the worker did not run, nobody is asked after ASKED_BEFORE.
ASKED_AFTER = timedelta(days=3)
ASKED_BEFORE = timedelta(days=14)
# A report of a crossing on a day from this long before the planned one counts as the answer.
AROUND = timedelta(days=7)
NOT_GONE = "not-gone"
ANSWERS = [*Outcome.choices, (NOT_GONE, "I did not go")]


def to_ask() -> QuerySet[Watch]:
    """Watches whose day is over, without a letter and without a report by the member."""
    days = (today() - ASKED_BEFORE, today() - ASKED_AFTER)
    told = _seen(OuterRef("user"), OuterRef("crossing")).filter(crossed_on__gte=OuterRef("travel_on") - AROUND)
    asked = Letter.objects.filter(
        kind=Letter.Kind.THROUGH, user=OuterRef("user"), crossing=OuterRef("crossing"), travel_on=OuterRef("travel_on")
    )
    planned = Watch.objects.filter(travel_on__range=days).exclude(level=Watch.Level.MUTED)
    return planned.exclude(Exists(told)).exclude(Exists(asked))


def is_still_asked(letter: Letter) -> bool:
    """Whether the letter still needs an answer: the watch exists, the member may report, and has not reported yet."""
    if letter.answered_at is not None or not can_report(letter.user):
        return False
    crossing, day = letter.asks_of
    watches = Watch.objects.filter(user=letter.user, crossing=crossing, travel_on=day)
    told = _seen(letter.user, crossing).filter(crossed_on__gte=day - AROUND)
    return watches.exists() and not told.exists()


def _seen(user: Any, crossing: Any) -> QuerySet[CrossingReport]:
    """First-hand reports of a crossing by a member; hearsay does not say whether they were there."""
    return CrossingReport.objects.filter(post__author=user, crossing=crossing, is_hearsay=False)
