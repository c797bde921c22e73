"""Many rows at once: what a SELECT finds is inserted, and other columns get the defaults of their fields."""
# ruff: noqa: S608 (all SQL is written here)

from typing import Any

from django.db import connection, models
from django.db.models import NOT_PROVIDED

Params = dict[str, Any]


def fill(model: type[models.Model], select: str, params: Params, *, once: bool = False) -> int:
    """Insert a row for each that the SELECT finds, by the names of its columns. Returns how many.

    `once`: those that a unique constraint refuses are left out. A column without a default must be named.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({select}) AS made LIMIT 0", params)
        named = [column.name for column in cursor.description]
        others = _defaults(model, set(named))
        columns = ", ".join(f'"{name}"' for name in [*named, *others])
        values = ", ".join(["made.*", *(f"%(default_{name})s" for name in others)])
        end = "ON CONFLICT DO NOTHING" if once else ""
        cursor.execute(
            f'INSERT INTO "{model._meta.db_table}" ({columns}) SELECT {values} FROM ({select}) AS made {end}',
            {**params, **{f"default_{name}": value for name, value in others.items()}},
        )
        return cursor.rowcount


def _defaults(model: type[models.Model], named: set[str]) -> dict[str, Any]:
    """Values of the columns that are not named and that the database gives no default."""
    found: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        is_given = field.primary_key or field.generated or field.null or field.db_default is not NOT_PROVIDED
        if field.column and field.column not in named and not is_given:
            found[field.column] = field.get_db_prep_save(field.get_default(), connection)
    return found


def run(sql: str, params: Params | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def value(sql: str, params: Params | None = None) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()[0]
