"""The bell in the head of every page, with the number of unread news."""

from django.urls import reverse

from accounts.models import User
from forum.extensions.menu import Sign
from notifications.news.counts import unread_count


def of_news(user: User) -> list[Sign]:
    return [Sign("news", reverse("notifications:news"), "News", unread_count(user), icon="bell")]
