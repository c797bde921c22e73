""" "Did you get through?": sending the letters, and filing the answers."""

from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from crossings.models import CrossingReport
from crossings.reports import actions
from notifications.letters.write import write
from notifications.models import Letter
from notifications.survey import questions

_KEYS = UUID("0f3f4f0e-5b0c-4d0e-9a53-6f0a2a4c7b15")


def ask_travellers() -> None:
    """Write one letter per crossing and day to each member whose watch is due. Called nightly."""
    for watch in questions.to_ask().order_by("pk"):
        write(
            watch.user_id,
            Letter.Kind.THROUGH,
            f"through-{watch.crossing_id}-{watch.travel_on}",
            crossing_id=watch.crossing_id,
            travel_on=watch.travel_on,
            direction=watch.direction,
        )


def filed_report(letter: Letter) -> CrossingReport | None:
    """The report that answered a letter, or None."""
    reports = CrossingReport.objects.select_related("post__topic__subforum", "crossing")
    return reports.filter(post__author=letter.user, post__idempotency_key=key_of(letter)).first()


@transaction.atomic
def file(letter: Letter, report: CrossingReport, *, source: str) -> CrossingReport:
    """Answer a letter by a first-hand report; a second answer returns the report of the first.

    `report` is unsaved. Raises what crossings.reports.actions.file_report raises.
    """
    _lock(letter)
    if found := filed_report(letter):
        return found
    crossing, _ = letter.asks_of
    filed = actions.file_report(letter.user, crossing, report, source=source, idempotency_key=key_of(letter))
    _answered(letter)
    return filed


@transaction.atomic
def did_not_go(letter: Letter) -> None:
    """Answer a letter without a report. Idempotent."""
    _lock(letter)
    _answered(letter)


def key_of(letter: Letter) -> UUID:
    """The idempotency key of the report that answers a letter."""
    return uuid5(_KEYS, str(letter.pk))


def _lock(letter: Letter) -> None:
    """Lock the letter before any row of the forum, so that a concurrent second answer waits for the first."""
    Letter.objects.select_for_update(no_key=True).get(pk=letter.pk)


def _answered(letter: Letter) -> None:
    Letter.objects.filter(pk=letter.pk, answered_at=None).update(answered_at=timezone.now())
