"""What tests of several connections at once wait for: what has happened, and no fixed time."""

import time

from django.db import connection

SECONDS = 60
BLOCKED = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"


def wait_until_one_is_blocked() -> None:
    """Until another connection waits for a lock of this transaction."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(BLOCKED)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("Nobody waits for what this transaction has locked.")
