"""The request log (REQUEST_LOG): one line of JSON a request, without query, body, path, or a whole address."""

import json
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse

from accounts.limits.rate_limits import client_address
from accounts.logs import request_ids
from config.telemetry.routes import method_of, route_of, wide_block

logger = logging.getLogger("borderpost.requests")


def request_log(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware after `request_ids`."""
    if not settings.REQUEST_LOG:
        raise MiddlewareNotUsed

    def answer(request: HttpRequest) -> HttpResponse:
        start = time.perf_counter()
        response = get_response(request)
        line = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "request": request_ids.current(),
            "method": method_of(request),
            "route": route_of(request),
            "status": response.status_code,
            "ms": round((time.perf_counter() - start) * 1000, 1),
            "bytes": bytes_of(request, response),
            "address": wide_block(client_address(request)),
        }
        logger.info("%s", json.dumps(line))
        return response

    return answer


def bytes_of(request: HttpRequest, response: HttpResponse) -> int | None:
    """How long the body is that is sent; None for one that is made while it is sent."""
    if request.method == "HEAD":
        return 0
    length = response.headers.get("Content-Length")
    if length is not None:
        return int(length)
    return None if response.streaming else len(response.content)
