"""The id of a request: in its X-Request-ID header, in each line of the logs that it writes, and on its 500 page."""

import re
import secrets
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

_SANE = re.compile(r"[A-Za-z0-9][-A-Za-z0-9._]{7,63}", re.ASCII)
_current: ContextVar[str] = ContextVar("request_id", default="")


def current() -> str:
    """The id of the request that this thread answers, or nothing."""
    return _current.get()


def request_ids(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware after `forwarded_headers`, which has dropped an X-Request-ID that no proxy of ours sent."""

    def answer(request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_X_REQUEST_ID")
        request_id = given if given and _SANE.fullmatch(given) else secrets.token_hex(8)
        before = _current.set(request_id)
        try:
            response = get_response(request)
        finally:
            _current.reset(before)
        response.headers["X-Request-ID"] = request_id
        return response

    return answer
