import zoneinfo
from collections.abc import Callable
from datetime import UTC, tzinfo
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

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
