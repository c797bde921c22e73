""" "Did you get through?": whom it is asked, of which crossing and day, and which answers there are."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from crossings.models import CrossingReport, Outcome
from crossings.permissions import can_report
from crossings.status.update import today
from notifications.models import Letter, Watch

# Long enough to be in a town again; a worker that slept for longer asks nobody.
ASKED_AFTER = timedelta(days=3)
ASKED_BEFORE = timedelta(days=14)
# Who has told of a crossing about that time was there on another day than planned.
AROUND = timedelta(days=7)
NOT_GONE = "not-gone"
ANSWERS = [*Outcome.choices, (NOT_GONE, "I did not go")]


def to_ask() -> QuerySet[Watch]:
    """Watches whose day is over, of which nobody was asked yet and nothing is told."""
    days = (today() - ASKED_BEFORE, today() - ASKED_AFTER)
    told = _seen(OuterRef("user"), OuterRef("crossing")).filter(crossed_on__gte=OuterRef("travel_on") - AROUND)
    asked = Letter.objects.filter(
        kind=Letter.Kind.THROUGH, user=OuterRef("user"), crossing=OuterRef("crossing"), travel_on=OuterRef("travel_on")
    )
    return Watch.objects.filter(travel_on__range=days).exclude(Exists(told)).exclude(Exists(asked))


def is_still_asked(letter: Letter) -> bool:
    """The day still stands, they may report, and have not told yet."""
    if letter.answered_at is not None or not can_report(letter.user):
        return False
    crossing, day = letter.asks_of
    watches = Watch.objects.filter(user=letter.user, crossing=crossing, travel_on=day)
    told = _seen(letter.user, crossing).filter(crossed_on__gte=day - AROUND)
    return watches.exists() and not told.exists()


def _seen(user: Any, crossing: Any) -> QuerySet[CrossingReport]:
    """What somebody told of a crossing as their own; what they only heard says nothing of themselves."""
    return CrossingReport.objects.filter(post__author=user, crossing=crossing, is_hearsay=False)
