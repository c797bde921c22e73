import zoneinfo
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateformat import format as written

from accounts.readers import is_member

Answer = Callable[[HttpRequest], HttpResponse]


def time_zone(get_response: Answer) -> Answer:
    """Middleware: activates the member's time zone; visitors get UTC, without opening a session."""

    def answer(request: HttpRequest) -> HttpResponse:
        with timezone.override(_zone(request.user) if is_member(request) else UTC):
            return get_response(request)

    return answer


def _zone(member: Any) -> tzinfo:
    try:
        return zoneinfo.ZoneInfo(member.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return UTC  # the zone was removed from the tz database since it was chosen


def with_utc(moment: datetime) -> str:
    """A day and hour in the current time zone, with UTC: "3 December 2026, 14:00 (09:00 UTC)"."""
    local, utc = timezone.localtime(moment), moment.astimezone(UTC)
    if local.utcoffset() == utc.utcoffset():
        return f"{written(utc, 'j F Y, H:i')} UTC"
    there = "H:i" if local.date() == utc.date() else "j F, H:i"
    return f"{written(local, 'j F Y, H:i')} ({written(utc, there)} UTC)"
