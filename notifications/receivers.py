"""Receivers that notify members of crossings' changes and moderators' acts: they enqueue tasks in the transaction of
the cause. Watches begin and follow in that transaction itself."""

from datetime import timedelta

from django.conf import settings
from django.dispatch import receiver
from django.utils import timezone

from crossings import signals
from crossings.models import CrossingReport, Notice, StatusChange
from forum.models import Post, Rearrangement
from forum.signals import post_published, posts_moved
from moderation.models import ModerationEntry
from moderation.signals import acted
from notifications import news_tasks
from notifications.news import moderation_news
from notifications.watches import automatic, rearranged_watches


@receiver(signals.status_changed)
def tell_of_status(change: StatusChange, **kwargs: object) -> None:
    news_tasks.tell_of_status.enqueue(change.pk)


@receiver(signals.notice_entered)
def tell_of_notice(notice: Notice, **kwargs: object) -> None:
    news_tasks.tell_of_notice.enqueue(notice.pk)


@receiver(signals.report_counted)
def tell_of_report(report: CrossingReport, **kwargs: object) -> None:
    """No notification of hearsay, and of reports by businesses."""
    if not report.is_hearsay and report.post.author.trade_at is None:
        news_tasks.tell_of_report.enqueue(report.pk)


@receiver(acted)
def tell_of_act(entry: ModerationEntry, **kwargs: object) -> None:
    """After MODERATION_LETTER_DELAY, in which moderators may undo a mistake."""
    if moderation_news.is_told(entry):
        when = timezone.now() + timedelta(seconds=settings.MODERATION_LETTER_DELAY)
        news_tasks.tell_of_act.using(run_after=when).enqueue(entry.pk)


@receiver(post_published)
def watch_on_writing(post: Post, **kwargs: object) -> None:
    automatic.watch_on_writing(post)


@receiver(posts_moved)
def watches_follow_posts(rearrangement: Rearrangement, is_undone: bool, **kwargs: object) -> None:
    rearranged_watches.follow(rearrangement, is_undone=is_undone)
