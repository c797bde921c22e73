"""What an operator reads instead of a traceback when settings, database or disk keep a program from working."""

import errno
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError, ProgrammingError
from psycopg import errors

from config.backup import half_restored

# What PostgreSQL and libpq say, in small letters, and what to do about it; the first that fits is said.
_REMEDIES = [
    (half_restored.LOCKED_OUT, f"A restore has begun and did not end. {half_restored.REMEDY}"),
    ("password authentication failed", "Correct user and password in DATABASE_URL."),
    ("no password supplied", "Put the password into DATABASE_URL."),
    ("no pg_hba.conf entry", "Let this machine in (pg_hba.conf of the database), or correct DATABASE_URL."),
    ('" does not exist', "Correct the name in DATABASE_URL, or make it (config/devserver/roles.sql)."),
    ("could not translate host name", "Correct the host in DATABASE_URL."),
    ("failed to resolve host", "Correct the host in DATABASE_URL."),
    ("too many clients", "Try again in a minute, or raise max_connections of the database."),
    ("remaining connection slots", "Try again in a minute, or raise max_connections of the database."),
    ("no space left", "Make room on the disk of the database, then try again."),
    ("starting up", "It is starting: try again in a minute."),
    ("shutting down", "It is stopping: start it, then try again."),
]
_START = "Start it, or correct DATABASE_URL; ./run manage starts the built-in one by itself."
# Classes of SQLSTATE: no connection, no such user or password, no such database, too many, being stopped or started.
_NO_CONNECTION = ("08", "28", "3D", "53", "57P")


def in_words(error: BaseException) -> str | None:
    """One line that says what is wrong and what to do; None for an error of another kind, such as a bug."""
    if isinstance(error, ImproperlyConfigured):
        return _line(error)
    if isinstance(error, ProgrammingError) and isinstance(error.__cause__, errors.UndefinedTable):
        return "The database has no tables yet, or older ones. Run manage.py migrate first."
    if isinstance(error, OperationalError | InterfaceError) and (words := _of_database(error)):
        return words
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"The disk is full{_place(error)}. Make room, then try again."
    if isinstance(error, OSError) and error.errno in {errno.EROFS, errno.EACCES, errno.EPERM} and error.filename:
        return f"{error.filename} cannot be written or read by this user. Change its rights, or set BORDERPOST_HOME."
    return None


def _of_database(error: BaseException) -> str | None:
    """None if the database answers, and refused the statement alone."""
    cause: Any = error.__cause__
    told = _line(error)
    if isinstance(cause, errors.DiskFull):
        return f"The database cannot write: {told}. Make room on its disk, then try again."
    state = getattr(cause, "sqlstate", None)
    if state and not state.startswith(_NO_CONNECTION):
        return None
    remedy = next((remedy for sign, remedy in _REMEDIES if sign in told.lower()), _START)
    return f"The database does not answer: {told.rstrip('.')}. {remedy}"


def _place(error: OSError) -> str:
    return f" ({error.filename})" if error.filename else ""


def _line(error: BaseException) -> str:
    """The message on one line, without the tabs and hints that libpq adds."""
    return " ".join(str(error).partition("\n")[0].split())
