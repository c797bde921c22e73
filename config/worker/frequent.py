"""Chores that the worker does when it begins, and again every ten minutes: what pages would else count while somebody
waits. No row tells when: a worker that begins again does them again."""

import logging
import time
from collections.abc import Callable
from contextlib import suppress

from django.db import Error

from config.database.passing_errors import is_cut_off
from config.worker.turn import drop_broken_connection
from forum.counters import thanks_of_the_week

logger = logging.getLogger("borderpost.worker")
APART = 600  # seconds

CHORES: list[Callable[[], object]] = [thanks_of_the_week.keep]


class FrequentChores:
    def __init__(self, timer: Callable[[], float] = time.monotonic) -> None:
        self._timer = timer
        self._due_at: float | None = None

    def do_due(self) -> None:
        """Do all, if they are due. Raises where the connection is lost; other errors are logged, and keep no other from
        being done."""
        now = self._timer()
        if self._due_at is not None and now < self._due_at:
            return
        self._due_at = now + APART
        for chore in CHORES:
            self._do(chore)

    def _do(self, chore: Callable[[], object]) -> None:
        try:
            chore()
        except Exception as error:
            logger.exception("The chore %s.%s failed", chore.__module__, getattr(chore, "__qualname__", chore))
            with suppress(Error):
                drop_broken_connection()
            if is_cut_off(error):
                raise
