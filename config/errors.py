"""Error pages: each says what happened and what to do, and keeps what was typed, to be sent again without a script."""

import sys
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import TemplateDoesNotExist, loader
from django.urls import reverse

from accounts.logs import request_ids, security_log
from accounts.readers import as_reader
from accounts.site_info import about_site, cookie_theme
from config.database.passing_errors import IN_USE, READ_ONLY, TOO_SLOW
from config.unsent_form import UnsentForm, unsent_form
from moderation.log import author_notices

DATABASE_IS_DOWN = (OperationalError, InterfaceError)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return _without_database(request, "400.html", 400, may_be_sent_again=False)


def too_large(request: HttpRequest) -> HttpResponse:
    """413: the body is not read, so nothing of it can be shown."""
    return _without_database(request, "413.html", 413, is_read=False)


def cut_off(request: HttpRequest) -> HttpResponse:
    """400: the body ended before its Content-Length. What came of it is not shown, because it may be half a text."""
    return _without_database(request, "400.html", 400, is_read=False)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    security_log.note("refused", request)
    unsent, restriction = unsent_form(request), _restriction(request)
    if not unsent.typed or restriction:
        unsent = unsent_form(request, may_be_sent_again=False)
    context = {"reason": str(exception or ""), "unsent": unsent, "part": restriction}
    response = render(request, "403.html", context, status=403)
    if restriction and not unsent.typed and getattr(request, "htmx", False):
        # A button of a page that is older than the suspension: htmx shows no refusal, so the whole page tells.
        response["HX-Redirect"] = reverse("moderation:mine")
    return response


def _restriction(request: HttpRequest) -> dict[str, Any] | None:
    """Until when and why a suspended or banned member cannot write; None for others."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not user.is_suspended:
        return None
    return author_notices.of_restriction(as_reader(user))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", {"unsent": unsent_form(request, may_be_sent_again=False)}, status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: the form was too old or came from another site; what was typed is shown, to copy."""
    security_log.note("refused-form", request)
    context = {"unsent": unsent_form(request, may_be_sent_again=False)}
    return render(request, "403_csrf.html", context, status=403)


def too_many(request: HttpRequest, retry_after: int = 60) -> HttpResponse:
    security_log.note("limit", request, retry_after=retry_after)
    context = {"retry_after": retry_after, "minutes": -(-retry_after // 60), "unsent": unsent_form(request)}
    response = render(request, "429.html", context, status=429)
    response["Retry-After"] = str(retry_after)
    return response


def shed(request: HttpRequest, retry_after: int = 2) -> HttpResponse:
    """503: many others ask for the same work."""
    security_log.note("shed", request, retry_after=retry_after)
    response = render(request, "503_busy.html", {"unsent": unsent_form(request)}, status=503)
    response["Retry-After"] = str(retry_after)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    error = sys.exception()
    cause = error.__cause__ if isinstance(error, DatabaseError) else None
    if isinstance(cause, IN_USE):
        return _come_back(request, "503_in_use.html", after=2)
    if isinstance(cause, READ_ONLY):
        return _come_back(request, "503_read_only.html", after=60)
    if isinstance(cause, TOO_SLOW):
        return _come_back(request, "503_too_slow.html", after=10)
    if isinstance(error, DATABASE_IS_DOWN):
        return _come_back(request, "503.html", after=30)
    return _without_database(request, "500.html", 500)


def _come_back(request: HttpRequest, template: str, *, after: int) -> HttpResponse:
    """503: the database does not answer, or not this. Nothing is lost that was acknowledged. `after` is in seconds."""
    response = _without_database(request, template, 503)
    response["Retry-After"] = str(after)
    return response


def _without_database(
    request: HttpRequest, template: str, status: int, *, is_read: bool = True, may_be_sent_again: bool = True
) -> HttpResponse:
    """Render a page without session and user, because they may be what failed."""
    unsent = unsent_form(request, may_be_sent_again=may_be_sent_again) if is_read else UnsentForm()
    context: dict[str, Any] = about_site(may_query=False) | {"theme": cookie_theme(request), "unsent": unsent}
    context["request_id"] = request_ids.current()
    try:
        page = loader.get_template(template).render(context)
    except TemplateDoesNotExist:
        return HttpResponse(f"{status}", content_type="text/plain; charset=utf-8", status=status)
    return HttpResponse(page, status=status)
