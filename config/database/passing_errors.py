"""Database errors that pass by themselves, so that the same work is worth another try: the one list of their kinds.

Pages answer 503 to them (config/errors.py), tasks are tried again and the worker connects again (config/worker).
"""

from django.db import InterfaceError, OperationalError
from psycopg import errors as postgres

# Another writer holds a lock, or was first.
IN_USE = (postgres.LockNotAvailable, postgres.DeadlockDetected, postgres.SerializationFailure)
READ_ONLY = (postgres.ReadOnlySqlTransaction,)
# Also a wait for a lock: PostgreSQL says so where statement_timeout ends it before lock_timeout.
TOO_SLOW = (postgres.QueryCanceled,)
# Classes of SQLSTATE: no connection; rolled back for another; no room, memory or connection left; the server is being
# started, stopped or has crashed; a transaction or session that was idle for too long; the disk does not answer.
_CLASSES = ("08", "40", "53", "57P", "25P03", "25P04", "58")

# Those of them after which the connection is gone.
_CUT_OFF = ("08", "57P", "25P03", "25P04")


def passes(error: BaseException) -> bool:
    """Whether the work that raised it is worth another try: a connection, a lock or a serialisation failed."""
    return any(_is_passing(one) for one in _with_causes(error))


def is_cut_off(error: BaseException) -> bool:
    """Whether the connection that it was raised on is gone, or may not be used: only another one can do the work."""
    return any(_is_without_connection(one) for one in _with_causes(error))


def _with_causes(error: BaseException) -> list[BaseException]:
    """The error and what it was raised from: Django's errors have the driver's as their cause."""
    found = [error]
    while (cause := found[-1].__cause__) is not None and cause not in found:
        found.append(cause)
    return found


def _is_passing(error: BaseException) -> bool:
    if isinstance(error, IN_USE + READ_ONLY + TOO_SLOW + (ConnectionError, TimeoutError)):
        return True
    if isinstance(error, postgres.Error) and error.sqlstate is not None:
        return error.sqlstate.startswith(_CLASSES)
    return _is_without_connection(error)


def _is_without_connection(error: BaseException) -> bool:
    if isinstance(error, OperationalError | InterfaceError):
        return error.__cause__ is None  # Django's own words for a connection that is gone
    if not isinstance(error, postgres.Error):
        return False
    if error.sqlstate is None:  # libpq's words: nobody answers, or the connection broke
        return isinstance(error, postgres.OperationalError | postgres.InterfaceError)
    return error.sqlstate.startswith(_CUT_OFF)
