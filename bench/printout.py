"""The whole benchmark: select pages, count queries, measure in rounds, print the results."""

import os
import platform
from pathlib import Path
from statistics import median

import django
from django.db import connection

from bench import budgets
from bench.meter import weights
from bench.meter.inside import Inside
from bench.meter.profiler import profile
from bench.meter.rounds import Figures, measure
from bench.meter.servers import Rig, free_port, postmaster_of, serving
from bench.pages import FIRST_OF_THE_LONGEST, Page, pages_of
from bench.sample import choose
from bench.table import table, visits
from config.devserver.launcher import Stop, say


def report(data: Path, *, rounds: int, requests: int) -> None:
    with serving("config.wsgi", free_port()) as forum, serving("bench.meter.constant:serve()", free_port()) as constant:
        rig = Rig(forum, constant, postmaster_of(data))
        pages, absent = _there(rig, pages_of(choose()))
        found = measure(rig, pages, rounds=rounds, requests=requests, say=say)
        inside = Inside()
        for figures in found:
            figures.queries = len(inside.queries(figures.page))
        sizes = _sizes(rig, {page.name: page for page in pages})
    first = next(figures for figures in found if figures.page.name == FIRST_OF_THE_LONGEST)
    _tell(found, table(found, first, absent), visits(sizes), f"{rounds} rounds of {requests} requests")


def profile_page(name: str, requests: int) -> None:
    pages = {page.name: page for page in pages_of(choose())}
    if name not in pages:
        raise Stop(f"There is no page {name!r}. There are: {', '.join(pages)}.")
    profile(pages[name], requests, say)


def _there(rig: Rig, pages: list[Page]) -> tuple[list[Page], list[str]]:
    """The pages that this version has, and the titles of those it lacks (the search, in old versions)."""
    absent = [page for page in pages if page.name == "search" and rig.forum.client.get(page.path).status == 404]
    return [page for page in pages if page not in absent], [page.title for page in absent]


def _sizes(rig: Rig, pages: dict[str, Page]) -> list[tuple[str, int, int]]:
    """First visits to the topic page: HTML and stylesheet, and scripts."""
    client = rig.forum.client
    guest, member = rig.ask(pages["guest"]), rig.ask(pages["member"])
    styles = sum(weights.size(client, address) for address in weights.styles_in(guest.text))
    html = weights.compressed(guest)
    guests, members = (weights.size_with_imports(client, weights.scripts_in(page.text)) for page in (guest, member))
    return [
        ("First visit, HTML and stylesheet", html + styles, budgets.FIRST_VISIT_BYTES),
        ("Scripts for guests", guests, budgets.GUESTS_SCRIPT_BYTES),
        ("Scripts for members", members, budgets.MEMBERS_SCRIPT_BYTES),
    ]


def _tell(found: list[Figures], lines: str, weight: str, effort: str) -> None:
    constant = median(cost.constant for figures in found for cost in figures.rounds)
    connection.ensure_connection()
    version = connection.connection.info.server_version
    say(
        f"\n1 time = the constant 40 KB Django view: {constant * 1000:.3f} ms of CPU; medians of {effort}.\n"
        f"Python {platform.python_version()}, Django {django.get_version()}, "
        f"PostgreSQL {version // 10000}.{version % 100}, {os.cpu_count()} processors.\n\n{lines}\n\n{weight}"
    )
