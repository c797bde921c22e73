"""Django's PostgreSQL backend, with a health check of persistent connections that sends no query (Django's own costs a
cached page 9 % more CPU, docs/performance.md), and with a bound of time for servers that have stopped."""

import select
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg.errors import _WaitTimeout

# Prepared statements of a connection (pagecache/prepared.py): psycopg's own 100 are hardly more than busy pages have,
# and each takes some 0.3 MB of its server process.
PREPARED_MAX = 150


class DatabaseWrapper(base.DatabaseWrapper):
    """Overrides the health check (CONN_HEALTH_CHECKS) of a persistent connection: here by its socket."""

    def __init__(self, *arguments: Any, **words: Any) -> None:
        super().__init__(*arguments, **words)
        # Seconds without an answer, after which the server is taken for frozen and the connection is closed; None
        # waits for ever. A running server ends a statement earlier, by its statement_timeout.
        self.longest_silence: float | None = self.settings_dict.get("LONGEST_SILENCE")

    def is_usable(self) -> bool:
        """If the server closed the connection, its socket has something to read; only then Django's query is sent."""
        if self.connection is None or self.connection.closed:
            return False
        waiting = select.poll()
        waiting.register(self.connection.pgconn.socket, select.POLLIN)
        return super().is_usable() if waiting.poll(0) else True

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.prepared_max = PREPARED_MAX
        wait = connection.wait

        def wait_in_bounds(generator: Any, **words: Any) -> Any:
            if words.get("timeout") is not None:
                return wait(generator, **words)
            seconds = self.longest_silence
            try:
                return wait(generator, **words | {"timeout": seconds})
            except _WaitTimeout:
                connection.pgconn.finish()
                raise psycopg.OperationalError(f"The database did not answer within {seconds:g} seconds.") from None

        connection.wait = wait_in_bounds
        return connection

    @contextmanager
    def patience(self, seconds: float) -> Iterator[None]:
        """Context manager: another bound, for statements that may take longer."""
        before, self.longest_silence = self.longest_silence, seconds
        try:
            yield
        finally:
            self.longest_silence = before
