"""The rights (GRANT) of the application's role, applied after each `manage.py migrate` and by a restore.

They are granted table by table and not by default privileges: pg_dump writes down what a table's rights are, but no
REVOKE of what the default privileges of another database add to them. With those, every restore gave the application
back the right to change the moderators' log.
"""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db import connections
from django.db.models.signals import post_migrate
from psycopg import sql

# Tables in which the application only adds rows; triggers refuse the rest to everybody.
APPEND_ONLY = ["moderation_moderationentry", "moderation_entrywords"]
READ_AND_WRITE, ADD = ["SELECT", "INSERT", "UPDATE", "DELETE"], ["SELECT", "INSERT"]

OURS = "relnamespace = 'public'::regnamespace AND pg_has_role(relowner, 'USAGE')"
LACKING = f"""
    SELECT oid::regclass::text, relname = ANY(%(append_only)s)
      FROM pg_class
     WHERE {OURS} AND relkind IN ('r', 'p', 'v', 'm')
       AND EXISTS (
           SELECT FROM unnest(
               CASE WHEN relname = ANY(%(append_only)s) THEN %(add)s::text[] ELSE %(all)s::text[] END) AS power
            WHERE NOT has_table_privilege(%(role)s, pg_class.oid, power))
     ORDER BY 1
"""  # noqa: S608 (all of it is ours)
SEQUENCES = f"""
    SELECT oid::regclass::text FROM pg_class
     WHERE CASE WHEN {OURS} AND relkind = 'S' THEN NOT has_sequence_privilege(%(role)s, oid, 'USAGE') END
"""  # noqa: S608 (all of it is ours)
# Rights beyond reading and adding, of the table or of a column, of anybody but its owner.
TOO_MUCH = f"""
    SELECT DISTINCT pg_class.oid::regclass::text,
           CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END
      FROM pg_class
      CROSS JOIN LATERAL (
          SELECT grantee, privilege_type FROM aclexplode(relacl)
          UNION ALL
          SELECT acl.grantee, acl.privilege_type
            FROM pg_attribute CROSS JOIN LATERAL aclexplode(attacl) AS acl
           WHERE attrelid = pg_class.oid
      ) AS granted
     WHERE {OURS} AND relname = ANY(%(append_only)s) AND grantee <> relowner
       AND privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE')
"""  # noqa: S608 (all of it is ours)
# Made to be called by the application in place of a right over the table.
FUNCTIONS = """
    SELECT oid::regprocedure::text FROM pg_proc
     WHERE pronamespace = 'public'::regnamespace AND prosecdef AND pg_has_role(proowner, 'USAGE')
       AND NOT has_function_privilege(%(role)s, oid, 'EXECUTE')
"""
DEFAULTS = """
    SELECT DISTINCT defaclrole::regrole::text,
           CASE WHEN defaclnamespace <> 0 THEN defaclnamespace::regnamespace::text END,
           CASE defaclobjtype WHEN 'r' THEN 'TABLES' ELSE 'SEQUENCES' END
      FROM pg_default_acl CROSS JOIN LATERAL aclexplode(defaclacl) AS acl
     WHERE defaclobjtype IN ('r', 'S') AND pg_has_role(defaclrole, 'USAGE')
       AND acl.grantee = (SELECT oid FROM pg_roles WHERE rolname = %(role)s)
"""


def apply_to(alias: str = "default") -> None:
    """Give the application's role what it needs, and take from everybody what changes append-only tables.

    Runs as the owner, and again changes nothing. Does nothing where the application owns the tables, or where its role
    (the user of DATABASE_URL) is not there; `manage.py doctor` says so.
    """
    role = settings.APPLICATION_ROLE
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT current_user <> %s AND EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [role, role])
        if cursor.fetchone()[0]:
            for statement in _statements(cursor, role):
                cursor.execute(statement)


def _statements(cursor: Any, role: str) -> list[str]:
    """Those that are needed. Names come quoted from the catalogue."""
    quoted = sql.Identifier(role).as_string(cursor.connection)

    def rows(question: str) -> list[tuple[Any, ...]]:
        cursor.execute(question, {"role": role, "append_only": APPEND_ONLY, "add": ADD, "all": READ_AND_WRITE})
        return cursor.fetchall()

    return [
        *(_no_default(owner, schema, kind, quoted) for owner, schema, kind in rows(DEFAULTS)),
        *(f"GRANT CONNECT ON DATABASE {name} TO {quoted}" for (name,) in rows(DATABASE)),
        *(f"GRANT USAGE ON SCHEMA public TO {quoted}" for (lacks,) in rows(SCHEMA) if lacks),
        *(f"GRANT {', '.join(ADD if only else READ_AND_WRITE)} ON {name} TO {quoted}" for name, only in rows(LACKING)),
        *(f"GRANT USAGE ON SEQUENCE {name} TO {quoted}" for (name,) in rows(SEQUENCES)),
        *(f"GRANT EXECUTE ON FUNCTION {name} TO {quoted}" for (name,) in rows(FUNCTIONS)),
        *(f"REVOKE UPDATE, DELETE, TRUNCATE ON {name} FROM {grantee}" for name, grantee in rows(TOO_MUCH)),
    ]


# A restore that was cut off before it emptied anything leaves the application locked out; one that goes on, too.
DATABASE = """
    SELECT quote_ident(current_database())
     WHERE NOT has_database_privilege(%(role)s, current_database(), 'CONNECT')
       AND NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'borderpost_half_restored')
       AND current_setting('borderpost.restores', true) IS DISTINCT FROM 'on'
"""
SCHEMA = "SELECT NOT has_schema_privilege(%(role)s, 'public', 'USAGE')"


def _no_default(owner: str, schema: str | None, kind: str, role: str) -> str:
    place = f" IN SCHEMA {schema}" if schema else ""
    return f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner}{place} REVOKE ALL ON {kind} FROM {role}"


def apply_after_migrations(app: AppConfig) -> None:
    """Connect `apply_to` to the signal of an app; Django sends it when every migration is applied."""
    post_migrate.connect(_after_migrations, sender=app, dispatch_uid="rights")


def _after_migrations(using: str, **signal: Any) -> None:
    apply_to(using)
