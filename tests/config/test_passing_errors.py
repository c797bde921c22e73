"""Which errors are worth another try: connections, locks and serialisation, as the database or the driver says them."""

import psycopg
import pytest
from django.db import DataError, IntegrityError, InterfaceError, OperationalError, ProgrammingError
from django.db.transaction import TransactionManagementError
from psycopg import errors as postgres

from config.database.passing_errors import passes


def raised(error, cause):
    """As Django raises it: with the driver's as its cause."""
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("the connection is closed"),
        InterfaceError("connection already closed"),
        raised(OperationalError("gone"), psycopg.OperationalError("server closed the connection unexpectedly")),
        raised(InterfaceError("closed"), psycopg.InterfaceError("the cursor is closed")),
        raised(OperationalError(), postgres.AdminShutdown()),
        raised(OperationalError(), postgres.CrashShutdown()),
        raised(OperationalError(), postgres.CannotConnectNow()),
        raised(OperationalError(), postgres.ConnectionFailure()),
        raised(OperationalError(), postgres.TooManyConnections()),
        raised(OperationalError(), postgres.DiskFull()),
        raised(OperationalError(), postgres.OutOfMemory()),
        raised(OperationalError(), postgres.LockNotAvailable()),
        raised(OperationalError(), postgres.DeadlockDetected()),
        raised(OperationalError(), postgres.SerializationFailure()),
        raised(OperationalError(), postgres.QueryCanceled()),
        raised(OperationalError(), postgres.IdleInTransactionSessionTimeout()),
        raised(ProgrammingError(), postgres.ReadOnlySqlTransaction()),
        raised(TransactionManagementError(), raised(OperationalError(), postgres.DeadlockDetected())),
        raised(RuntimeError("of ours"), OperationalError("the connection is closed")),
        psycopg.OperationalError("connection refused"),
        ConnectionResetError(),
        TimeoutError(),
    ],
)
def test_what_passes_by_itself_is_worth_another_try(error):
    assert passes(error)


@pytest.mark.parametrize(
    "error",
    [
        ValueError(),
        KeyError("key"),
        OSError("no such file"),
        raised(IntegrityError(), postgres.UniqueViolation()),
        raised(DataError(), postgres.StringDataRightTruncation()),
        raised(ProgrammingError(), postgres.UndefinedTable()),
        raised(ProgrammingError(), postgres.InsufficientPrivilege()),
        raised(ProgrammingError(), psycopg.ProgrammingError("wrong number of parameters")),
        TransactionManagementError(),
    ],
)
def test_what_fails_again_is_not(error):
    assert not passes(error)


def test_errors_that_are_causes_of_each_other_come_to_an_end():
    error, other = ValueError(), KeyError()
    error.__cause__, other.__cause__ = other, error

    assert not passes(error)
