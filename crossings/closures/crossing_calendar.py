"""The calendar of a crossing, of what it keeps and of its notices; and the day that it is at its two posts."""

from collections.abc import Iterable
from datetime import date, datetime

from django.urls import reverse

from crossings.clock import zones
from crossings.clock.days import KnownHours, zone_of_side
from crossings.clock.rules import SIDES
from crossings.closures.rules import Calendar, Closure, Kind, Seen
from crossings.hours import kept
from crossings.models import Crossing, Notice

_KINDS = {Notice.Kind.CLOSURE: Kind.NOTICE, Notice.Kind.HOLIDAY: Kind.NOTICE, Notice.Kind.SEASON: Kind.SEASON}


def calendar_of(crossing: Crossing, notices: Iterable[Notice]) -> Calendar:
    """Without a query; `notices` are those of the crossing that stand, of whatever kind."""
    return Calendar(
        hours=kept.of(crossing),
        countries=crossing.country_codes,
        notices=tuple(closure_of(notice) for notice in notices if notice.kind in _KINDS),
        seen={day: Seen(closed, through) for day, closed, through in kept.seen_of(crossing)},
        hours_url=reverse("crossings:hours", args=[crossing.slug]),
    )


def closure_of(notice: Notice) -> Closure:
    return Closure(
        _KINDS[Notice.Kind(notice.kind)], "ab", notice.begins_on, notice.ends_on, notice.text, "an official notice",
        notice.source, number=notice.pk,
    )  # fmt: skip


def days_at_posts(hours: KnownHours, now: datetime) -> tuple[date, datetime]:
    """The earlier one of the days on the clocks of the two posts, and when the next midnight at one of them is."""
    walls = [zone_of_side(hours, side) or zones.UTC_ZONE for side in SIDES]
    days = [zones.day_of(now, zone) for zone in walls]
    return min(days), min(zones.bounds(day, zone)[1] for day, zone in zip(days, walls, strict=True))
