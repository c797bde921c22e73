"""Big and huge side by side: `./run bench --huge` plants both, and measures each on a copy that is thrown away."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass

import psycopg
from psycopg import sql

from bench.data import COPY, FRESHEN, copied, environment_of, manage, plant_pages
from config.devserver.embedded_postgres import EmbeddedPostgres
from config.devserver.launcher import ROOT, Stop, say

HUGE = "huge"
WANTED = 1.3  # times what a page costs in the big forum
# Below this many ms a factor says nothing.
LEAST_MS = 1.0
HEAD = f"{'CPU in ms':42} {'big':>9} {'huge':>9} {'factor':>7} {'db, big':>9} {'db, huge':>9} {'blocks of 8 KB':>18}"


@dataclass(frozen=True)
class Line:
    """What one page costs in both."""

    big: dict
    huge: dict

    @property
    def factor(self) -> float:
        """CPU of web and database in the huge forum, as a multiple of that in the big one."""
        return max(_total(self.huge), LEAST_MS) / max(_total(self.big), LEAST_MS)

    def __str__(self) -> str:
        if problem := self.huge["problem"] or self.big["problem"]:
            return f"{self.huge['title'][:42]:42} {problem}"
        verdict = "" if self.factor <= WANTED else f"  MISSED, wanted {WANTED}"
        big, huge = self.big, self.huge
        blocks = f"{big['blocks']:,.0f} / {huge['blocks']:,.0f}"
        return (
            f"{huge['title'][:42]:42} {_total(big):9.1f} {_total(huge):9.1f} {self.factor:7.2f}"
            f" {big['database']:9.1f} {huge['database']:9.1f} {blocks:>18}{verdict}"
        )


def report(database: EmbeddedPostgres) -> None:
    say("Measuring sixty thousand posts …")
    big = _costs(database, plant_pages(database))
    say("Measuring a million posts …")
    huge = _costs(database, plant_huge(database))
    say("\n".join([HEAD, *map(str, lines(big, huge))]))


def lines(big: Iterable[dict], huge: Iterable[dict]) -> list[Line]:
    """Pages that both have, the worst first; those that were not answered before all others."""
    by_title = {_key(cost["title"]): cost for cost in big}
    found = [Line(by_title[_key(cost["title"])], cost) for cost in huge if _key(cost["title"]) in by_title]
    return sorted(found, key=lambda line: (not (line.huge["problem"] or line.big["problem"]), -line.factor))


def plant_huge(database: EmbeddedPostgres) -> str:
    """The name of the database with a million posts; it is made if there is none."""
    with psycopg.connect(database.url("superuser", "postgres"), autocommit=True) as server:
        # A row without columns is an empty tuple.
        if server.execute("SELECT FROM pg_database WHERE datname = %s", [HUGE]).fetchone() is None:
            say("Making a million posts (a quarter of an hour, once) …")
            server.execute(sql.SQL("CREATE DATABASE {} OWNER borderpost_owner TEMPLATE template0").format(_NAME))
    with psycopg.connect(database.url("superuser", HUGE), autocommit=True) as connection:
        connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC; GRANT USAGE ON SCHEMA public TO borderpost")
    environment = {**os.environ, **environment_of(database, HUGE, demo=True)}
    manage(environment, "migrate", "--verbosity", "0")
    manage(environment, "seed", "--size", "huge")
    manage(environment, "draw_maps")
    with psycopg.connect(database.url("owner", HUGE), autocommit=True) as connection:
        connection.execute(FRESHEN)
        connection.execute("VACUUM ANALYZE")
    return HUGE


_NAME = sql.Identifier(HUGE)


def _costs(database: EmbeddedPostgres, name: str) -> list[dict]:
    """Of a process of its own: Django knows one database, and caches of one must not answer for the other. Nothing is
    kept, as if a page were read for the first time."""
    with copied(database, name):
        environment = {**os.environ, **environment_of(database, COPY, demo=False), "KEPT_SECONDS": "0"}
        answer = subprocess.run(
            [sys.executable, "-m", "bench.growth.costs_of_one"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
    if answer.returncode:
        raise Stop("Measuring failed; the lines above say why.")
    return json.loads(answer.stdout)


def _key(title: str) -> str:
    """The longest topic has another number of posts."""
    return title.split(" of ")[0] if title.startswith("Page ") else title


def _total(cost: dict) -> float:
    return cost["web"] + cost["database"]
