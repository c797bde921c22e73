"""What watches the forum from outside: /health/live (this process answers) and /health/ready (so does its database).

A container's health check and a balancer ask under any host name and without HTTPS, so these are answered before both
are looked at. Nothing of the answer is secret: one word for what is missing.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from threading import Lock

import psycopg
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

Migration = tuple[str, str]  # application and name
Answer = Callable[[HttpRequest], HttpResponse]
PATIENCE = 1.0  # seconds for the database
# A connection that hangs frees its thread after these, in seconds and milliseconds.
BRIEFLY = {"connect_timeout": 2, "tcp_user_timeout": 2000}


def health(get_response: Answer) -> Answer:
    places = {"/health/live": lambda: [], "/health/ready": what_is_missing}

    def answer(request: HttpRequest) -> HttpResponse:
        look = places.get(request.path_info)
        return _tell(request, look) if look else get_response(request)

    return answer


def _tell(request: HttpRequest, look: Callable[[], list[str]]) -> HttpResponse:
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"], headers={"Cache-Control": "no-store"})
    missing = look()
    words = f"missing: {', '.join(missing)}\n" if missing else "ok\n"
    kind = "text/plain; charset=utf-8"
    return HttpResponse(words, content_type=kind, status=503 if missing else 200, headers={"Cache-Control": "no-store"})


def what_is_missing() -> list[str]:
    """Nothing when the forum can work; otherwise "database" or "migrations"."""
    known = known_migrations()
    try:
        applied = _question.ask().result(PATIENCE)
    except (psycopg.Error, TimeoutError):
        return ["database"]
    return ["migrations"] if known - applied else []


class Question:
    """Asked by one thread at a time: whoever comes while it is open waits for the same answer.

    So a database that hangs holds one thread and one connection, however often one asks.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._asker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="health")
        self._open: Future[set[Migration]] | None = None

    def ask(self) -> Future[set[Migration]]:
        with self._lock:
            if self._open is None or self._open.done():
                self._open = self._asker.submit(applied_migrations)
            return self._open


_question = Question()


@cache
def known_migrations() -> frozenset[Migration]:
    """What this code brings: it cannot change while the process lives."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return frozenset((app, name) for app, name in loader.disk_migrations)


def applied_migrations() -> set[Migration]:
    """Asked on a connection of its own: that a new one can be had is part of the answer."""
    try:
        with connection.get_new_connection(connection.get_connection_params() | BRIEFLY) as asking:
            found = asking.execute("SELECT app, name FROM django_migrations").fetchall()
    except psycopg.errors.UndefinedTable:
        return set()
    return {(app, name) for app, name in found}
