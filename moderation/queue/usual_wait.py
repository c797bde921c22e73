"""How long held posts mostly wait for a moderator, in words for their authors."""

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from moderation.models import Hold
from moderation.queue.listing import Median
from pagecache.store import Store

LOOKED_AT = timedelta(days=30)
HOUR = timedelta(hours=1)
# Read on every page of an author whose posts are held; a median of a month does not turn in ten minutes.
_words: Store[str, str] = Store(max_items=1, ttl=600)


def in_words() -> str:
    """Of the holds that moderators closed in the last LOOKED_AT: "under 2 hours"; "" if there were none.

    At most ten minutes old.
    """
    return _words.get_or_make("", _of_holds)


def _of_holds() -> str:
    closed = Hold.objects.filter(closed_at__gt=timezone.now() - LOOKED_AT, closed_by__isnull=False)
    median = closed.aggregate(median=Median(F("closed_at") - F("at")))["median"]
    return "" if median is None else words_of(median)


def words_of(wait: timedelta) -> str:
    """The next full hour or day above a duration."""
    hours = wait // HOUR + 1
    if hours == 1:
        return "under an hour"
    return f"under {hours} hours" if hours <= 24 else f"under {wait // timedelta(days=1) + 1} days"
