import logging
import time
from datetime import UTC, datetime

from django.core.management.base import BaseCommand
from django.db import connection
from django.tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from config.worker.lock import LOCK, TRY
from config.worker.nightly import CHORES
from notifications.letters import delivery

logger = logging.getLogger("borderpost.worker")
NIGHT_HOUR = 3
PAUSE_SECONDS = 1.0
MOST_BEGINNINGS = 3


class Command(BaseCommand):
    help = "Do what was enqueued, send letters, do the chores of the night. One worker works; a second one waits."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="Do all that is waiting, then stop.")

    def handle(self, *, once: bool, **options: object) -> None:
        worker = _make_worker()
        worker.configure_signals()
        # A connection of its own, because the worker closes idle ones, which would release the lock.
        with connection.get_new_connection(connection.get_connection_params()) as guard:
            guard.autocommit = True
            self._wait_for_turn(guard, worker)
            take_up_broken_off()
            delivery.take_up_cut_off()
            self._work(worker, once=once)

    def _wait_for_turn(self, guard, worker: Worker) -> None:
        said = False
        while worker.running and not guard.execute(TRY, [LOCK]).fetchone()[0]:
            if not said:
                self.stdout.write("Another worker is at work. Waiting for it to stop.")
                said = True
            time.sleep(PAUSE_SECONDS)

    def _work(self, worker: Worker, *, once: bool) -> None:
        last_night = _night_of(datetime.now(UTC))
        while worker.running:
            worker.run()
            is_busy = delivery.send_due() > 0
            if once and not is_busy:
                return
            if (night := _night_of(datetime.now(UTC))) != last_night:
                last_night = night
                do_chores()
            if not is_busy:
                time.sleep(PAUSE_SECONDS)


def take_up_broken_off() -> None:
    """Enqueue tasks again that a killed worker left running; after MOST_BEGINNINGS starts mark them as failed, because
    they may be what kills it."""
    for task in DBTaskResult.objects.running():
        if len(task.worker_ids) < MOST_BEGINNINGS:
            DBTaskResult.objects.filter(pk=task.pk).update(status=TaskResultStatus.READY)
        else:
            task.set_failed(RuntimeError(f"Begun {len(task.worker_ids)} times, and each time the worker ended."))


def do_chores() -> None:
    """Run all nightly chores; one that fails is logged and does not stop the others."""
    for chore in CHORES:
        try:
            chore()
        except Exception:
            logger.exception("The nightly chore %s failed", chore.__name__)


def _night_of(now: datetime) -> int:
    """A number that increases once a day, at NIGHT_HOUR (UTC)."""
    return (int(now.timestamp()) - NIGHT_HOUR * 3600) // 86_400


def _make_worker() -> Worker:
    return Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="borderpost",
        excluded_queue_names=[],
    )
