"""What Django's flush does after a test with real transactions, without making new files for all tables."""

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection, transaction

from crossings.models import NamesVersion
from forum.models import SiteVersion
from moderation.models import EntryWords, ModerationEntry

# Rows that Django would write again after each flush; no test changes them.
KEPT = {Permission._meta.db_table, ContentType._meta.db_table}
# Triggers of other tables write to these.
LAST = [SiteVersion._meta.db_table, NamesVersion._meta.db_table]
LOG = ModerationEntry._meta.db_table
APPEND_ONLY = {LOG, EntryWords._meta.db_table}


def empty_tables() -> None:
    """Delete all rows: TRUNCATE of all tables makes some four hundred files, and most tables have no rows.

    Constraints are deferred, so the order of tables does not matter. The log and its words refuse DELETE, and are
    truncated with the tables that refer to them. In the table of the cache, which has no model, allauth counts.
    """
    cache.clear()
    with transaction.atomic(), connection.cursor() as cursor:
        filled = _filled_tables(cursor)
        if LOG in filled:
            cursor.execute(f"TRUNCATE {LOG} CASCADE")
            filled -= APPEND_ONLY
        for table in [*sorted(filled.difference(LAST)), *LAST]:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")


def _filled_tables(cursor) -> set[str]:
    tables = set(connection.introspection.django_table_names(include_views=False)) - KEPT
    cursor.execute(" UNION ALL ".join(f"(SELECT '{table}' FROM \"{table}\" LIMIT 1)" for table in sorted(tables)))
    return {table for (table,) in cursor.fetchall()}
