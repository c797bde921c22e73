import zoneinfo
from collections.abc import Callable
from datetime import UTC, tzinfo
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.readers import is_member

Answer = Callable[[HttpRequest], HttpResponse]


def time_zone(get_response: Answer) -> Answer:
    """Members read times as they are where they live; visitors in UTC, and no session is opened."""

    def answer(request: HttpRequest) -> HttpResponse:
        with timezone.override(_zone(request.user) if is_member(request) else UTC):
            return get_response(request)

    return answer


def _zone(member: Any) -> tzinfo:
    try:
        return zoneinfo.ZoneInfo(member.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return UTC  # a zone that was renamed since it was chosen
