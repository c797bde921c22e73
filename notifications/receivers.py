"""Receivers that notify members of what happens in the forum, at crossings and by moderators: they enqueue tasks in the
transaction of the cause."""

from datetime import timedelta

from django.conf import settings
from django.dispatch import receiver
from django.utils import timezone

from accounts.models import BadgeChange, NewsVersion, User
from accounts.signals import letter_asked
from crossings.models import BadgeApplication, CrossingReport, Notice, StatusChange
from crossings.signals import (
    answer_confirmed,
    application_made,
    links_changed,
    notice_entered,
    report_counted,
    status_changed,
)
from forum import signals
from forum.models import Post, Rearrangement, Subforum, Topic
from moderation.models import ModerationEntry
from moderation.signals import acted
from notifications import news_tasks
from notifications.letters import account_letters
from notifications.news import moderation_news, read_marks
from notifications.watches import automatic, rearranged_watches
from pagecache.tasks import soon


@receiver(letter_asked)
def queue_account_letter(purpose: str, user: User | None, address: str, **kwargs: object) -> None:
    account_letters.queue(purpose, user, address)


@receiver(signals.post_published)
def tell_of_post(post: Post, draft: object = None, **kwargs: object) -> None:
    """With a draft it was written just now; without, a moderator has approved it, and readers may have passed it by."""
    news_tasks.tell_of_post.enqueue(post.pk, draft is not None)


@receiver(signals.post_changed)
def tell_of_edit(post: Post, by: User, **kwargs: object) -> None:
    news_tasks.tell_of_edit.enqueue(post.pk, post.edits_count, by.pk)


@receiver(signals.answer_accepted)
def tell_of_acceptance(post: Post, **kwargs: object) -> None:
    news_tasks.tell_of_acceptance.enqueue(post.pk)


@receiver(signals.reacted)
def tell_of_reaction(post: Post, kind: str, by: User, **kwargs: object) -> None:
    news_tasks.tell_of_reaction.enqueue(post.pk, by.pk, kind)


@receiver([signals.answer_withdrawn, signals.reaction_withdrawn])
def count_what_stands(post: Post, **kwargs: object) -> None:
    """What was taken back is no news (models/notification.py)."""
    NewsVersion.bump([post.author_id])


@receiver(signals.posts_read)
def mark_read(user: User, post_ids: list[int], **kwargs: object) -> None:
    read_marks.mark_posts_read(user, post_ids)


@receiver([signals.post_hidden, signals.post_restored, signals.post_published])
def count_without_post(post: Post, draft: object = None, **kwargs: object) -> None:
    """Nobody was told of a post that was just written."""
    if draft is None:
        _count_soon(post)


def _count_soon(post: Post) -> None:
    """Topics are hidden and held with their opening posts."""
    if post.is_opening_post:
        soon(news_tasks.count_news_of_topic, post.topic_id)
    else:
        soon(news_tasks.count_news_of_post, post.pk)


@receiver([signals.topic_hidden, signals.topic_restored, signals.topic_moved])
def count_without_topic(topic: Topic, **kwargs: object) -> None:
    soon(news_tasks.count_news_of_topic, topic.pk)


@receiver(signals.posts_moved)
def follow_posts(rearrangement: Rearrangement, **kwargs: object) -> None:
    for topic_id in sorted([rearrangement.source_id, rearrangement.target_id]):
        soon(news_tasks.count_news_of_topic, topic_id)


@receiver(signals.access_changed)
def count_without_subforum(subforum: Subforum, **kwargs: object) -> None:
    soon(news_tasks.count_news_of_subforum, subforum.pk)


@receiver(signals.subforum_removed)
def take_watches_along(subforum: Subforum, target: Subforum | None, **kwargs: object) -> None:
    if target is not None:
        rearranged_watches.follow_subforum(subforum.pk, target.pk)


@receiver(status_changed)
def tell_of_status(change: StatusChange, **kwargs: object) -> None:
    news_tasks.tell_of_status.enqueue(change.pk)


@receiver(notice_entered)
def tell_of_notice(notice: Notice, **kwargs: object) -> None:
    news_tasks.tell_of_notice.enqueue(notice.pk)


@receiver(report_counted)
def tell_of_report(report: CrossingReport, **kwargs: object) -> None:
    news_tasks.tell_of_report.enqueue(report.pk)


@receiver(answer_confirmed)
def tell_of_confirmation(post: Post, by: User, on: str, **kwargs: object) -> None:
    news_tasks.tell_of_confirmation.enqueue(post.pk, by.pk, on)


@receiver(links_changed)
def tell_of_links(topic: Topic, **kwargs: object) -> None:
    """A question concerns experts and watchers of the crossings that it is said to be about."""
    news_tasks.tell_of_links.enqueue(topic.pk)


@receiver(application_made)
def tell_of_application(application: BadgeApplication, **kwargs: object) -> None:
    news_tasks.tell_of_application.enqueue(application.pk)


@receiver(signals.badge_changed)
def tell_of_sleep(change: BadgeChange, **kwargs: object) -> None:
    if change.kind == BadgeChange.Kind.ASLEEP:
        news_tasks.tell_of_sleep.enqueue(change.badge_id, change.pk)


@receiver(acted)
def tell_of_act(entry: ModerationEntry, **kwargs: object) -> None:
    """After MODERATION_LETTER_DELAY, in which moderators may undo a mistake."""
    if moderation_news.is_told(entry):
        when = timezone.now() + timedelta(seconds=settings.MODERATION_LETTER_DELAY)
        news_tasks.tell_of_act.using(run_after=when).enqueue(entry.pk)


@receiver(signals.post_published)
def watch_on_writing(post: Post, **kwargs: object) -> None:
    automatic.watch_on_writing(post)


@receiver(signals.posts_moved)
def watches_follow_posts(rearrangement: Rearrangement, is_undone: bool, **kwargs: object) -> None:
    rearranged_watches.follow(rearrangement, is_undone=is_undone)
