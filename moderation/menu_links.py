"""Menu links: the queue, in the header of moderators' pages, and acts that concern the member, in their menu."""

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
    return [Sign("mine", reverse("moderation:mine"), "Decisions on your posts", icon="shield")]
