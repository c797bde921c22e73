"""Which news a member has read."""

from django.utils import timezone

from accounts.models import User
from notifications.models import Notification
from pagecache.store import Store

MOST_COUNTED = 100


def mark_read(user: User, *, one: int | None = None, until: int | None = None) -> None:
    """One piece of the member's own news, or all up to and with one. What was read already keeps its time."""
    unread = Notification.objects.filter(user=user).unread()
    found = unread.filter(pk=one) if one else unread.filter(pk__lte=until or 0)
    found.update(read_at=timezone.now())
    _counts.drop(user.pk)


# For the head of every page: what one process counted for a member may be a minute old.
_counts: Store[int, int] = Store(max_items=2_000, ttl=60)


def unread_count(user: User, *, fresh: bool = False) -> int:
    """How much news a member has not read, as far as anybody counts."""
    if fresh:
        return _counts.put(user.pk, _count(user))
    return _counts.get_or_make(user.pk, lambda: _count(user))


def _count(user: User) -> int:
    return Notification.objects.readable_by(user).unread()[:MOST_COUNTED].count()
