"""What is counted of each request for /metrics: in memory, or in files that gunicorn's processes share.

gunicorn.conf.py makes the directory of those files, new at each start, and gives each process a number that its
successor gets again, so that there are no more files than processes and no counter falls when one is replaced.
"""

import os
import time
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, values
from prometheus_client.multiprocess import MultiProcessCollector

from config.telemetry.routes import method_of, route_of

FOLDER = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")
_number = os.environ.get("BORDERPOST_WEB_PROCESS")
if FOLDER and _number:
    values.ValueClass = values.MultiProcessValue(lambda: _number)

SECONDS = (0.005, 0.02, 0.1, 0.5, 2, 10)
_of_this_process = CollectorRegistry()
_answers = Counter(
    "borderpost_requests",
    "Requests by route, method and class of the status.",
    ["route", "method", "status"],
    registry=_of_this_process,
)
_durations = Histogram(
    "borderpost_request_seconds",
    "How long requests took, by route.",
    ["route"],
    buckets=SECONDS,
    registry=_of_this_process,
)
_kept_pages = Counter(
    "borderpost_kept_pages", "Requests that were answered with a kept page.", registry=_of_this_process
)


def request_metrics(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware; absent without METRICS_TOKEN."""
    if not settings.METRICS_TOKEN:
        raise MiddlewareNotUsed

    def answer(request: HttpRequest) -> HttpResponse:
        start = time.perf_counter()
        response = get_response(request)
        counters = _counters(route_of(request), method_of(request), response.status_code // 100)
        counters.answers.inc()
        counters.durations.observe(time.perf_counter() - start)
        if hasattr(request, "is_kept_page"):
            _kept_pages.inc()
        return response

    return answer


class _Counters(NamedTuple):
    answers: Counter
    durations: Histogram


@cache  # there are as many as routes, methods and classes
def _counters(route: str, method: str, status: int) -> _Counters:
    return _Counters(_answers.labels(route, method, f"{status}xx"), _durations.labels(route))


def counted() -> CollectorRegistry:
    """A registry of what all processes counted."""
    if not FOLDER:
        return _of_this_process
    registry = CollectorRegistry()
    MultiProcessCollector(registry, FOLDER)
    return registry
