"""One worker of pytest-xdist migrates an empty database, and all of them copy what it made."""

import fcntl
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection

MIGRATED = "test_borderpost_migrated"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix, django_db_blocker, tmp_path_factory, request
):
    """pytest-django's fixture that comes before the test database is made. A single process makes its own."""
    if not hasattr(request.config, "workerinput"):
        return
    with _alone(tmp_path_factory.getbasetemp().parent / "migrated") as mark:
        if not mark.read():
            with django_db_blocker.unblock():
                _migrate()
            mark.write("It is there.")
    connection.settings_dict["TEST"] |= {"TEMPLATE": MIGRATED, "MIGRATE": False}


@contextmanager
def _alone(path):
    """The file, opened to be read and written, while no other worker has it."""
    with path.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        yield file


def _migrate():
    test = connection.settings_dict["TEST"]
    name, own_name = connection.settings_dict["NAME"], test["NAME"]
    test["NAME"] = MIGRATED
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    connection.close()
    test["NAME"] = own_name
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
