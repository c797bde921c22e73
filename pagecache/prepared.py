"""Prepared statements: queries of busy pages, compiled once from a queryset and planned once by PostgreSQL.

Django compiles a queryset each time it is evaluated, and PostgreSQL plans it each time. Planning once alone took
PostgreSQL's part of a visitor's uncached page from 1.17 ms to 0.59 ms (docs/performance.md). Which rows a user may
read is still said by `visible_to`; it is only compiled once.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import lru_cache
from typing import Any

import psycopg
from django.db import connections, router
from django.db.backends.utils import CursorDebugWrapper, CursorWrapper
from django.db.models import FETCH_ONE, AutoField, BooleanField, DateTimeField, Field, Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.expressions import RawSQL

from pagecache.store import Store

MARK = 2_147_000_000  # placeholder of the first value in a queryset, larger than any real one; MARK + 1 is the second
MOST_VALUES = 40


def text_mark(place: int) -> str:
    """The placeholder MARK + place, for a text value."""
    return f"<value {place}>"


def float_mark(place: int) -> float:
    """The placeholder MARK + place, for a value of double precision."""
    return MARK + place + 0.25


def moment_mark(place: int) -> RawSQL:
    """An expression with the placeholder MARK + place, for a moment: a datetime with its time zone."""
    return RawSQL("%s::timestamptz", [text_mark(place)], DateTimeField())


_PLACES: dict[object, int] = {
    mark: place for place in range(MOST_VALUES) for mark in (MARK + place, text_mark(place), float_mark(place))
}


def is_any(column: str, kind: str = "bigint") -> RawSQL:
    """A condition of a queryset: that a column ("forum_post.id") is one of the values of the first value, which is an
    `array_of` them. A list as a parameter would be another statement for each number of values."""
    return RawSQL(f"{column} = ANY(%s::{kind}[])", [text_mark(0)], BooleanField())  # noqa: S611


def array_of(values: Iterable[int | str]) -> str:
    """The text of an array of numbers, or of codes of letters alone, which need no quotes."""
    return f"{{{','.join(map(str, values))}}}"


class Statement:
    """The compiled SQL of a `values_list` queryset, with MARKs in the places of its parameters.

    All other values are constants in the SQL: a plan for any values could use no partial index whose condition names
    one of them, and takes a country for as large as all others. That took the unanswered questions of the index from
    1.7 ms to 0.26 ms of PostgreSQL.
    """

    def __init__(self, queryset: QuerySet, end: str = "", *, compiled: tuple[str, tuple] | None = None) -> None:
        sql, params = _with_constants(queryset.model, *(compiled or queryset.query.sql_with_params()))
        self.sql = sql + end
        # SQL after the query is a row lock, so it runs where writes go.
        self._model: dict[str, type[Model]] = {"writes" if end else "reads": queryset.model}
        self._params = params
        # psycopg types an int by Django's subclass (Int4, Int8): another type would be planned again.
        marked = [(at, _place_of(param), type(param)) for at, param in enumerate(params)]
        self._marks = [(at, place, kind) for at, place, kind in marked if place is not None]

    def rows(self, *values: object, skip: int = 0) -> list[tuple]:
        params = self._params.copy()
        for at, place, kind in self._marks:
            params[at] = kind(values[place])
        if not skip:
            return run(self.sql, params, **self._model)
        return run(f"{self.sql} OFFSET %s", [*params, skip], **self._model)


def count(key: Hashable, build: Callable[[], QuerySet], *values: object, most: int) -> int:
    """The number of rows of a queryset, counted up to `most`, by the cached statement of this key."""

    def counting() -> Statement:
        rows = build().order_by().values("pk")[:most]
        sql, params = rows.query.sql_with_params()
        return Statement(rows, compiled=(f"SELECT count(*) FROM ({sql}) AS counted", params))  # noqa: S608

    return kept_statement(("count", key_with_code(key, build)), counting).rows(*values)[0][0]


def _with_constants(model: type[Model], sql: str, params: Iterable[object]) -> tuple[str, list[Any]]:
    """SQL with all values but the MARKs in it, and the MARKs that are left as its parameters."""
    database: Any = connections[router.db_for_read(model)]
    database.ensure_connection()
    left, values = [], iter(params)

    def written(mark: re.Match) -> str:
        if mark[0] == "%%":
            return mark[0]
        value = next(values)
        if _place_of(value) is None:
            return database.ops.compose_sql("%s", [value]).replace("%", "%%")
        left.append(value)
        return mark[0]

    return re.sub("%[%s]", written, sql), left


def _place_of(param: object) -> int | None:
    return _PLACES.get(param) if isinstance(param, (int, float, str)) else None


def statement(key: Hashable, build: Callable[[], QuerySet], end: str = "") -> Statement:
    """The cached statement of this key, compiled on first use; `end` is SQL to append, such as a row lock.

    Two places may use the same words as a key: the code of `build` is part of it.
    """
    return kept_statement(key_with_code(key, build), lambda: Statement(build(), end))


def key_with_code(key: Hashable, build: Callable[..., QuerySet]) -> Hashable:
    """A key that no other place in the code has, which builds another queryset."""
    return key, getattr(build, "__code__", None)


def kept_statement[Kind: Statement](key: Hashable, make: Callable[[], Kind]) -> Kind:
    """The cached statement of this key, made on first use; see also pagecache/prepared_models.py."""
    return _statements.get_or_make(key, make)


def run(
    sql: str,
    params: list | dict | None = None,
    *,
    reads: type[Model] | None = None,
    writes: type[Model] | None = None,
) -> list[tuple]:
    """The rows of a prepared statement; none if it returns none. Give the model it `reads` or `writes`, for the router.

    Parameters are %s or %(name)s. It uses Django's cursor wrappers, so `connection.queries`, assertNumQueries and
    Django's database exceptions work as for any query.
    """
    database = connections[router.db_for_write(writes) if writes else router.db_for_read(reads)]  # type: ignore[arg-type]
    database.close_if_health_check_failed()
    database.ensure_connection()
    cursor: Any = PreparedCursor(database.connection)
    wrapped = LoggedCursor(cursor, database) if database.queries_logged else database.make_cursor(cursor)
    wrapped.execute(sql, params)
    return cursor.fetchall() if cursor.pgresult and cursor.pgresult.nfields else []


def insert(row: Model) -> None:
    """Store a new row and give it its key, as `save(force_insert=True)` does, but without the signals of saving.

    For rows of which each request writes one; the ORM is as quick for long ones, such as posts (docs/performance.md).
    """
    model, using = type(row), router.db_for_write(type(row))
    sql, fields = _insertion(model)
    values = [field.get_db_prep_save(field.pre_save(row, True), connections[using]) for field in fields]
    [(row.pk,)] = run(sql, values, writes=model)
    row._state.adding, row._state.db = False, using


@lru_cache
def _insertion(model: type[Model]) -> tuple[str, list[Field]]:
    fields = [
        field for field in model._meta.concrete_fields if not field.generated and not isinstance(field, AutoField)
    ]
    columns, places = ", ".join(str(field.column) for field in fields), ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {model._meta.db_table} ({columns}) VALUES ({places}) RETURNING {model._meta.pk.column}"  # noqa: S608
    return sql, fields


class PreparedCursor(psycopg.RawCursor):
    """A raw cursor that prepares each statement on first use, which Django turns off for its own cursors."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> "PreparedCursor":
        numbered, names = _numbered(query)
        values = [params[name] for name in names] if isinstance(params, dict) else params
        return super().execute(numbered, values, prepare=True)


class LoggedCursor(CursorDebugWrapper):
    """Django's debug cursor for raw cursors: Django's own finds the values in client-side cursors only."""

    def execute(self, sql: Any, params: Any = None) -> Any:
        with self.debug_sql(self._with_values(sql, params), params):
            return CursorWrapper.execute(self, sql, params)

    def _with_values(self, sql: str, params: Any) -> str:
        try:
            return self.db.ops.compose_sql(sql, params)
        except psycopg.Error:  # a value that PostgreSQL cannot hold: executing the statement raises it properly
            return sql


@lru_cache(maxsize=1_000)
def _numbered(sql: str) -> tuple[str, list[str]]:
    """The SQL with PostgreSQL's $1, $2 … for placeholders, and the names of the parameters in that order, if named.

    Cached, because psycopg would parse long statements at each execution.
    """
    names: dict[str, int] = {}

    def number(mark: re.Match) -> str:
        name = mark["name"] or (str(len(names)) if mark[0] == "%s" else "")
        return f"${names.setdefault(name, len(names) + 1)}" if name else "%"

    return re.sub(r"%(?:s|%|\((?P<name>\w+)\)s)", number, sql), list(names)


def as_model[T: Model](
    model: type[T], names: Sequence[str], values: Sequence, fetch_mode: Any = FETCH_ONE, *, is_locked: bool = False
) -> T:
    """A model instance from a row, as Model.from_db but without pre_init and post_init, which have no receivers."""
    row = model.__new__(model)
    row._state = ModelState()
    row._state.adding, row._state.fetch_mode = False, fetch_mode
    row._state.db = router.db_for_write(model) if is_locked else router.db_for_read(model)
    row.__dict__.update(zip(names, values, strict=True))
    return row


def columns_of(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


_statements: Store[Hashable, Any] = Store(max_items=500, is_emptied=False)
