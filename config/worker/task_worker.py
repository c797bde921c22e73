"""The worker's tasks: each is claimed in a transaction that checks the lock, and tried again if its error passes."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db import Error, close_old_connections, transaction
from django.tasks import TaskContext
from django.tasks.signals import task_finished, task_started
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from config.database.passing_errors import passes
from config.worker import chores, tries
from config.worker.frequent import FrequentChores
from config.worker.turn import Turn, drop_broken_connection
from notifications.letters import delivery

logger = logging.getLogger("borderpost.worker")
# Seconds of tasks, after which letters that are due are sent.
LONGEST_ROUND = 15.0


class Worker(db_worker.Worker):
    """django-tasks-db's worker, whose handling of signals it keeps."""

    def __init__(self) -> None:
        super().__init__(
            queue_names=["*"], interval=0, batch=True, backend_name="default", startup_delay=False, max_tasks=None,
            worker_id="borderpost", excluded_queue_names=[],
        )  # fmt: skip
        self.turn: Turn | None = None
        self._frequent = FrequentChores()
        # Failures that could not be noted, because the database was away.
        self._unnoted: dict[Any, tuple[DBTaskResult, Exception]] = {}

    def goes_on(self) -> bool:
        """Whether it was not told to stop."""
        return self.running

    def begin(self, turn: Turn) -> None:
        """Take up what this worker or one before it left undone, now that nobody else works."""
        self.turn = turn
        for task, error in list(self._unnoted.values()):
            self._note(task, error)
        tries.take_up_broken_off()
        delivery.note_handed_over()
        delivery.take_up_cut_off()

    def run(self) -> bool:  # type: ignore[override]
        """Do tasks that are due, until none is left or LONGEST_ROUND is over: where members post without pause, letters
        and chores have their turn too. Returns whether some may be left."""
        ends_at = time.monotonic() + LONGEST_ROUND
        while self.running:
            close_old_connections()
            with self._busy():
                task = self._claim()
                if task is None:
                    return False
                self.run_task(task)
                delivery.send_due_about_accounts(goes_on=self.goes_on)  # their readers wait, and thousands may stand
            if time.monotonic() >= ends_at:
                break
        return True

    def send_letters(self) -> int:
        """Send some letters that are due; told to stop, it ends with the one in hand."""
        with self._busy():
            return delivery.send_due(goes_on=self.goes_on) if self.running else 0

    def do_chore(self) -> bool:
        """Do the frequent chores if they are due, and one of the night; told to stop, it ends with that. Returns
        whether there was one of the night."""
        with self._busy():
            if self.running:
                self._frequent.do_due()
            return self.running and chores.do_next()

    def run_task(self, task: DBTaskResult) -> None:
        try:
            task.set_successful(_call(task))
        except Exception as error:
            self._note_failure(task, error)
        else:
            _tell_finished(task)

    @transaction.atomic
    def _claim(self) -> DBTaskResult | None:
        if self.turn is not None:
            self.turn.check()
        task = DBTaskResult.objects.ready().filter(backend_name=self.backend_name).get_locked()
        if task is not None:
            task.claim(self.worker_id)
        return task

    def _note_failure(self, task: DBTaskResult, error: Exception) -> None:
        drop_broken_connection()
        self._unnoted[task.pk] = task, error
        self._note(task, error)
        task.refresh_from_db()
        if task.status == "FAILED":
            logger.error("Task %s (%s) failed", task.task_path, task.pk, exc_info=error)
            _tell_finished(task)
        else:
            logger.warning("Task %s (%s) is tried again at %s: %s", task.task_path, task.pk, task.run_after, error)

    def _note(self, task: DBTaskResult, error: Exception) -> None:
        """Note it, and keep it only while the database is away. One that cannot be noted stops no worker for ever: of
        it the name is noted."""
        try:
            tries.note_failure(task, error)
        except Exception as why:
            if passes(why):
                raise
            logger.exception("The failure of task %s (%s) cannot be noted", task.task_path, task.pk)
            self._unnoted[task.pk] = task, RuntimeError(f"{type(error).__name__}, whose text cannot be noted.")
            try:
                tries.note_failure(*self._unnoted[task.pk])
            except Exception as again:
                if not passes(again):
                    del self._unnoted[task.pk]
                raise
        del self._unnoted[task.pk]

    @contextmanager
    def _busy(self) -> Iterator[None]:
        """Told to stop, it ends with what is in hand, and not at once."""
        self.running_task = True
        try:
            yield
        finally:
            self.running_task = False


def _call(row: DBTaskResult) -> Any:
    result, task = row.task_result, row.task
    task_started.send(sender=type(task.get_backend()), task_result=result)
    context: list[TaskContext] = [TaskContext(task_result=result)] if task.takes_context else []
    return task.call(*context, *result.args, **result.kwargs)


def _tell_finished(row: DBTaskResult) -> None:
    """Django's signal, for its log; a task whose code is gone has none."""
    try:
        task_finished.send(sender=type(row.task.get_backend()), task_result=row.task_result)
    except (ImportError, SuspiciousOperation, Error):
        logger.exception("Task %s ended, and Django's signal was not sent", row.pk)
