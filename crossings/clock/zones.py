"""Clocks on walls: from the wall to the moment and back, with changes of daylight saving and of the zone itself.

Moments are in UTC. A wall clock is a day and minutes after its midnight, more than 1440 of them on the days after.
What zones did and will do is the tz database's word, by the system's files or by the package `tzdata`.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

DAY = 24 * 60  # minutes
UTC_ZONE = ZoneInfo("UTC")
# The clock by the name that is said at the border, where that is not the town of its zone.
_CALLED = {
    "Asia/Shanghai": "Beijing", "Asia/Urumqi": "Xinjiang", "Asia/Ho_Chi_Minh": "Hanoi", "Asia/Kolkata": "Delhi",
    "Asia/Famagusta": "Northern Cyprus", "America/Port-au-Prince": "Port-au-Prince",
}  # fmt: skip


@cache
def names() -> frozenset[str]:
    """All zones by towns; those that are no place ("Etc/GMT+5", "EST", "localtime") are no clock on a wall."""
    return frozenset(name for name in available_timezones() if "/" in name and not name.startswith(_NO_PLACES))


_NO_PLACES = ("Etc/", "SystemV/", "posix/", "right/", "US/")


@cache
def zone_of(name: str) -> ZoneInfo | None:
    """None for what the tz database here does not know, perhaps because it is older than the name."""
    return ZoneInfo(name) if name in names() else None


def called(name: str) -> str:
    """ "Bishkek", "Beijing": the name of a zone's clock."""
    return _CALLED.get(name) or name.rpartition("/")[2].replace("_", " ")


def instant(day: date, minutes: int, zone: ZoneInfo, *, is_later: bool = False) -> datetime:
    """The moment when the clock on the wall shows it, in UTC.

    What it shows twice (clocks are set back) is the first time unless `is_later`. What it never shows (they are set
    forward) is as long after the change as it would have been.
    """
    days, minutes = divmod(minutes, DAY)
    wall = datetime.combine(day + timedelta(days=days), time(minutes // 60, minutes % 60), zone)
    return wall.replace(fold=int(is_later)).astimezone(UTC)


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first and the last moment of a day: 23 to 25 hours apart where clocks change."""
    return instant(day, 0, zone), instant(day, DAY, zone)


def ahead(zone: ZoneInfo, other: ZoneInfo, moment: datetime) -> int:
    """By how many minutes the other clock is ahead of the first one."""
    offsets = [moment.astimezone(one).utcoffset() or timedelta() for one in (zone, other)]
    return round((offsets[1] - offsets[0]).total_seconds() / 60)
