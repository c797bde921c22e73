"""Version numbers that validate cached pages: each change raises them in its own transaction.

They are read before the content, so that a page can only be taken for older than it is, never for newer. A page of a
topic depends on the topic's version, a list on its subforum's, the index on all subforums', and all of them on the
site's; each model registers this where it is defined. What changes with time alone (a status that decays, a notice
that expires) changes at midnight UTC: the day is one of the numbers.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import NamedTuple

from django.db import router, transaction
from django.db.models import F, Func, Model, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.utils import timezone

from pagecache.prepared import Statement, statement


class Question(NamedTuple):
    """Which version numbers a page depends on: of a "topic" (by id), a "subforum" (by slug), the whole "forum", its
    "index", or of another kind that a model has registered."""

    kind: str
    key: int | str | None = None


class Kept(NamedTuple):
    """Set on a response that may be cached: it is valid while `read_versions(question)` equals `stamp`."""

    question: Question
    stamp: tuple | None


type Number = str | Combinable | Callable[[], Combinable]

_rows: dict[str, Callable[[], QuerySet]] = {}
_numbers: dict[str, list[Number]] = {}
_of_every_page: list[Number] = []
_told: dict[int, Callable[[int | None], None]] = {}


def register(kind: str, rows: Callable[[], QuerySet], *numbers: Number) -> None:
    """Register a kind of page: a queryset of its row, filtered by MARK or text_mark(0) if it has a key, and the version
    numbers that its pages depend on.

    Models call this where they are defined; a number that needs other models is given as a function.
    """
    _rows[kind], _numbers[kind] = rows, list(numbers)


def depends_also(kind: str, number: Number) -> None:
    """Pages of this kind depend on one more version number."""
    _numbers[kind].append(number)


def all_depend_on(number: Number, *, told: Callable[[int | None], None] | None = None) -> None:
    """Every cached page depends on this version number; `told` is called with it each time that versions are read."""
    if told:
        _told[len(_of_every_page)] = told
    _of_every_page.append(number)


class Total(Func):
    """SUM without the GROUP BY that Django's Sum adds: always one row."""

    function = "SUM"


class CountAndTotal(Func):
    """The sum plus the number of rows, so that it also changes when a row of version 0 is added."""

    template = "COUNT(*) + COALESCE(SUM(%(expressions)s), 0)"


def of_others(rows: QuerySet, number: Func) -> Subquery:
    """A Total as a subquery over other rows, which may refer to the page's row by OuterRef."""
    return Subquery(rows.order_by().annotate(version_number=number).values("version_number"))


def read_versions(question: Question) -> tuple | None:
    """The current version numbers and the day in UTC, by one prepared statement; None if the row does not exist."""
    keys = () if question.key is None else (question.key,)
    rows = _statement(question.kind).rows(*keys)
    if not rows:
        return None
    for place, told in _told.items():
        told(rows[0][place])
    return stamp_of(rows[0])


def numbers_of(kind: str) -> list[str | Combinable]:
    """The version numbers as columns, for a query that selects the page's row anyway; see `stamp_of`."""
    return [number() if callable(number) else number for number in (*_of_every_page, *_numbers[kind])]


def stamp_of(numbers: Iterable[int]) -> tuple:
    """What parts of a page are kept by, of its `numbers_of`: the same until something changes that the page shows."""
    return (*numbers, timezone.now().date())


def _statement(kind: str) -> Statement:
    count = len(_of_every_page) + len(_numbers[kind])
    return statement(("versions", kind, count), lambda: _rows[kind]().order_by().values_list(*numbers_of(kind)))


def bump(model: type[Model], *pks: object, **changes: object) -> None:
    """Invalidate cached pages that show these rows: raise their `version` by one, and write `changes` with it.

    Several rows are locked in order of their primary key, so that concurrent writers cannot deadlock; across tables the
    order is topics, posts, subforums, users, crossings, site.
    """
    rows = model._base_manager.filter(pk__in=pks)
    if len(pks) < 2:
        rows.update(version=F("version") + 1, **changes)
        return
    with transaction.atomic(using=router.db_for_write(model)):
        list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk"))
        rows.update(version=F("version") + 1, **changes)


def keepable(kind: str, argument: str = "") -> Callable:
    """View decorator: responses to visitors may be cached. `argument` is the URL keyword that is the key of their kind.

    A response with `is_unfinished` set, of which a task has not made some part yet, is not cached.
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def answer(request, *args: object, **kwargs: object):
            if not getattr(request, "may_be_kept", False):
                return view(request, *args, **kwargs)
            key = kwargs[argument] if argument else None
            question = Question(kind, key)  # type: ignore[arg-type]
            known = getattr(request, "stamp", None)
            stamp = known.stamp if known and known.question == question else read_versions(question)
            request.stamp = Kept(question, stamp)
            response = view(request, *args, **kwargs)
            if stamp is not None and not getattr(response, "is_unfinished", False):
                response.kept = Kept(question, stamp)
                response.headers_of_view = dict(response.items())
            return response

        return answer

    return decorate
