"""Pages for what goes wrong: each says what happened and what to do, and keeps typed text where there is some."""

import math
import sys

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from accounts.rate_limits import TooMany


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", {"typed": _typed(request)}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def too_large(request: HttpRequest) -> HttpResponse:
    return render(request, "413.html", status=413)


def too_many(request: HttpRequest, exception: TooMany) -> HttpResponse:
    minutes = math.ceil(exception.retry_after / 60)
    response = render(request, "429.html", {"minutes": minutes, "typed": _typed(request)}, status=429)
    response.headers["Retry-After"] = str(exception.retry_after)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", {"typed": _typed(request)}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """These pages need neither the database nor a session, for one of them may be what is broken."""
    if isinstance(sys.exc_info()[1], OperationalError):
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "30"})
    return HttpResponse(render_to_string("500.html"), status=500)


def _typed(request: HttpRequest) -> str:
    return request.POST.get("source", "") if request.method == "POST" else ""
