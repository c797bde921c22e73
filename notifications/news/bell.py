"""Menu link to the page of news, with the number of unread notifications."""

from django.urls import reverse

from accounts.models import User
from forum.extensions.menu import Sign
from notifications.news.counts import unread_count


def of_news(user: User) -> list[Sign]:
    return [Sign("news", reverse("notifications:news"), "Your news", unread_count(user), icon="bell")]
