"""When the nightly chores are due: each since its last run, which is a row.

So a worker that was away at night does them when it is back, and a clock that is set back repeats none.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import Error, connection
from django.utils import timezone

from config.database.passing_errors import is_cut_off
from config.models import ChoreRun
from config.models.chore_run import APART
from config.worker import nightly
from config.worker.turn import LONGEST_SILENCE, drop_broken_connection

logger = logging.getLogger("borderpost.worker")
# After a try that failed, or did not come to an end.
PAUSE = timedelta(hours=1)
# Of one statement of a chore; pages and tasks have 30 seconds.
LONGEST_STATEMENT = timedelta(minutes=10)
Chore = Callable[[], object]


def do_next() -> bool:
    """Do the first chore that is due; returns whether there was one. Raises where connection or turn are lost; other
    errors are logged and noted, and keep no other chore from being done."""
    now = timezone.now()
    rows = _rows(now)
    chore = next((chore for chore in nightly.CHORES if _may_begin(rows[name_of(chore)], now)), None)
    if chore is None:
        return False
    _do(chore, rows[name_of(chore)], now)
    return True


def name_of(chore: Chore) -> str:
    return f"{chore.__module__}.{getattr(chore, '__qualname__', chore)}"


def _rows(now: datetime) -> dict[str, ChoreRun]:
    """The row of each chore. One that is new is due in the next night; one that is no more is forgotten; a time that
    lies in the future, from a clock that was ahead, counts as now."""
    names = dict.fromkeys(name_of(chore) for chore in nightly.CHORES)
    found = {row.name: row for row in ChoreRun.objects.all()}
    if missing := [ChoreRun(name=name, done_at=now - APART) for name in names if name not in found]:
        ChoreRun.objects.bulk_create(missing, ignore_conflicts=True)
        return _rows(now)
    if gone := [found.pop(name).pk for name in found.keys() - names.keys()]:
        ChoreRun.objects.filter(pk__in=gone).delete()
    for row in found.values():
        if row.done_at > now or (row.begun_at and row.begun_at > now):
            row.done_at = min(row.done_at, now)
            row.begun_at = row.begun_at and min(row.begun_at, now)
            row.save(update_fields=["done_at", "begun_at"])
    return found


def _may_begin(row: ChoreRun, now: datetime) -> bool:
    return row.due_at <= now and (row.begun_at is None or row.begun_at + PAUSE <= now)


def _do(chore: Chore, row: ChoreRun, now: datetime) -> None:
    ChoreRun.objects.filter(pk=row.pk).update(begun_at=now)
    try:
        with _patience():
            chore()
    except Exception as error:
        logger.exception("The nightly chore %s failed", row.name)
        with suppress(Error):
            drop_broken_connection()
            ChoreRun.objects.filter(pk=row.pk).update(problem=_words(error))
        if is_cut_off(error):
            raise
    else:
        ChoreRun.objects.filter(pk=row.pk).update(done_at=timezone.now(), begun_at=None, problem="")


@contextmanager
def _patience() -> Iterator[None]:
    """No page waits for a chore, and the statements of some go through everything that is stored."""
    seconds = LONGEST_STATEMENT.total_seconds()
    database: Any = connection
    with database.cursor() as cursor:
        cursor.execute(f"SET statement_timeout = '{seconds:.0f}s'")
    try:
        with database.patience(seconds + LONGEST_SILENCE):
            yield
    finally:
        with suppress(Error), connection.cursor() as cursor:  # of a connection that is gone nothing is left
            cursor.execute("RESET statement_timeout")


def _words(error: Exception) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in repr(error))[:200]
