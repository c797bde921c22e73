"""`./run bench --profile PAGE`: where the CPU time of a page goes, so that a missed budget can be explained."""

import cProfile
import pstats
import time
from collections.abc import Callable

from bench.meter.inside import Inside
from bench.pages import Page

LINES = 40
SHOWN_SQL = 160  # characters


def profile(page: Page, requests: int, say: Callable[[str], None]) -> None:
    """Prints functions by own and by cumulative time. The profiler slows everything: compare shares, not seconds."""
    inside = Inside()
    _tell_queries(page, inside, say)
    say(f"\nWithout the profiler: {_cpu(page, inside, requests) * 1000:.2f} ms of CPU a request in Python.\n")
    profiler = cProfile.Profile(time.thread_time)
    for _ in range(requests):
        page.prepare()
        profiler.enable()
        answer = inside.request(page)
        profiler.disable()
        page.check(answer)
    figures = pstats.Stats(profiler).strip_dirs()
    for order in ("tottime", "cumulative"):
        figures.sort_stats(order).print_stats(LINES)


def _tell_queries(page: Page, inside: Inside, say: Callable[[str], None]) -> None:
    queries = inside.queries(page)
    say(f"{page.title}: {len(queries)} queries")
    for query in queries:
        say(f"  {float(query['time']) * 1000:4.0f} ms  {len(query['sql']):5} characters  {query['sql'][:SHOWN_SQL]}")


def _cpu(page: Page, inside: Inside, requests: int) -> float:
    taken = 0.0
    for _ in range(requests):
        page.prepare()
        before = time.thread_time()
        inside.request(page)
        taken += time.thread_time() - before
    return taken / requests
