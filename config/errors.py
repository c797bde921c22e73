"""Error pages: each says what happened and what to do, and keeps what was typed."""

import sys
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.template import TemplateDoesNotExist, loader

from accounts import security_log
from accounts.site_info import about_site, cookie_theme

HIDDEN_FIELDS = {
    "csrfmiddlewaretoken",
    "password",
    "password1",
    "password2",
    "oldpassword",
    "idempotency_key",
    "seen",
    "based_on",
    "until",
    "next",
}
# Raised where the form of a POST is first parsed here, for the error page.
NOT_READABLE = (SuspiciousOperation, MultiPartParserError, OSError)
DATABASE_IS_DOWN = (OperationalError, InterfaceError)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return _without_database(request, "400.html", 400)


def too_large(request: HttpRequest) -> HttpResponse:
    return _without_database(request, "413.html", 413)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    security_log.note("refused", request)
    return render(request, "403.html", {"reason": str(exception or ""), "typed": _typed(request)}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", {"typed": _typed(request)}, status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: the form was too old or came from another site; what was typed is shown, to copy."""
    security_log.note("refused-form", request)
    return render(request, "403_csrf.html", {"typed": _typed(request)}, status=403)


def too_many(request: HttpRequest, retry_after: int = 60) -> HttpResponse:
    security_log.note("limit", request, retry_after=retry_after)
    context = {"retry_after": retry_after, "minutes": -(-retry_after // 60), "typed": _typed(request)}
    response = render(request, "429.html", context, status=429)
    response["Retry-After"] = str(retry_after)
    return response


def shed(request: HttpRequest, retry_after: int = 2) -> HttpResponse:
    """503: many others ask for the same work. What was typed is shown, to copy."""
    security_log.note("shed", request, retry_after=retry_after)
    response = render(request, "503_busy.html", {"typed": _typed(request)}, status=503)
    response["Retry-After"] = str(retry_after)
    return response


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """The posted fields and their texts, to show them for copying; never a password."""
    try:
        fields = list(request.POST.lists())
    except NOT_READABLE:
        return []
    return [
        (name, str(value))
        for name, values in fields
        for value in values
        if str(value).strip() and name not in HIDDEN_FIELDS
    ]


def server_error(request: HttpRequest) -> HttpResponse:
    if isinstance(sys.exception(), DATABASE_IS_DOWN):
        return unavailable(request)
    return _without_database(request, "500.html", 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: the database does not answer. Nothing is lost that was acknowledged."""
    response = _without_database(request, "503.html", 503)
    response["Retry-After"] = "30"
    return response


def _without_database(request: HttpRequest, template: str, status: int) -> HttpResponse:
    """Render a page without session and user, because they may be what failed."""
    context: dict[str, Any] = about_site() | {"theme": cookie_theme(request)}
    try:
        page = loader.get_template(template).render(context)
    except TemplateDoesNotExist:
        return HttpResponse(f"{status}", content_type="text/plain; charset=utf-8", status=status)
    return HttpResponse(page, status=status)
