"""Notifying watchers of a crossing."""

from django.utils.dateformat import format as written

from crossings.models import Notice, Status, StatusChange
from crossings.status.evidence import kept
from crossings.status.lead import in_order
from notifications.models import Notification
from notifications.news.tell import Cause, tell_all
from notifications.watches.watchers import watchers_of_crossing

Kind = Notification.Kind


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
