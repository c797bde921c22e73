"""Which news a member has read."""

import time
from collections import OrderedDict

from django.utils import timezone

from accounts.models import User
from notifications.models import Notification

COUNTS_KEPT_SECONDS = 60
MEMBERS_KEPT = 2_000
MOST_COUNTED = 100


def mark_read(user: User, *, one: int | None = None, until: int | None = None) -> None:
    """One piece of the member's own news, or all up to and with one. What was read already keeps its time."""
    unread = Notification.objects.filter(user=user).unread()
    found = unread.filter(pk=one) if one else unread.filter(pk__lte=until or 0)
    found.update(read_at=timezone.now())
    _counts.pop(user.pk, None)


# For the head of every page: what one process counted for a member may be a minute old.
_counts: OrderedDict[int, tuple[float, int]] = OrderedDict()


def unread_count(user: User, *, fresh: bool = False) -> int:
    """How much news a member has not read, as far as anybody counts."""
    kept = _counts.get(user.pk)
    if kept and not fresh and time.monotonic() - kept[0] < COUNTS_KEPT_SECONDS:
        return kept[1]
    found = Notification.objects.readable_by(user).unread()[:MOST_COUNTED].count()
    _counts[user.pk] = (time.monotonic(), found)
    while len(_counts) > MEMBERS_KEPT:
        _counts.popitem(last=False)
    return found


def forget_counts() -> None:
    _counts.clear()
