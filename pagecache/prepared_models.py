"""Model instances by prepared statements: querysets with `select_related` and annotations, compiled once.

Django compiles a queryset each time it is evaluated, which was half of the CPU time of a crossing's page
(docs/performance.md). Instances are made by Django's own ModelIterable, as if the queryset had been evaluated.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, router
from django.db.models import ManyToOneRel, Model, OneToOneRel, QuerySet, prefetch_related_objects
from django.db.models.query import ModelIterable

from pagecache.prepared import Statement, array_of, is_any, kept_statement, key_with_code


def instances[Row: Model](key: Hashable, build: Callable[[], QuerySet[Row]], *values: object) -> list[Row]:
    """The instances of a queryset, by the prepared statement of this key, which is compiled on first use.

    `build` puts MARK, MARK + 1 … and text_mark(0) … in the places of the values (pagecache/prepared.py). All else that
    the queryset depends on, such as the day and who may read what, is part of the key. Its fetch mode holds, and so
    does its `prefetch_related`; reverse foreign keys are prefetched by a prepared statement each.
    """
    return answer(key, build, *values).instances


def answer[Row: Model](key: Hashable, build: Callable[[], QuerySet[Row]], *values: object) -> "Answer[Row]":
    """The same before any instance is made: where its rows are those of before, so are the fragments made of them."""
    return kept_statement(("models", key_with_code(key, build)), lambda: ModelStatement(build())).answer(*values)


def fingerprint(*shown: object) -> bytes:
    """A cache key of plain values, and of rows of whatever size: equal if, and only if, these have the same repr."""
    return blake2b(repr(shown).encode("utf-8", "surrogatepass"), digest_size=20).digest()


class Answer[Row: Model]:
    """What a prepared statement answered: `rows` as PostgreSQL gave them, with those of reverse foreign keys that are
    prefetched, and the instances, which are made when they are asked for."""

    def __init__(self, statement: "ModelStatement", found: list[tuple], prefetched: "list[Prefetched]") -> None:
        self._statement, self._found, self._prefetched = statement, found, prefetched

    def __bool__(self) -> bool:
        return bool(self._found)

    @property
    def rows(self) -> tuple:
        return (self._found, *(rows.rows for _, rows in self._prefetched))

    def made_of(self, rows: list[tuple]) -> list[Row]:
        """Instances of some of the found rows alone, without what is prefetched."""
        return self._statement.made_of(rows)

    @cached_property
    def instances(self) -> list[Row]:
        made = self._statement.made_of(self._found) if self._found else []
        for relation, rows in self._prefetched:
            _attach(made, relation, rows.instances)
        return made


type Prefetched = tuple[ManyToOneRel, Answer]


class ModelStatement(Statement):
    """The compiled SQL of a queryset of models, with where each column belongs in their instances."""

    def __init__(self, queryset: QuerySet) -> None:
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        super().__init__(queryset, compiled=compiler.as_sql())
        columns = compiler.select[: compiler.col_count]
        self._queryset = queryset
        self._shape = (compiler.select, compiler.klass_info, compiler.annotation_col_map)
        self._converters = list(compiler.get_converters([column[0] for column in columns]).items())
        lookups = queryset._prefetch_related_lookups  # type: ignore[attr-defined]
        self._reverse_keys = [relation for relation in map(self._reverse_key, lookups) if relation]
        self._other_lookups = [lookup for lookup in lookups if not self._reverse_key(lookup)]
        if self._reverse_keys:
            own = compiler.klass_info["select_fields"]
            self._pk_at = next(at for at in own if compiler.select[at][0].target.primary_key)

    def answer(self, *values: object) -> Answer:
        found = self.rows(*values)
        if not found or not self._reverse_keys:
            return Answer(self, found, [])
        pks = array_of(row[self._pk_at] for row in found)
        return Answer(self, found, [(relation, _referring_to(pks, relation)) for relation in self._reverse_keys])

    def made_of(self, rows: list[tuple]) -> list[Any]:
        """Instances, with what is prefetched by other lookups than reverse foreign keys."""
        database = router.db_for_read(self._queryset.model)
        fetched: Any = _Fetched(database, self._queryset, self._shape, self._converted(rows, database))
        made: list[Any] = list(ModelIterable(fetched))
        if self._other_lookups:
            prefetch_related_objects(made, *self._other_lookups)
        return made

    def _reverse_key(self, lookup: Any) -> ManyToOneRel | None:
        relation = self._queryset.model._meta.fields_map.get(lookup) if isinstance(lookup, str) else None
        is_plain = isinstance(relation, ManyToOneRel) and not isinstance(relation, OneToOneRel)
        return relation if is_plain else None

    def _converted(self, rows: list[tuple], database: str) -> list:
        """As SQLCompiler.apply_converters, for columns that are not Python values yet, such as JSON."""
        if not self._converters:
            return rows
        connection, converted = connections[database], [list(row) for row in rows]
        for at, (converters, expression) in self._converters:
            for row in converted:
                for convert in converters:
                    row[at] = convert(row[at], expression, connection)
        return converted


@dataclass(frozen=True, slots=True)
class _Fetched:
    """Rows in the places of a queryset, its query and its compiler, of which ModelIterable makes instances."""

    db: str
    queryset: QuerySet
    shape: tuple
    rows: list

    @property
    def model(self) -> type[Model]:
        return self.queryset.model

    @property
    def _fetch_mode(self) -> Any:
        return self.queryset._fetch_mode  # type: ignore[attr-defined]

    @property
    def _known_related_objects(self) -> dict:
        return {}

    @property
    def query(self) -> "_Fetched":
        return self

    def get_compiler(self, using: str) -> "_Fetched":
        return self

    @property
    def select(self) -> list:
        return self.shape[0]

    @property
    def klass_info(self) -> dict:
        return self.shape[1]

    @property
    def annotation_col_map(self) -> dict:
        return self.shape[2]

    def execute_sql(self, *, chunked_fetch: bool, chunk_size: int) -> list:
        return self.rows

    def results_iter(self, results: list) -> list:
        return results


def _referring_to(pks: str, relation: ManyToOneRel) -> Answer:
    key = relation.field
    return answer(("reverse key", key.model, key.name), lambda: _referring(relation), pks)


def _attach(found: list[Any], relation: ManyToOneRel, rows: list[Any]) -> None:
    """As prefetch_related does it, for rows that refer to these by a foreign key to their primary key."""
    key, name, by_pk = relation.field, relation.get_accessor_name(), defaultdict(list)
    for row in rows:
        by_pk[getattr(row, key.attname)].append(row)
    for one in found:
        for row in by_pk[one.pk]:
            key.set_cached_value(row, one)
        prefetched = getattr(one, name).get_queryset()
        prefetched._result_cache, prefetched._prefetch_done = by_pk[one.pk], True
        one.__dict__.setdefault("_prefetched_objects_cache", {})[relation.cache_name] = prefetched


def _referring(relation: ManyToOneRel) -> QuerySet:
    model, column = relation.field.model, relation.field.column
    return model._default_manager.filter(is_any(f"{model._meta.db_table}.{column}"))
