"""Marking a member's news as read: by reading the posts, by opening a row, or all at once. All of it is idempotent."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from notifications.models import Notification
from notifications.models.notification import NotificationQuerySet
from notifications.news.counts import Tab, count_again, unread_count

Kind = Notification.Kind


def mark_posts_read(user: User, post_ids: Sequence[int]) -> None:
    """The user reads these posts. No query for members without unread news."""
    if post_ids and unread_count(user):
        _mark(user, Notification.objects.filter(post__in=post_ids))


def mark_all_read(user: User, until: int, tab: Tab | None = None) -> None:
    """All news, or those of a tab, up to the newest that the user has seen."""
    news = Notification.objects.filter(pk__lte=until)
    _mark(user, news.filter(kind__in=tab.kinds) if tab else news)


def open_news(user: User, news: Notification) -> str:
    """Mark the row that was opened, with all older ones that are shown in it, and return the path that it leads to.

    Replies are marked one by one, as their posts are read.
    """
    same = Notification.objects.filter(pk=news.pk)
    if news.group and news.kind != Kind.REPLY:
        same = Notification.objects.filter(kind=news.kind, group=news.group, pk__lte=news.pk)
    _mark(user, same)
    return news.url


@transaction.atomic
def _mark(user: User, news: NotificationQuerySet) -> None:
    """In order of primary key, so that two requests of one member at once cannot deadlock."""
    unread = news.unread().filter(user=user).order_by("pk").select_for_update(no_key=True)
    if Notification.objects.filter(pk__in=unread.values("pk")).update(read_at=timezone.now()):
        count_again(user)
