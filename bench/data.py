"""The data: seeded once into a permanent database, and copied for each run, so that all runs measure the same."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from config.devserver.embedded_postgres import EmbeddedPostgres
from config.devserver.launcher import ROOT, Stop, running, say

PLANTED, COPY = "borderpost", "bench"
# No autovacuum or checkpoint during a measurement.
UNDISTURBED = {"autovacuum": "off", "checkpoint_timeout": "1d", "max_wal_size": "8GB"}
# Shift reactions so that the newest are of this week, as on a live forum: the index counts them.
FRESHEN = """
    UPDATE forum_reaction SET given_at = given_at + late
    FROM (SELECT now() - max(given_at) AS late FROM forum_reaction) AS newest WHERE late > interval '1 day'
"""


@contextlib.contextmanager
def prepared(home: Path, plant: Callable[[EmbeddedPostgres], str]) -> Iterator[Path]:
    """Context manager: a fresh copy of what `plant` made, set in os.environ; yields the cluster's directory."""
    with started(home) as database:
        planted = plant(database)
        os.environ |= environment_of(database, COPY, demo=False)
        collect_static()
        with copied(database, planted):
            yield database.place.data


@contextlib.contextmanager
def copied(database: EmbeddedPostgres, name: str) -> Iterator[None]:
    """Context manager: a copy of a database, which is dropped afterwards."""
    _copy(database, name)
    try:
        yield
    finally:
        _drop_copy(database)


@contextlib.contextmanager
def started(home: Path) -> Iterator[EmbeddedPostgres]:
    """Context manager: the benchmark's own server."""
    database = EmbeddedPostgres(home, settings=UNDISTURBED)
    say("Starting the database …")
    with running(database):
        yield database


def plant_pages(database: EmbeddedPostgres) -> str:
    """The name of the database with the posts that pages are measured on; it is seeded if it is empty."""
    environment = {**os.environ, **environment_of(database, PLANTED, demo=True)}
    manage(environment, "migrate", "--verbosity", "0")
    manage(environment, "seed", "--size", "big")
    manage(environment, "draw_maps")
    with psycopg.connect(database.url("owner", PLANTED), autocommit=True) as connection:
        connection.execute(FRESHEN)
        connection.execute("VACUUM ANALYZE")
    return PLANTED


def environment_of(database: EmbeddedPostgres, name: str, *, demo: bool) -> dict[str, str]:
    """Settings of production, but with high rate limits, because the benchmark replies a thousand times."""
    home = database.place.home
    return {
        "DATABASE_URL": database.url("app", name),
        "DATABASE_OWNER_URL": database.url("owner", name),
        "BORDERPOST_HOME": str(home),
        "STATIC_ROOT": str(home / "static"),
        "DEMO": "1" if demo else "0",
        "DEBUG": "0",
        "SITE_URL": "http://127.0.0.1",
        "ALLOWED_HOSTS": "127.0.0.1",
        "RATE_LIMIT_POST": "999999/1m",
        "RATE_LIMIT_SUGGEST": "999999/1m",
        "RATE_LIMIT_SEARCH": "999999/1m",
        "RATE_LIMIT_FEED": "999999/1m",
        "RATE_LIMIT_DATA": "999999/1m",
        "RATE_LIMIT_HISTORY": "999999/1m",
        "RATE_LIMIT_VISITORS": "999999/1m",
    }


def collect_static() -> None:
    """Static files compressed and with hashed names, as in production."""
    manage({**os.environ, "COLLECT_STATIC": "1"}, "collectstatic", "--no-input", "--clear", "--verbosity", "0")


def _copy(database: EmbeddedPostgres, name: str) -> None:
    say("Copying the data …")
    _drop_copy(database)
    copy, planted = sql.Identifier(COPY), sql.Identifier(name)
    with psycopg.connect(database.url("superuser", "postgres"), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER borderpost_owner STRATEGY file_copy").format(copy, planted)
        )


def _drop_copy(database: EmbeddedPostgres) -> None:
    with psycopg.connect(database.url("superuser", "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(COPY)))


def manage(environment: dict[str, str], *words: str) -> None:
    if subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=environment).returncode:
        raise Stop(f"manage.py {words[0]} failed; the lines above say why.")
