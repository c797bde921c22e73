"""Whose turn it is to work: one worker works, and others wait, also after a break of the database."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.db import Error, OperationalError, connections
from django.db.backends.signals import connection_created

from config.worker.lock import IS_OURS, LOCK, RELEASE, TRY

PAUSE_SECONDS = 1.0
# Seconds after which a server that does not answer is taken for frozen: twice as long as a statement may take.
LONGEST_SILENCE = 60.0
# The guard is idle, so other settings of the server must not end it, and on a broken line the server notices within
# two minutes that nobody is there.
LASTING = """
    SET idle_session_timeout = 0;
    SET tcp_keepalives_idle = 60; SET tcp_keepalives_interval = 15; SET tcp_keepalives_count = 4
"""


class TurnIsOver(OperationalError):
    """The locks of the worker are not held any more: another worker may begin."""


class Turn:
    """The right to work: a lock on a connection that does nothing else (the guard), and one on that which works.

    The guard's lock outlasts the connections that Django closes and opens. The second lock is for a worker that loses
    its guard in the middle of a task: the next worker begins when that task has ended.
    """

    def __init__(self, guard: Any) -> None:
        self._guard = guard
        self._working = connections["default"]  # of this thread

    def wait(self, goes_on: Callable[[], bool], say: Callable[[str], None]) -> None:
        """Wait until no other worker is at work, or `goes_on` says no."""
        has_said = False
        for is_taken in (self._takes_guards_lock, self._takes_lock_of_work):
            while goes_on() and not is_taken():
                if not has_said:
                    say("Another worker is at work. Waiting for it to stop.")
                    has_said = True
                time.sleep(PAUSE_SECONDS)

    def check(self) -> None:
        """Raise TurnIsOver unless both locks are held. Called in each transaction that claims a task."""
        if not self._takes_lock_of_work():
            raise TurnIsOver("Another worker is at work.")

    def check_new_connection(self, connection: Any, **signal: Any) -> None:
        """Receiver: what works on with a new connection, also within a task, works only while it has the turn."""
        if connection is not self._working:
            return
        try:
            self.check()
        except Error:
            connection.close()
            raise

    def release(self) -> None:
        if self._working.connection is not None:
            with suppress(Error), self._working.cursor() as cursor:
                cursor.execute(RELEASE)

    def _takes_guards_lock(self) -> bool:
        return self._guard.execute(TRY, [LOCK]).fetchone()[0]

    def _takes_lock_of_work(self) -> bool:
        with self._working.cursor() as cursor:
            cursor.execute(IS_OURS, [self._guard.info.backend_pid])
            [(has_guard, is_ours)] = cursor.fetchall()
        if not has_guard:
            raise TurnIsOver("The connection that held the worker's lock was ended.")
        return is_ours


def drop_broken_connection() -> None:
    """Close the connection of this thread if it broke, so that the next query opens another."""
    working = connections["default"]
    if working.errors_occurred and not working.in_atomic_block:
        working.close_if_unusable_or_obsolete()


@contextmanager
def turn(goes_on: Callable[[], bool], say: Callable[[str], None]) -> Iterator[Turn]:
    """Wait for the turn, and have it until the end of the block. Raises errors of the database, and TurnIsOver."""
    working: Any = connections["default"]
    with working.patience(LONGEST_SILENCE):
        guard = working.get_new_connection(working.get_connection_params())
        held = Turn(guard)
        try:
            guard.autocommit = True
            guard.execute(LASTING)
            held.wait(goes_on, say)
            connection_created.connect(held.check_new_connection)
            yield held
        finally:
            connection_created.disconnect(held.check_new_connection)
            held.release()
            guard.close()
