"""Health check URLs: /health/live (this process answers) and /health/ready (its database does, too).

Container health checks and load balancers use any host name and no HTTPS, so this middleware answers before both are
checked. The response reveals nothing secret: one word for what is missing.
"""

from collections.abc import Callable, Iterator
from functools import cache

import psycopg
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from config.health.question import Question

Migration = tuple[str, str]  # application and name
Answer = Callable[[HttpRequest], HttpResponse]
PATIENCE = 1.0  # seconds for the database
# Timeouts of a hanging connection, in seconds and milliseconds, after which its thread is free.
BRIEFLY = {"connect_timeout": 2, "tcp_user_timeout": 2000}


def health(get_response: Answer) -> Answer:
    places = {"/health/live": lambda: [], "/health/ready": what_is_missing}

    def answer(request: HttpRequest) -> HttpResponse:
        look = places.get(request.path_info)
        return _tell(request, look) if look else get_response(request)

    return answer


def _tell(request: HttpRequest, look: Callable[[], list[str]]) -> HttpResponse:
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"], headers=headers())
    missing = look()
    words = f"missing: {', '.join(missing)}\n" if missing else "ok\n"
    kind = "text/plain; charset=utf-8"
    return HttpResponse(words, content_type=kind, status=503 if missing else 200, headers=headers())


def headers() -> dict[str, str]:
    """As on every other page: the middlewares that add them come later."""
    found = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
        "X-Robots-Tag": "noindex",
    }
    if settings.SECURE_HSTS_SECONDS:
        found["Strict-Transport-Security"] = "; ".join(_hsts())
    return found


def _hsts() -> Iterator[str]:
    """The parts of the header, as Django's SecurityMiddleware writes them."""
    yield f"max-age={settings.SECURE_HSTS_SECONDS}"
    if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS:
        yield "includeSubDomains"
    if settings.SECURE_HSTS_PRELOAD:
        yield "preload"


def what_is_missing() -> list[str]:
    """Empty if the forum can work, else "database" or "migrations"."""
    known = known_migrations()
    try:
        applied = question.ask().result(PATIENCE)
    except (psycopg.Error, TimeoutError):
        return ["database"]
    return ["migrations"] if known - applied else []


@cache
def known_migrations() -> frozenset[Migration]:
    """The migrations of this code, which cannot change while the process lives."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return frozenset((app, name) for app, name in loader.disk_migrations)


def applied_migrations() -> set[Migration]:
    """The applied migrations, by a new connection: that one can be opened is part of the check."""
    try:
        with connection.get_new_connection(connection.get_connection_params() | BRIEFLY) as asking:
            found = asking.execute("SELECT app, name FROM django_migrations").fetchall()
    except psycopg.errors.UndefinedTable:
        return set()
    return {(app, name) for app, name in found}


question = Question(applied_migrations, "health")
