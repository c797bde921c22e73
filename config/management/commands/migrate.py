import time

from django.core.management.commands import migrate
from django.db import DatabaseError, connections
from psycopg import errors as postgres

MOST_TRIES = 10
LOCK_SECONDS = 2  # as long as a page may have to wait for a migration that waits for a table


class Command(migrate.Command):
    help = f"{migrate.Command.help} While the site runs: waits {LOCK_SECONDS} s for a table in use, and tries again."

    def handle(self, *args: object, **options: object) -> None:
        """Django's, with limits of its own: two seconds for a lock, again and again, and any time for the work."""
        connection = connections[str(options["database"])]
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
            cursor.execute("SET statement_timeout = 0")
        try:
            self._try_until_free(*args, **options)
        finally:
            if connection.is_usable():
                with connection.cursor() as cursor:
                    cursor.execute("RESET lock_timeout")
                    cursor.execute("RESET statement_timeout")

    def _try_until_free(self, *args: object, **options: object) -> None:
        """What was migrated stays, because each migration is a transaction: the next try goes on after it."""
        for tried in range(1, MOST_TRIES + 1):
            try:
                super().handle(*args, **options)
                return
            except DatabaseError as error:
                if not isinstance(error.__cause__, postgres.LockNotAvailable) or tried == MOST_TRIES:
                    raise
            self.stdout.write(f"A table is in use. Trying again ({tried + 1} of {MOST_TRIES}) …")
            time.sleep(tried)
