"""The data that similar topics are measured on: a database of their own, kept and named by the code that made it."""

import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from bench.data import environment_of, manage
from config.devserver.embedded_postgres import EmbeddedPostgres
from config.devserver.launcher import ROOT, say

PREFIX = "similar_"
SUPERUSER = "BENCH_SUPERUSER_URL"  # environment variable of the command that fills it
MAKING = PREFIX + "making"
# Whatever decides what its rows are. Another of these is other data.
MADE_BY = (
    "*/migrations/*.py", "bench/similar/similarity_topics.py", "crossings/data/*", "crossings/gazetteer/*.py",
    "crossings/similar/terms.py", "demo/*",
)  # fmt: skip


def plant(database: EmbeddedPostgres) -> str:
    """The name of the database with the data; it is made if there is none, in some minutes."""
    name = PREFIX + _digest(ROOT)
    with psycopg.connect(database.url("superuser", "postgres"), autocommit=True) as server:
        found = {row[0] for row in server.execute("SELECT datname FROM pg_database").fetchall()}
        for old in sorted(other for other in found if other.startswith(PREFIX) and other != name):
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(old)))
        if name not in found:
            _make(database, server)
            server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*map(sql.Identifier, (MAKING, name))))
    return name


def _digest(root: Path) -> str:
    found = hashlib.sha256()
    for path in _made_by(root):
        found.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes())
    return found.hexdigest()[:12]


def _made_by(root: Path) -> Iterator[Path]:
    for pattern in MADE_BY:
        yield from sorted(path for path in root.glob(pattern) if path.is_file())


def _make(database: EmbeddedPostgres, server: psycopg.Connection) -> None:
    begun = time.perf_counter()
    say("Making the data (some minutes, once) …")
    making = sql.Identifier(MAKING)
    # As config/devserver/roles.sql makes the forum's own.
    server.execute(sql.SQL("CREATE DATABASE {} OWNER borderpost_owner TEMPLATE template0").format(making))
    with psycopg.connect(database.url("superuser", MAKING), autocommit=True) as connection:
        connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC; GRANT USAGE ON SCHEMA public TO borderpost")
    environment = {**os.environ, **environment_of(database, MAKING, demo=True)}
    manage(environment, "migrate", "--verbosity", "0")
    manage(environment, "seed")
    manage({**environment, SUPERUSER: database.url("superuser", MAKING)}, "plant_topics")
    say(f"Made in {time.perf_counter() - begun:.0f} s.")
