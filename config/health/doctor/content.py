"""Checks of stored data."""

from django.db import connection

from config.health.doctor.results import Finding, right, warning, wrong
from config.rerender_kinds import KINDS
from forum.counters.recount import recount


def counters() -> Finding:
    """Check all counters by a recount; minutes on a large forum."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        drifts = recount(mend=False)
        cursor.execute("RESET statement_timeout")
    if drifts:
        return wrong(
            f"Counters that differ: {len(drifts)}. The first: {drifts[0]}.", "Mend them with manage.py recount."
        )
    return right("Every counter is exact.")


def markup_version() -> Finding:
    waiting = sum(kind.waiting() for kind in KINDS)
    if waiting:
        return warning(
            f"Posts, rules and articles that still look as an older markup made them: {waiting}.",
            "Run manage.py rerender.",
        )
    return right("All posts, rules and articles are rendered by the present markup.")
