"""/metrics for Prometheus (METRICS_TOKEN): under any host name and without HTTPS, as health checks, with a token."""

import hmac
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from config.health.endpoints import headers
from config.telemetry.request_metrics import counted
from config.telemetry.site_figures import SiteFigures

PATH = "/metrics"
METHODS = ["GET", "HEAD"]


def metrics(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware before the page cache and the session. Without a token there is no such address (404)."""
    if not settings.METRICS_TOKEN:
        raise MiddlewareNotUsed

    def answer(request: HttpRequest) -> HttpResponse:
        return _answer(request) if request.path_info == PATH else get_response(request)

    return answer


def _answer(request: HttpRequest) -> HttpResponse:
    if request.method not in METHODS:
        return HttpResponseNotAllowed(METHODS, headers=headers())
    if not _has_token(request):
        asked = headers() | {"WWW-Authenticate": "Bearer"}
        return HttpResponse("A token is needed.\n", content_type="text/plain", status=401, headers=asked)
    return HttpResponse(_figures(), content_type=CONTENT_TYPE_PLAIN_0_0_4, headers=headers())


def _has_token(request: HttpRequest) -> bool:
    scheme, _, given = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    is_equal = hmac.compare_digest(given.strip().encode(errors="replace"), settings.METRICS_TOKEN.encode())
    return scheme.lower() == "bearer" and is_equal


def _figures() -> bytes:
    of_site = CollectorRegistry()
    of_site.register(SiteFigures())
    return generate_latest(counted()) + generate_latest(of_site)
