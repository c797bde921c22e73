"""Checks of the worker and its queue of tasks."""

from collections import Counter
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from config.health.doctor.database import ask
from config.health.doctor.results import Finding, right, wrong
from config.worker.lock import IS_HELD, LOCK
from notifications.letters.delivery import overdue, refused

LONG = timedelta(minutes=10)
LATELY = timedelta(days=1)


def worker() -> Finding:
    if ask(IS_HELD, LOCK) == [(True,)]:
        return right("A worker is at work.")
    return wrong("No worker is at work: no news, no letters, no chores of the night.", "Start manage.py worker.")


def waiting_tasks() -> Finding:
    limit = timezone.now() - LONG
    due = Q(run_after=get_date_max()) | Q(run_after__lt=limit)
    late = DBTaskResult.objects.ready().filter(due, enqueued_at__lt=limit).count()
    if late:
        minutes = int(LONG.total_seconds() // 60)
        return wrong(
            f"Tasks waiting for longer than {minutes} minutes: {late}.", "See what the worker is at, in its log."
        )
    return right("No task waits for long.")


def failed_tasks() -> Finding:
    since = timezone.now() - LATELY
    failed = DBTaskResult.objects.failed().filter(finished_at__gt=since).values_list("task_path", flat=True)
    names = ", ".join(f"{name} ({times})" for name, times in Counter(failed).most_common(5))
    if names:
        return wrong(f"Tasks failed since yesterday: {names}.", "Read why at /operator/, under task results.")
    return right("No task failed since yesterday.")


def letters() -> Finding:
    found = refused(timezone.now() - LATELY)
    if count := found.count():
        return wrong(
            f"Letters that the mail server would not take since yesterday: {count}. {found.latest('pk').problem}",
            "Look at the SMTP settings (docs/settings.md) and at the mail server's log.",
        )
    if count := overdue(timezone.now() - LONG).count():
        return wrong(f"Letters that should be sent by now: {count}.", "See what the worker is at, in its log.")
    return right("No letter is late, and the mail server refused none since yesterday.")
