"""The members who were thanked most this week: counted by the worker, and read by the index."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, QuerySet
from django.utils import timezone

from forum.models import Reaction, WeeklyThanks
from forum.models.post import is_readable_by_all
from pagecache.prepared import run

COUNTED = 3  # members
WEEK = timedelta(days=7)
# Kept counts that are older are not read: no worker is at work.
HOLDS = timedelta(hours=1)
_ROW = 1


class Counts(NamedTuple):
    """Of members by primary key, the most first. `counted_at`: when the worker did; None for now."""

    by_member: dict[int, int]
    counted_at: datetime | None = None


def count() -> Counts:
    """By "helpful" reactions of the last seven days on posts that visitors may read. One query."""
    return Counts(dict(_most(timezone.now()).values_list("post__author_id", "count")))


def _most(now: datetime) -> QuerySet:
    thanks = Reaction.objects.filter(kind=Reaction.Kind.HELPFUL, given_at__gte=now - WEEK)
    # On the joined post: as a subquery each post and topic would be looked up twice.
    by_author = thanks.filter(is_readable_by_all("post__")).values("post__author_id")
    return by_author.annotate(count=Count("pk")).order_by("-count", "post__author_id")[:COUNTED]


def keep() -> None:
    """Count and store it. Called by the worker (config/worker/frequent.py)."""
    now = timezone.now()
    values = {"counted_at": now, "counts": list(count().by_member.items())}
    WeeklyThanks.objects.update_or_create(pk=_ROW, defaults=values)


def kept() -> Counts:
    """What the worker stored within HOLDS, and else what can be counted now. One query."""
    now = timezone.now()
    most, params = _most(now).values_list("post__author_id", "count").query.sql_with_params()
    rows = run(_KEPT.format(most=most), [now - HOLDS, *params], reads=WeeklyThanks)
    members = sorted((-number, pk) for _, pk, number in rows if pk)
    return Counts({pk: -less for less, pk in members}, rows[0][0] if rows else None)


# Where a row is kept, PostgreSQL does not run the second part.
_KEPT = """
    WITH kept AS MATERIALIZED (SELECT counted_at, counts FROM forum_weeklythanks WHERE counted_at >= %s),
    most (pk, number) AS ({most})
    SELECT counted_at, (one -> 0)::bigint, (one -> 1)::bigint
    FROM kept LEFT JOIN LATERAL jsonb_array_elements(counts) AS one ON true
    UNION ALL
    SELECT NULL, pk, number FROM most WHERE NOT EXISTS (SELECT FROM kept)
"""
