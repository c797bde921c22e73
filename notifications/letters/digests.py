"""When a digest goes out: in the morning of its reader, daily or on Mondays."""

from datetime import UTC, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from notifications.models import Frequency, Letter

MORNING = time(7)
KIND_OF = {Frequency.DAILY: Letter.Kind.DAY, Frequency.WEEKLY: Letter.Kind.WEEK}


class Issue(NamedTuple):
    """One digest of a member: its kind, its key, and when it is due."""

    kind: Letter.Kind
    key: str
    due_at: datetime


def next_issue(frequency: Frequency, zone_name: str, now: datetime, *, later: int = 0) -> Issue:
    """The next daily or weekly digest of a reader in that time zone; with `later`, so many after it."""
    local = now.astimezone(zone(zone_name))
    day = local.date() if local.time() < MORNING else local.date() + timedelta(days=1)
    if frequency == Frequency.WEEKLY:
        day += timedelta(days=-day.weekday() % 7 + 7 * later)
    else:
        day += timedelta(days=later)
    kind = KIND_OF[frequency]
    return Issue(kind, f"{kind}-{day.isoformat()}", datetime.combine(day, MORNING, local.tzinfo).astimezone(UTC))


@lru_cache(maxsize=500)
def zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC
