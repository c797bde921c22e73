"""Django's PostgreSQL backend, with a look at a kept connection that does not ask the server."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Before its first use in a request, a kept connection is asked whether it still lives: here by its socket."""

    def is_usable(self) -> bool:
        """A server that ended the connection has said so: then there is something to read, and the server is asked."""
        if self.connection is None or self.connection.closed:
            return False
        waiting = select.poll()
        waiting.register(self.connection.pgconn.socket, select.POLLIN)
        return super().is_usable() if waiting.poll(0) else True
