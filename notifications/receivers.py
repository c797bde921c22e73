"""What follows for watchers from what happens at a crossing: a task, in the transaction of its cause."""

from django.dispatch import receiver

from crossings import signals
from crossings.models import CrossingReport, Notice, StatusChange
from notifications import watch_tasks


@receiver(signals.status_changed)
def tell_of_status(change: StatusChange, **kwargs: object) -> None:
    watch_tasks.tell_of_status.enqueue(change.pk)


@receiver(signals.notice_entered)
def tell_of_notice(notice: Notice, **kwargs: object) -> None:
    watch_tasks.tell_of_notice.enqueue(notice.pk)


@receiver(signals.report_counted)
def tell_of_report(report: CrossingReport, **kwargs: object) -> None:
    """Hearsay, and what businesses tell, is no news of a crossing."""
    if not report.is_hearsay and report.post.author.trade_at is None:
        watch_tasks.tell_of_report.enqueue(report.pk)
