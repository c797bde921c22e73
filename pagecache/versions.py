"""How one tells that a kept page is still true: by numbers that rise in the transaction of every change.

They are read before the content, so that a page can only be thought older than it is. A page of a topic depends on
the topic's number, a list on its subforum's, and the index on all subforums'; each of them on the site's as well:
each model says so where it is defined. Words that change by themselves (a status that decays, a notice that ends)
change at the beginning of a day in UTC: the day is one of the numbers.
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
    """Which numbers a page depends on: of a "topic" (by id), a "subforum" (by slug), the whole "forum", or another kind
    that a model has registered."""

    kind: str
    key: int | str | None = None


class Kept(NamedTuple):
    """What the answer of a view says to whoever may keep it: valid while the question has this answer."""

    question: Question
    stamp: tuple | None


type Number = str | Combinable | Callable[[], Combinable]

_rows: dict[str, Callable[[], QuerySet]] = {}
_numbers: dict[str, list[Number]] = {}
_of_every_page: list[Number] = []


def register(kind: str, rows: Callable[[], QuerySet], *numbers: Number) -> None:
    """A kind of page: its row, found by MARK or text_mark(0) if it has a key, and the numbers that its pages depend on.

    Models call this where they are defined, so what needs other models is given by a function.
    """
    _rows[kind], _numbers[kind] = rows, list(numbers)


def depends_also(kind: str, number: Number) -> None:
    """Pages of this kind depend on one more number, too."""
    _numbers[kind].append(number)


def all_depend_on(number: Number) -> None:
    """Every page depends on this number."""
    _of_every_page.append(number)


class Total(Func):
    """A sum over all rows, as a query without GROUP BY gives it: one row, whatever there is."""

    function = "SUM"


class CountAndTotal(Func):
    """The same with the number of rows: it also changes when a row of version 0 comes."""

    template = "COUNT(*) + COALESCE(SUM(%(expressions)s), 0)"


def of_others(rows: QuerySet, number: Func) -> Subquery:
    """A total over other rows, which may refer to the page's row by OuterRef."""
    return Subquery(rows.order_by().annotate(number=number).values("number"))


def read_versions(question: Question) -> tuple | None:
    """The numbers as they are now, and today; None if there is no such thing."""
    keys = () if question.key is None else (question.key,)
    rows = _statement(question.kind).rows(*keys)
    return (*rows[0], timezone.now().date()) if rows else None


def _statement(kind: str) -> Statement:
    numbers = [*_of_every_page, *_numbers[kind]]
    return statement(("versions", kind, len(numbers)), lambda: _compiled(kind, numbers))


def _compiled(kind: str, numbers: Iterable[Number]) -> QuerySet:
    return _rows[kind]().order_by().values_list(*(number() if callable(number) else number for number in numbers))


def bump(model: type[Model], *pks: object, **changes: object) -> None:
    """Raise the version of these rows, so that kept pages which show them end, and change what changed with it.

    Several rows are locked in order of their primary key, so that two writers at once cannot deadlock; across tables
    the order is topics, posts, subforums, users, crossings, site.
    """
    rows = model._base_manager.filter(pk__in=pks)
    if len(pks) < 2:
        rows.update(version=F("version") + 1, **changes)
        return
    with transaction.atomic(using=router.db_for_write(model)):
        list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk"))
        rows.update(version=F("version") + 1, **changes)


def keepable(kind: str, argument: str = "") -> Callable:
    """Marks a view whose answers to visitors may be kept; `argument` names the part of the address it depends on.

    An answer of which something is still to be made says so (`is_unfinished`), and is not kept."""

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
