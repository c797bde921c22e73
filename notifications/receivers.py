"""What follows for members from what happens at a crossing, and from what moderators do: a task, in the transaction of
its cause."""

from datetime import timedelta

from django.conf import settings
from django.dispatch import receiver
from django.utils import timezone

from crossings import signals
from crossings.models import CrossingReport, Notice, StatusChange
from moderation.models import ModerationEntry
from moderation.signals import acted
from notifications import moderation_news, news_tasks


@receiver(signals.status_changed)
def tell_of_status(change: StatusChange, **kwargs: object) -> None:
    news_tasks.tell_of_status.enqueue(change.pk)


@receiver(signals.notice_entered)
def tell_of_notice(notice: Notice, **kwargs: object) -> None:
    news_tasks.tell_of_notice.enqueue(notice.pk)


@receiver(signals.report_counted)
def tell_of_report(report: CrossingReport, **kwargs: object) -> None:
    """Hearsay, and what businesses tell, is no news of a crossing."""
    if not report.is_hearsay and report.post.author.trade_at is None:
        news_tasks.tell_of_report.enqueue(report.pk)


@receiver(acted)
def tell_of_act(entry: ModerationEntry, **kwargs: object) -> None:
    """After a few minutes, in which a moderator may take back what a wrong key did."""
    if moderation_news.is_told(entry):
        when = timezone.now() + timedelta(seconds=settings.MODERATION_LETTER_DELAY)
        news_tasks.tell_of_act.using(run_after=when).enqueue(entry.pk)
