"""The tables of the forum's database: who owns them, how many rows they have, whether a forum is in them."""

from typing import Any

from django.db import connection
from psycopg import sql

TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1"
# What people made or loaded; the rows of other tables come with the migrations.
TELLTALES = ["accounts_user", "forum_subforum", "forum_post", "crossings_crossing", "moderation_moderationentry"]


def names(connected: Any) -> list[str]:
    return [name for (name,) in connected.execute(TABLES).fetchall()]


def count_rows(connected: Any) -> dict[str, list]:
    """Rows by the name of each table, and a fingerprint of what is in them in any order (a sum of hashes, which another
    major version of PostgreSQL may reckon otherwise). Takes any connection of psycopg."""
    connected.execute("SET TimeZone = 'UTC'")
    return {name: _count(connected, name) for name in names(connected)}


def _count(connected: Any, name: str) -> list:
    question = (
        "SELECT count(*), coalesce(sum(hashtextextended(counted::text, 0)::numeric), 0)::text FROM public.{} counted"
    )
    return list(connected.execute(sql.SQL(question).format(sql.Identifier(name))).fetchone())


def differing(one: dict[str, list], other: dict[str, list], *, counts_only: bool = False) -> list[str]:
    """The names of tables that are not the same in both."""
    size = 1 if counts_only else 2
    return sorted(name for name in one.keys() | other.keys() if one.get(name, [])[:size] != other.get(name, [])[:size])


def in_use(connected: Any) -> list[str]:
    """The tables by which one sees that somebody's forum is in this database."""
    question = sql.SQL("SELECT EXISTS (SELECT FROM public.{})")
    there = [name for name in names(connected) if name in TELLTALES]
    return [name for name in there if connected.execute(question.format(sql.Identifier(name))).fetchone()[0]]


def not_the_owner() -> str:
    """Why the current role cannot back up or restore; "" if it owns all tables of the forum."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, count(*) FILTER (WHERE NOT pg_has_role(relowner, 'USAGE')) FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S')"
        )
        role, others = cursor.fetchone()
    if not others:
        return ""
    return (
        f"The role {role} does not own {others} of the tables. Set DATABASE_OWNER_URL to the role that owns them "
        "(borderpost_owner)."
    )


def not_there() -> str:
    """Why there is nothing to back up; "" if migrations have made the tables."""
    there = "django_migrations" in connection.introspection.table_names()
    return "" if there else "There are no tables yet: nothing to back up. Run manage.py migrate."
