"""What tests of several connections at once wait for: what has happened, and no fixed time."""

import time
from collections.abc import Callable

from django.db import connection

SECONDS = 60
BLOCKED = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"


def wait_until_one_is_blocked() -> None:
    """Until another connection waits for a lock of this transaction."""

    def is_blocked() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(BLOCKED)
            return cursor.fetchone()[0] > 0

    wait_until(is_blocked, otherwise="Nobody waits for what this transaction has locked.")


def wait_until(holds: Callable[[], object], *, otherwise: str = "It did not come to pass.") -> None:
    """Until something holds that another thread or process brings about."""
    ends_at = time.monotonic() + SECONDS
    while not holds():
        if time.monotonic() > ends_at:
            raise AssertionError(otherwise)
        time.sleep(0.01)
