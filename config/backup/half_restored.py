"""The mark of a restore that has begun and not ended: a schema of this name, whose comment says since when.

While it is there, the application's role may not connect, so neither pages nor tasks meet half of a forum, also if the
restore is killed; and `migrate`, `backup` and `doctor` say what to do.
"""

import sys
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.db import Error, connection
from psycopg import sql

SCHEMA = "borderpost_half_restored"
REMEDY = "Run manage.py restore again; it begins from the start."
GUNICORN_ENDS = 3  # the exit code of a worker after which gunicorn starts no other
LOCKED_OUT = "permission denied for database"


def begin(cursor: Any, archive: str) -> None:
    """Set the mark, and empty the database: everything that its owner owns in it. In a transaction."""
    words = f"A restore of {archive} began {datetime.now(UTC):%Y-%m-%d %H:%M} UTC and did not end."
    cursor.execute("DROP OWNED BY CURRENT_USER CASCADE")
    cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(SCHEMA)))
    cursor.execute(sql.SQL("COMMENT ON SCHEMA {} IS {}").format(sql.Identifier(SCHEMA), sql.Literal(words)))


def is_marked(cursor: Any) -> bool:
    cursor.execute("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = %s)", [SCHEMA])
    return cursor.fetchone()[0]


def end(cursor: Any) -> None:
    """Take the mark away, and let the application in again. In a transaction."""
    cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {}").format(sql.Identifier(SCHEMA)))
    let_in(cursor)


def lock_out(cursor: Any) -> None:
    """The application's role may not connect any more; what is connected stays so."""
    _change(cursor, "REVOKE CONNECT ON DATABASE {} FROM PUBLIC, {}")


def let_in(cursor: Any) -> None:
    _change(cursor, "GRANT CONNECT ON DATABASE {} TO {}")


def _change(cursor: Any, statement: str) -> None:
    """Nothing where one role does everything: it would lock itself out."""
    role = settings.APPLICATION_ROLE
    cursor.execute("SELECT current_database() FROM pg_roles WHERE rolname = %s AND rolname <> current_user", [role])
    for (name,) in cursor.fetchall():
        cursor.execute(sql.SQL(statement).format(sql.Identifier(name), sql.Identifier(role)))


def words() -> str:
    """What the mark says; "" where there is none. Raises django.db.Error if the database does not answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT coalesce(obj_description(oid, 'pg_namespace'), 'A restore did not end.') FROM pg_namespace"
                " WHERE nspname = %s AND current_setting('borderpost.restores', true) IS DISTINCT FROM 'on'",
                [SCHEMA],
            )
            return next((words for (words,) in cursor.fetchall()), "")
    except Error as error:
        if LOCKED_OUT in str(error):
            return "The database lets the application in no more: a restore has begun and did not end."
        raise


def refuse_to_serve() -> None:
    """End a web server that starts on a database that is half restored. One that is away is waited for by pages."""
    try:
        said = words()
    except Error:
        return
    finally:
        connection.close()
    if said:
        print(f"{said} {REMEDY}", file=sys.stderr, flush=True)
        sys.exit(GUNICORN_ENDS)


def refuse(**signal: Any) -> None:
    """Receiver of pre_migrate, and for commands: CommandError on a database that is half restored."""
    if said := words():
        raise CommandError(f"{said} {REMEDY}")
