import logging
import time

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from config.backup import half_restored
from config.database.passing_errors import passes
from config.startup import in_words
from config.worker.task_worker import Worker
from config.worker.turn import turn

logger = logging.getLogger("borderpost.worker")
PAUSE_SECONDS = 1.0
LOOK_FOR_CHORES_SECONDS = 20.0
LONGEST_PAUSE = 15.0  # seconds between two tries to reach a database that is away


class Command(BaseCommand):
    help = "Do what was enqueued, send letters, do the chores of the night. One worker works; a second one waits."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="Do all that is waiting, then stop.")

    def handle(self, *, once: bool, **options: object) -> None:
        worker = Worker()
        worker.configure_signals()
        pause = 0.0
        while worker.running:
            begun = time.monotonic()
            try:
                self._work_in_turn(worker, once=once, is_again=pause > 0)
                return
            except CommandError:
                raise
            except Exception as error:
                if once:
                    raise
                lasted = time.monotonic() - begun
                pause = PAUSE_SECONDS if lasted > LONGEST_PAUSE or not pause else min(2 * pause, LONGEST_PAUSE)
                _say_why(error, pause)
            time.sleep(pause)

    def _work_in_turn(self, worker: Worker, *, once: bool, is_again: bool) -> None:
        """Until it was told to stop, or an error breaks it off: then a new turn begins."""
        if not connection.in_atomic_block:  # as in tests, whose connection must stay
            connection.close_if_unusable_or_obsolete()
        half_restored.refuse()
        with turn(worker.goes_on, self.stdout.write) as held:
            if worker.running:
                worker.begin(held)
                if is_again:
                    logger.warning("The worker is at work again.")
                self._work(worker, once=once)

    def _work(self, worker: Worker, *, once: bool) -> None:
        """Some letters and one chore between tasks, so that none of them waits for a whole night or day."""
        chores_from = 0.0
        while worker.running:
            is_left = worker.run()
            is_busy = worker.send_letters() > 0 or is_left
            if once and not is_busy:
                return
            if not once and time.monotonic() >= chores_from:
                is_chore_done = worker.do_chore()
                is_busy = is_busy or is_chore_done
                chores_from = 0.0 if is_chore_done else time.monotonic() + LOOK_FOR_CHORES_SECONDS
            if not is_busy:
                time.sleep(PAUSE_SECONDS)


def _say_why(error: Exception, pause: float) -> None:
    """One line for what passes by itself, and a traceback for the rest: neither is a reason to end."""
    if passes(error):
        said = in_words(error) or str(error).partition("\n")[0]
        logger.warning("The worker was interrupted, and tries again in %g s. %s", pause, said)
    else:
        logger.exception("The worker was interrupted by an error, and tries again in %g s", pause, exc_info=error)
