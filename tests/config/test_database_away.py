"""A database that is away, and tables that are not there yet, are one line for every command."""

import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.core.management import get_commands
from django.db import DataError, OperationalError, ProgrammingError, connection
from psycopg import errors

from config.devserver.launcher import ROOT
from config.startup import in_words
from tests.config.test_run import free_port

OURS = sorted(
    module.name
    for app in ("accounts", "config", "crossings", "demo", "forum", "moderation", "notifications")
    for module in pkgutil.iter_modules([str(ROOT / app / "management" / "commands")])
)
DJANGO = ["migrate", "showmigrations", "flush", "clearsessions", "createcachetable", "sqlsequencereset"]
ARGUMENTS = {"flush": ["--no-input"], "sqlsequencereset": ["forum"], "changepassword": ["kettle"]}


def run(*words, **environment):
    return subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env={**os.environ, **environment}, capture_output=True,
        text=True, timeout=300, stdin=subprocess.DEVNULL,
    )  # fmt: skip


OTHER_COMMANDS = ["createsuperuser", "clearsessions"]


def address(**parts):
    values = connection.get_connection_params() | parts
    return " ".join(
        f"{name}={values[name]}" for name in ("host", "port", "user", "password", "dbname") if name in values
    )


# doctor and migrate say it themselves; the others, which Django brings, by one and the same way, of which shell stands.
@pytest.mark.parametrize(
    "command",
    ["doctor", "migrate", "shell", *(pytest.param(name, marks=pytest.mark.proof) for name in OTHER_COMMANDS)],
)
def test_a_database_that_is_away_is_one_line(command):
    nowhere = f"postgresql://borderpost:secret@127.0.0.1:{free_port()}/borderpost"
    more = {"createsuperuser": ["--noinput", "--username=kopek", "--email=kopek@example.org"]}
    more["shell"] = ["-c", "from accounts.models import User; User.objects.count()"]

    done = run(command, *more.get(command, []), DATABASE_URL=nowhere, DATABASE_OWNER_URL=nowhere)

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "does not answer" in done.stdout + done.stderr
    assert "Start it, or correct DATABASE_URL" in done.stdout + done.stderr
    assert "secret" not in done.stderr


@pytest.mark.rehearsal
@pytest.mark.parametrize("command", [*OURS, *DJANGO])
def test_every_command_says_so(command):
    nowhere = f"postgresql://borderpost:secret@127.0.0.1:{free_port()}/borderpost"

    done = run(command, *ARGUMENTS.get(command, []), DATABASE_URL=nowhere, DATABASE_OWNER_URL=nowhere)

    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 1 or "usage:" in done.stderr


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("parts", "remedy"),
    [
        ({"dbname": "no_such_forum"}, "Correct the name in DATABASE_URL, or make it (config/devserver/roles.sql)."),
        ({"user": "nobody_here"}, "Correct the name in DATABASE_URL, or make it (config/devserver/roles.sql)."),
        ({"host": "no-such-host.invalid"}, "Correct the host in DATABASE_URL."),
    ],
)
def test_each_way_to_be_away_has_its_remedy(parts, remedy):
    with pytest.raises(psycopg.OperationalError) as raised:
        psycopg.connect(address(**parts), connect_timeout=60).close()
    error = OperationalError(str(raised.value))
    error.__cause__ = raised.value

    words = in_words(error)

    assert words.startswith("The database does not answer: ")
    assert words.endswith(remedy)
    assert "\n" not in words


@pytest.mark.parametrize(
    ("error", "cause", "words"),
    [
        (
            OperationalError("could not extend file: No space left on device"),
            errors.DiskFull(),
            "Make room on its disk",
        ),
        (OperationalError("canceling statement due to lock timeout"), errors.LockNotAvailable(), None),
        (OperationalError("server closed the connection unexpectedly"), psycopg.OperationalError(), "Start it"),
        (OperationalError("the database system is starting up"), errors.CannotConnectNow(), "try again in a minute"),
        (OperationalError("password authentication failed"), errors.InvalidPassword(), "Correct user and password"),
        (ProgrammingError('relation "x" does not exist'), errors.UndefinedTable(), "Run manage.py migrate"),
        (ProgrammingError("syntax error"), errors.SyntaxError(), None),
        (DataError("bad"), errors.DataError(), None),
        (OSError(28, "No space left on device", "/srv/x"), None, "The disk is full (/srv/x). Make room"),
        (OSError(30, "Read-only file system", "/srv/x"), None, "/srv/x cannot be written"),
        (OSError(2, "No such file"), None, None),
        (ValueError("a bug"), None, None),
    ],
)
def test_only_what_an_operator_can_mend_is_put_into_words(error, cause, words):
    error.__cause__ = cause

    found = in_words(error)

    assert words in found if words else found is None


def test_the_commands_of_ours_are_all_known():
    assert set(OURS) <= set(get_commands())
    assert Path(ROOT / "manage.py").exists()
