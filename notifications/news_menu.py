"""The way to one's news, in the menu of every page, with how much of it is unread."""

from django.urls import reverse

from accounts.models import User
from forum.extensions.menu import Sign
from notifications import news


def of_news(user: User) -> list[Sign]:
    return [Sign("news", reverse("notifications:news"), "Your news", news.unread_count(user), icon="bell")]
