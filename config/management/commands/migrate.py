import time

from django.core.management import CommandError
from django.core.management.commands import migrate
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.exceptions import AmbiguityError
from django.db.migrations.loader import MigrationLoader
from psycopg import errors as postgres

MOST_TRIES = 10
LOCK_SECONDS = 2  # as long as a page may have to wait for a migration that waits for a table


class Command(migrate.Command):
    help = f"{migrate.Command.help} While the site runs: waits {LOCK_SECONDS} s for a table in use, and tries again."

    def handle(self, *args: object, **options: object) -> None:
        """Django's, with limits of its own: two seconds for a lock, again and again, and any time for the work."""
        connection = connections[str(options["database"])]
        if options["app_label"] and options["migration_name"]:
            refuse_former(connection, str(options["app_label"]), str(options["migration_name"]))
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


def refuse_former(connection: BaseDatabaseWrapper, app: str, prefix: str) -> None:
    """Raises CommandError for a migration that is squashed with others, where those are all applied or none is.

    Django would go back to it on a graph of both, and on its way take squashed ones back, with all their tables.
    """
    loader = MigrationLoader(connection)
    try:
        target = (app, loader.get_migration_by_prefix(app, prefix).name)
    except (KeyError, AmbiguityError):
        return  # Django says so
    for squashed, migration in loader.replacements.items():
        if target in migration.replaces and squashed in loader.graph.nodes:
            raise CommandError(
                f"{target[1]} is a part of {squashed[1]}, and cannot be gone to alone. "
                "To go back, restore the backup with the code of before."
            )
