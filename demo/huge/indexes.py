"""Indexes and foreign keys of tables that get many rows: dropped before, and made again afterwards, which also checks
every row."""

from collections.abc import Sequence

from django.db import connection, models

from demo.huge.fill import run

# Unique constraints and primary keys stay: statements look rows up by them.
_DROPPABLE = """
    SELECT 1, format('DROP INDEX %%s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
    FROM pg_index AS i
    WHERE i.indrelid = ANY (%(tables)s::regclass[]) AND NOT i.indisunique
    UNION ALL
    SELECT 2, format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
        format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint
    WHERE contype = 'f' AND (conrelid = ANY (%(tables)s::regclass[]) OR confrelid = ANY (%(tables)s::regclass[]))
    UNION ALL
    SELECT 3, format('ALTER TABLE %%s DISABLE TRIGGER %%I', tgrelid::regclass, tgname),
        format('ALTER TABLE %%s ENABLE TRIGGER %%I', tgrelid::regclass, tgname)
    FROM pg_trigger WHERE NOT tgisinternal AND tgrelid = ANY (%(tables)s::regclass[])
"""


def drop(tables: Sequence[type[models.Model]]) -> None:
    """Drop them, and keep in the schema `seed_huge` how they are made again."""
    run("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for the end of the transaction would keep tables from changing
    run("CREATE TABLE seed_huge.dropped (place serial PRIMARY KEY, remade boolean DEFAULT false, sql text)")
    with connection.cursor() as cursor:
        names = [model._meta.db_table for model in tables]
        cursor.execute(f"{_DROPPABLE} ORDER BY 1", {"tables": names})
        for _, dropping, making in cursor.fetchall():
            cursor.execute(dropping)
            cursor.execute("INSERT INTO seed_huge.dropped (sql) VALUES (%s)", [making])


def remake() -> None:
    """Make them again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT place, sql FROM seed_huge.dropped WHERE NOT remade ORDER BY place")
        for place, sql in cursor.fetchall():
            cursor.execute(sql)
            cursor.execute("UPDATE seed_huge.dropped SET remade = true WHERE place = %s", [place])
