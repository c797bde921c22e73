"""Questions that every page asks, compiled once from a queryset and then run as prepared statements.

Django composes the SQL of a queryset anew each time, and PostgreSQL plans it anew: on our busiest pages that cost more
than the answer. The scope is still said by `visible_to`; only the composing happens once.
"""

import re
from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import FETCH_ONE, AutoField, Field, Model, QuerySet
from django.db.models.base import ModelState

from pagecache.store import Store

MARK = 2_147_000_000  # no value of ours is so large: it stands where one will be
MOST_VALUES = 40


def text_mark(place: int) -> str:
    """As MARK + place, for a text."""
    return f"<value {place}>"


_PLACES: dict[object, int] = {MARK + place: place for place in range(MOST_VALUES)}
_PLACES |= {text_mark(place): place for place in range(MOST_VALUES)}


class Statement:
    """A queryset of `values_list` with marks in the places of the values it will be asked with."""

    def __init__(self, queryset: QuerySet, end: str = "") -> None:
        self.sql, params = queryset.query.sql_with_params()
        self.sql += end
        self._params = list(params)
        # Numbers keep the width that Django gave them: PostgreSQL plans once for each.
        marked = [(at, _place_of(param), type(param)) for at, param in enumerate(params)]
        self._marks = [(at, place, kind) for at, place, kind in marked if place is not None]

    def rows(self, *values: object, skip: int = 0) -> list[tuple]:
        params = self._params.copy()
        for at, place, kind in self._marks:
            params[at] = kind(values[place])
        if not skip:
            return run(self.sql, params)
        return run(f"{self.sql} OFFSET %s", [*params, skip])


def _place_of(param: object) -> int | None:
    return _PLACES.get(param) if isinstance(param, (int, str)) else None


def statement(key: Hashable, build: Callable[[], QuerySet], end: str = "") -> Statement:
    """The statement kept under this key, made at the first time; `end` is what follows the queryset's SQL."""
    return _statements.get_or_make(key, lambda: Statement(build(), end))


def run(sql: str, params: list | dict | None = None) -> list[tuple]:
    """The rows, by a prepared statement; by Django's own cursor where somebody counts the queries. None has no rows."""
    database = connections[DEFAULT_DB_ALIAS]  # looked up once: `connection` looks at every attribute
    if database.queries_logged or database.execute_wrappers:
        with database.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall() if cursor.description else []
    database.close_if_health_check_failed()
    database.ensure_connection()
    with database.wrap_database_errors:
        numbered, names = _numbered(sql)
        values = [params[name] for name in names] if isinstance(params, dict) else params
        found = psycopg.RawCursor(database.connection).execute(numbered, values, prepare=True)
        return found.fetchall() if found.pgresult and found.pgresult.nfields else []


def insert(row: Model) -> None:
    """Store a new row and give it its key, as `save(force_insert=True)` does, but for the signals of saving."""
    fields = _fields_stored(type(row))
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connections[DEFAULT_DB_ALIAS]) for field in fields]
    [(row.pk,)] = run(_insertion(type(row)), values)
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


@lru_cache
def _fields_stored(model: type[Model]) -> list[Field]:
    return [field for field in model._meta.concrete_fields if not field.generated and not isinstance(field, AutoField)]


@lru_cache
def _insertion(model: type[Model]) -> str:
    columns = [str(field.column) for field in _fields_stored(model)]
    values = ["%s"] * len(columns)
    place = f"{model._meta.db_table} ({', '.join(columns)})"
    return f"INSERT INTO {place} VALUES ({', '.join(values)}) RETURNING {model._meta.pk.column}"  # noqa: S608 (all of it is ours)


@lru_cache(maxsize=1_000)
def _numbered(sql: str) -> tuple[str, list[str]]:
    """With $1, $2 … as PostgreSQL has them, for psycopg would read long statements anew each time; and the names of the
    values in that order, where they have names."""
    names: dict[str, int] = {}

    def number(mark: re.Match) -> str:
        name = mark["name"] or (str(len(names)) if mark[0] == "%s" else "")
        return f"${names.setdefault(name, len(names) + 1)}" if name else "%"

    return re.sub(r"%(?:s|%|\((?P<name>\w+)\)s)", number, sql), list(names)


def as_model[T: Model](model: type[T], names: Sequence[str], values: Sequence, fetch_mode: Any = FETCH_ONE) -> T:
    """A row as its model, as Model.from_db makes it, but for the signals of its making, which nobody hears."""
    row = model.__new__(model)
    row._state = ModelState()
    row._state.adding, row._state.db, row._state.fetch_mode = False, DEFAULT_DB_ALIAS, fetch_mode
    row.__dict__.update(zip(names, values, strict=True))
    return row


def columns_of(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


_statements: Store[Hashable, Statement] = Store(max_items=500, is_emptied=False)
