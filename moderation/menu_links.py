"""The way to the queue, in the head of moderators' pages; and for members to what concerned them, in their menu."""

from django.urls import reverse

from accounts.models import User
from forum.extensions.menu import Sign
from moderation.actions import claims
from moderation.permissions import can_moderate_something


def of_moderators(user: User) -> list[Sign]:
    if not can_moderate_something(user):
        return []
    return [Sign("queue", reverse("moderation:queue"), "Queue", claims.waiting(user))]


def of_members(user: User) -> list[Sign]:
    return [Sign("mine", reverse("moderation:mine"), "What moderators did", icon="shield")]
