"""Figures of the whole site for /metrics, read from the database at each scrape: one row each, never a person's."""

import platform
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import django
from django.db import DatabaseError, InterfaceError, connection
from django.db.models import Case, Min, When
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily

from accounts.models import User
from config import VERSION
from config.health.question import Question
from config.models import DoctorRun
from config.worker.lock import IS_HELD, LOCK
from forum.models import Post
from moderation.models import Flag, Hold
from notifications.models import Letter

PATIENCE = 2.0  # seconds that a scrape waits for the database
LONGEST = "SET statement_timeout = '5s'"  # for one figure
LATELY = timedelta(days=1)
Figure = float | None  # None where nobody knows yet


class SiteFigures:
    """A collector of prometheus-client. While the database is away it says so, and what the code itself knows."""

    def collect(self) -> Iterator[GaugeMetricFamily | InfoMetricFamily]:
        yield InfoMetricFamily("borderpost_build", "What runs.", value=_build())
        try:
            found = question.ask().result(PATIENCE)
        except (DatabaseError, InterfaceError, TimeoutError):
            found = {}
        yield GaugeMetricFamily("borderpost_database_up", "Whether the database answered.", value=bool(found))
        for name, value in found.items():
            if value is not None:
                yield GaugeMetricFamily(f"borderpost_{name}", FIGURES[name][0], value=value)


def _build() -> dict[str, str]:
    return {"version": VERSION, "python": platform.python_version(), "django": django.get_version()}


def read() -> dict[str, Figure]:
    """All figures, over a connection of this thread that is closed at the end."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(LONGEST)
        return {name: look() for name, (_, look) in FIGURES.items()}
    finally:
        connection.close()


def _age(moment: datetime | None) -> float:
    """Seconds since then; 0 for none, and for a moment to come."""
    return max(0.0, (timezone.now() - moment).total_seconds()) if moment else 0.0


# A task that was planned waits from the time for which it was planned.
DUE_SINCE = Case(When(run_after=get_date_max(), then="enqueued_at"), default="run_after")


def _due_tasks():
    return DBTaskResult.objects.ready()


def _due_letters():
    return Letter.objects.waiting().filter(due_at__lte=timezone.now())


def _failed_tasks() -> int:
    return DBTaskResult.objects.failed().filter(finished_at__gt=timezone.now() - LATELY).count()


def _worker() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(IS_HELD, [LOCK])
        return cursor.fetchone()[0]


def _estimate(table: str) -> Figure:
    """How many rows PostgreSQL believes a table to have; None before it has looked (autovacuum, ANALYZE)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
        rows = cursor.fetchone()[0]
    return rows if rows >= 0 else None


def _doctor() -> Figure:
    latest = DoctorRun.objects.ended().first()
    return latest.wrong_count if latest else None


def _oldest(queryset, field: str | Case) -> float:
    return _age(queryset.order_by().aggregate(oldest=Min(field))["oldest"])


FIGURES: dict[str, tuple[str, Callable[[], Figure]]] = {
    "worker_up": ("Whether a worker holds its lock.", _worker),
    "tasks_waiting": ("Tasks that are due.", lambda: _due_tasks().count()),
    "tasks_oldest_seconds": ("How long the oldest due task waits.", lambda: _oldest(_due_tasks(), DUE_SINCE)),
    "tasks_failed_lately": ("Tasks that failed within a day.", _failed_tasks),
    "letters_waiting": ("Letters that are neither sent nor given up.", lambda: Letter.objects.waiting().count()),
    "letters_oldest_seconds": ("How long the oldest due letter waits.", lambda: _oldest(_due_letters(), "due_at")),
    "holds_waiting": ("Posts that wait for a moderator.", lambda: Hold.objects.open().count()),
    "flags_waiting": ("Flags that wait for a moderator.", lambda: Flag.objects.open().count()),
    "members_estimate": ("Accounts, as PostgreSQL estimates.", lambda: _estimate(User._meta.db_table)),
    "posts_estimate": ("Posts, as PostgreSQL estimates.", lambda: _estimate(Post._meta.db_table)),
    "doctor_wrong": ("Findings of the latest doctor that are wrong.", _doctor),
}
question = Question(read, "metrics")
