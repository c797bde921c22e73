"""Checks of the worker and its queue of tasks."""

from collections import Counter
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.timesince import timesince
from django_tasks_db.models import DBTaskResult, get_date_max

from config.health.doctor.database import ask
from config.health.doctor.results import Finding, right, warning, wrong
from config.models import chore_run
from config.worker import tries
from config.worker.lock import HOLDER_IS_NEW, IS_HELD, LOCK
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
    failed = tries.given_up().values_list("task_path", flat=True)
    names = ", ".join(f"{name} ({times})" for name, times in Counter(failed).most_common(5))
    if names:
        return wrong(
            f"Tasks that failed and wait for an administrator: {names}.",
            "At /staff/tasks/ they are tried again, or dropped; it says why they failed.",
        )
    return right("No failed task waits for an administrator.")


def late_chores() -> Finding:
    """Chores of the night. A worker that began lately, as after a restore, does them first; one that fails is no matter
    of time."""
    late = chore_run.late_chores()
    if not late:
        return right("No chore of the night is late.")
    now = timezone.now()
    names = ", ".join(f"{row.name} (last done {timesince(row.done_at, now, depth=1)} ago)" for row in late[:5])
    problems = [f"{row.name}: {row.problem}" for row in late if row.problem]
    words = f"Chores of the night that are late: {len(late)}. {names}.{' ' if problems else ''}{' '.join(problems[:2])}"
    if not problems and _began_lately():
        return warning(words, "Nothing: the worker began within the last hour, and does them first.")
    return wrong(words, "See why they fail, or what the worker is at, in its log.")


def _began_lately() -> bool:
    return ask(HOLDER_IS_NEW, LOCK) == [(True,)]


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
