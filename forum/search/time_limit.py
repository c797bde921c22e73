"""How long one search may take, all its statements together."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

TIMEOUT_MS = 2_000
SPARED = 0.2  # of TIMEOUT_MS by which a statement may outlast it
_TOO_SLOW = "This search took too long. Add a word, or choose a forum or a time."


class CannotSearch(Exception):
    """The query cannot be searched; the message is for the user."""


class TooBusy(CannotSearch):
    """The search timed out."""


class Clock:
    """Several statements of one search together have TIMEOUT_MS."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.given = TIMEOUT_MS

    @property
    def used(self) -> int:
        """Milliseconds."""
        return int((time.monotonic() - self.began) * 1000)

    def check(self) -> None:
        """Give the statements from here on the rest of the time; a little more is no statement of its own."""
        left = self._left()
        if abs(self.given - left) > TIMEOUT_MS * SPARED:
            self._give(left)

    def give_half(self) -> None:
        """Give the next statement, without which one can go on, half of the rest."""
        self._give(max(1, self._left() // 2))

    def _left(self) -> int:
        left = TIMEOUT_MS - self.used
        if left <= 0:
            raise TooBusy(_TOO_SLOW)
        return left

    def _give(self, milliseconds: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {milliseconds}")
        self.given = milliseconds


# Without stems that no post has, PostgreSQL would expect few rows; with them it would read every vector. With little
# memory it would forget which posts of a page match, and test all of them. More processes cost more than they help.
_SETTINGS = """
    SET LOCAL statement_timeout = {timeout}; SET LOCAL enable_seqscan = off; SET LOCAL work_mem = '32MB';
    SET LOCAL max_parallel_workers_per_gather = 0
"""


@contextmanager
def in_time() -> Iterator[Clock]:
    """With a statement_timeout, so that a search blocks no other pages."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_SETTINGS.format(timeout=TIMEOUT_MS))
            yield Clock()
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        raise TooBusy(_TOO_SLOW) from error


@dataclass
class Attempt:
    is_done: bool = False


@contextmanager
def if_in_time() -> Iterator[Attempt]:
    """What is added to hits that were found: where the time is up, they are shown without it."""
    attempt = Attempt()
    try:
        with transaction.atomic():
            yield attempt
        attempt.is_done = True
    except TooBusy:
        return
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
