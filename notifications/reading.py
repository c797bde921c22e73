"""Which news a member has read."""

from django.utils import timezone

from accounts.models import User
from notifications.models import Notification


def mark_read(user: User, *, one: int | None = None, until: int | None = None) -> None:
    """One piece of the member's own news, or all up to and with one. What was read already keeps its time."""
    unread = Notification.objects.filter(user=user).unread()
    found = unread.filter(pk=one) if one else unread.filter(pk__lte=until or 0)
    found.update(read_at=timezone.now())
