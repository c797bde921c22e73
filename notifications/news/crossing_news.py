"""Notifying watchers of a crossing: at once on their page of news, and once a day by a letter."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.dateformat import format as written

from crossings.models import Notice, Status, StatusChange
from crossings.status.evidence import kept
from crossings.status.lead import in_order
from notifications.letters.write import write
from notifications.models import Letter, Notification, UnwantedLetter
from notifications.news.tell import Cause, tell_all
from notifications.watches.watchers import watchers_of_crossing

Kind = Notification.Kind
# Older notifications are not sent by letter, if the worker did not run for a while.
LATELY = timedelta(days=3)


def tell_of_status(change_id: int) -> None:
    change = StatusChange.objects.select_related("crossing").filter(pk=change_id).first()
    if change is None:
        return
    became = f"{change.get_before_display()} became {change.get_after_display().lower()}"
    cause = Cause(
        Kind.STATUS,
        f"status-{change.pk}",
        change.crossing.get_absolute_url(),
        subject=f"{change.crossing.name}: {became}",
        words=_why(change),
    )
    tell_all(watchers_of_crossing(change.crossing), cause)


def _why(change: StatusChange) -> str:
    """Of a dispute who told what, the newer side first."""
    if change.after == Status.DISPUTED:
        return in_order(kept(change.crossing.evidence), change.changed_on)
    return f"Since {written(change.changed_on, 'j F Y')}, by {change.get_source_display()}."


def tell_of_notice(notice_id: int) -> None:
    """Notify watchers of a notice, unless it is withdrawn already."""
    notice = Notice.objects.standing().select_related("crossing").filter(pk=notice_id).first()
    if notice is None:
        return
    last = f" to {written(notice.ends_on, 'j F Y')}" if notice.ends_on else ""
    cause = Cause(
        Kind.NOTICE,
        f"notice-{notice.pk}",
        notice.crossing.get_absolute_url(),
        subject=f"{notice.crossing.name}: {notice.get_kind_display().lower()}, by an official notice",
        words=f"{notice.text} From {written(notice.begins_on, 'j F Y')}{last}.",
    )
    tell_all(watchers_of_crossing(notice.crossing, exclude=[notice.entered_by_id]), cause)


def bundle() -> None:
    """Write a letter for each member with unread notifications of watches and no such letter today. Called nightly."""
    since = timezone.now() - LATELY
    unwanted = UnwantedLetter.objects.filter(user=OuterRef("user"), kind=Letter.Kind.DAY)
    fresh = Notification.objects.unread().filter(kind__in=Kind.of_watches(), letter=None, made_at__gt=since)
    for user_id in fresh.exclude(Exists(unwanted)).order_by("user").values_list("user", flat=True).distinct():
        _bundle_for(user_id, fresh)


@transaction.atomic
def _bundle_for(user_id: int, fresh) -> None:
    letter, is_new = write(user_id, Letter.Kind.DAY, f"day-{timezone.now().date().isoformat()}")
    if is_new:  # else today's is sent already, and newer notifications go into tomorrow's
        fresh.filter(user=user_id).update(letter=letter)
