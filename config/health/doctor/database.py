"""Checks of the PostgreSQL server, and of our roles' rights."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import Error, connection

from config.backup import half_restored
from config.database import rights
from config.health import endpoints
from config.health.doctor.results import Finding, right, warning, wrong

OLDEST = 15
DURABLE = ["fsync", "full_page_writes", "synchronous_commit"]
EXTENSIONS = {"unaccent", "pg_trgm", "intarray"}
A_LITTLE, TOO_MUCH = timedelta(seconds=2), timedelta(seconds=60)
POWERS = """
    SELECT current_user, array_remove(ARRAY[
        CASE WHEN rolsuper THEN 'is a superuser' END,
        CASE WHEN rolcreaterole THEN 'may make roles' END,
        CASE WHEN rolcreatedb THEN 'may make databases' END,
        CASE WHEN has_database_privilege(current_database(), 'CREATE') THEN 'may make schemas' END,
        CASE WHEN has_schema_privilege('public', 'CREATE') THEN 'may make tables' END,
        CASE WHEN EXISTS (
            SELECT FROM pg_class
             WHERE relnamespace = 'public'::regnamespace AND pg_has_role(relowner, 'USAGE')
        ) THEN 'may change and drop tables' END
    ], NULL)
    FROM pg_roles WHERE rolname = current_user
"""

LOG, WORDS = rights.APPEND_ONLY
POWERS_OVER_LOG = f"""
    SELECT asked.role,
        array(
            SELECT lower(power) FROM unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS power
            WHERE EXISTS (
                SELECT FROM unnest(ARRAY['{LOG}', '{WORDS}']) AS name
                WHERE has_table_privilege(asked.role, name, power)
                    OR power = 'UPDATE' AND has_any_column_privilege(asked.role, name, power)
            )
        ),
        EXISTS (
            SELECT FROM pg_trigger WHERE tgrelid = '{LOG}'::regclass AND tgname = 'log_is_append_only'
            AND tgenabled IN ('O', 'A')
        )
    FROM (SELECT coalesce(%s::name, current_user)) AS asked (role)
"""  # noqa: S608 (all of it is ours)


def ask(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def answers() -> Finding:
    try:
        half_restored_since = half_restored.words()
    except Error as error:
        return wrong(f"The database does not answer: {first_line(error)}", "Start it, or correct DATABASE_URL.")
    if half_restored_since:
        return wrong(half_restored_since, half_restored.REMEDY)
    return right("The database answers.")


def is_new() -> bool:
    """Whether no migration was ever applied, so that other checks would find nothing but missing tables."""
    return ask("SELECT to_regclass('django_migrations') IS NULL") == [(True,)]


def version() -> Finding:
    (((number,),), ((text,),)) = ask("SHOW server_version_num"), ask("SHOW server_version")
    if int(number) < OLDEST * 10_000:
        return wrong(f"PostgreSQL is {text}.", f"Borderpost needs {OLDEST} or newer (docs/operating.md).")
    return right(f"PostgreSQL is {text}.")


def durability() -> Finding:
    found = ask("SELECT name FROM pg_settings WHERE name = ANY(%s) AND setting = 'off' ORDER BY name", DURABLE)
    if found:
        names = ", ".join(name for (name,) in found)
        return wrong(
            f"After a power cut posts would be missing: {names} is off.",
            "Switch it on in postgresql.conf, for the database and for the role, and reload the server.",
        )
    return right("What is acknowledged is on the disk.")


def jit() -> Finding:
    if ask("SHOW jit") != [("off",)]:
        return warning("jit is on and makes many small questions slow.", "Put options=-c jit=off into DATABASE_URL.")
    return right("jit is off.")


def role() -> Finding:
    ((name, powers),) = ask(POWERS)
    if powers:
        return wrong(
            f"The application's role {name} {', '.join(powers)}.",
            "Make both roles with config/devserver/roles.sql, and give DATABASE_URL the role borderpost.",
        )
    return right(f"The role {name} reads and writes rows and can change no table.")


def log() -> Finding:
    """The log of moderators is append-only for the application's role, even if somebody breaks into the forum."""
    return log_for(None)


def log_for(role: str | None) -> Finding:
    """As `log`, for any role; without one, for the current role."""
    ((name, powers, guards),) = ask(POWERS_OVER_LOG, role)
    if powers:
        return wrong(
            f"The application's role {name} may {', '.join(powers)} entries of moderators' log.",
            "Run manage.py migrate, which takes that right away, or as the owner of the database: REVOKE UPDATE, "
            f"DELETE, TRUNCATE ON {LOG}, {WORDS} FROM {name}, PUBLIC; and give DATABASE_URL a role that owns no table "
            "(config/devserver/roles.sql).",
        )
    if not guards:
        return wrong(
            "Nothing in the database keeps whoever owns it from changing moderators' log: its trigger is gone or off.",
            f"As the owner of the database: ALTER TABLE {LOG} ENABLE ALWAYS TRIGGER log_is_append_only. If there is "
            "none, restore it from a backup, or run manage.py migrate on a new database and compare.",
        )
    return right("Entries of moderators' log can neither be changed nor deleted.")


def extensions() -> Finding:
    missing = EXTENSIONS - {name for (name,) in ask("SELECT extname FROM pg_extension")}
    if missing:
        return wrong(f"Extensions are missing: {', '.join(sorted(missing))}.", "Run manage.py migrate.")
    return right("The extensions are there.")


def migrations() -> Finding:
    pending = sorted(endpoints.known_migrations() - endpoints.applied_migrations())
    if pending:
        names = ", ".join(f"{app}.{name}" for app, name in pending[:5])
        return wrong(f"Migrations that are not applied: {len(pending)} ({names}).", "Run manage.py migrate.")
    return right("Every migration is applied.")


def clock() -> Finding:
    before = datetime.now(UTC)
    ((theirs,),) = ask("SELECT clock_timestamp()")
    ours = before + (datetime.now(UTC) - before) / 2
    words = f"The clocks of this machine and of the database differ by {abs(theirs - ours).total_seconds():.1f} s."
    if abs(theirs - ours) > A_LITTLE:
        level = wrong if abs(theirs - ours) > TOO_MUCH else warning
        return level(words, "Let both follow the network's time (timedatectl set-ntp true).")
    return right("The clocks of this machine and of the database agree.")


def size() -> Finding:
    ((text,),) = ask("SELECT pg_size_pretty(pg_database_size(current_database()))")
    return right(f"The database takes {text}. On its disk, keep three times as much free for a restore.")
