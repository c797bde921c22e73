"""Unread notifications of a member: their number, and marking them as read."""

from django.utils import timezone

from accounts.models import User
from notifications.models import Notification
from pagecache.store import Store

MOST_COUNTED = 100


def mark_read(user: User, *, one: int | None = None, until: int | None = None) -> None:
    """Mark `one` of the member's notifications as read, or all up to the pk `until`. Idempotent."""
    unread = Notification.objects.filter(user=user).unread()
    found = unread.filter(pk=one) if one else unread.filter(pk__lte=until or 0)
    found.update(read_at=timezone.now())
    _counts.drop(user.pk)


# Cache of the number in the header of every page: up to a minute stale in one process.
_counts: Store[int, int] = Store(max_items=2_000, ttl=60)


def unread_count(user: User, *, fresh: bool = False) -> int:
    """How many readable notifications a member has not read, up to MOST_COUNTED; cached unless `fresh`."""
    if fresh:
        return _counts.put(user.pk, _count(user))
    return _counts.get_or_make(user.pk, lambda: _count(user))


def _count(user: User) -> int:
    return Notification.objects.readable_by(user).unread()[:MOST_COUNTED].count()
