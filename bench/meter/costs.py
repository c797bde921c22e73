"""CPU time of single acts and pages, in this process and in PostgreSQL's for it."""

import os
import statistics
import time
from collections.abc import Callable

import psycopg
from django.db import connection

from bench.meter.cpu import cpu_of
from bench.meter.inside import Inside
from bench.pages import Page
from config.devserver.launcher import say

REQUESTS = 40
HEAD = f"\n{'CPU in ms, medians':46}  web     db  queries"


def tell_page(page: Page) -> None:
    """Print what a page costs, and how many queries it asks."""
    inside = Inside()
    queries = len(inside.queries(page))

    def ask() -> None:
        page.check(inside.request(page))

    tell_act(page.title, ask, REQUESTS, before=page.prepare, queries=queries)


def tell_act(
    name: str,
    act: Callable[[], object],
    times: int,
    *,
    before: Callable[[], object] | None = None,
    after: Callable[[], object] | None = None,
    queries: int = 0,
) -> None:
    """Print the medians of some times of an act; `before` and `after` are not measured."""
    web, database = [], []
    for _ in range(times):
        if before:
            before()
        begun, asked = time.process_time(), _cpu_of_database()
        act()
        web.append((time.process_time() - begun) * 1000)
        database.append((_cpu_of_database() - asked) * 1000)
        if after:
            after()
    say(f"{name:42} {statistics.median(web):8.2f} {statistics.median(database):7.2f}  {queries or ''}")


def _cpu_of_database() -> float:
    """CPU seconds of the PostgreSQL backend of our connection."""
    connection.ensure_connection()
    return cpu_of(connection.connection.info.backend_pid)


def analyse() -> None:
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE")
