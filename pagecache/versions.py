"""How one tells that a kept page is still true: by numbers that rise in the transaction of every change.

They are read before the content, so that a page can only be thought older than it is. A page of a topic depends on
the topic's number, a list on its subforum's, and the index on all subforums'; each of them on the site's as well, and
on what apps to the right have registered. Words that change by themselves (a status that decays, a notice that ends)
change at the beginning of a day in UTC: the day is one of the numbers.
"""

from collections.abc import Callable
from functools import wraps
from typing import NamedTuple

from django.db import router, transaction
from django.db.models import F, Model
from django.utils import timezone

from pagecache.prepared import run


class Question(NamedTuple):
    """Which numbers a page depends on: of a "topic" (by id), a "subforum" (by slug), the whole "forum", or another kind
    that an app to the right has registered."""

    kind: str
    key: int | str | None = None


class Kept(NamedTuple):
    """What the answer of a view says to whoever may keep it: valid while the question has this answer."""

    question: Question
    stamp: tuple | None


_SITE = "(SELECT version FROM forum_siteversion)"
_numbers = {
    "topic": [_SITE, "version"],
    "subforum": [_SITE, "version"],
    "forum": [_SITE, "sum(version)"],
}
_rows = {"topic": "forum_topic WHERE id = %s", "subforum": "forum_subforum WHERE slug = %s", "forum": "forum_subforum"}


def register(kind: str, numbers: list[str], rows: str) -> None:
    """A new kind of page: which numbers it depends on, besides the site's, in which row (SQL, with one %s if any)."""
    _numbers[kind] = [_SITE, *numbers]
    _rows[kind] = rows


def depends_also(kind: str, number: str) -> None:
    """Pages of this kind end with one more number, too: an SQL expression over the kind's row."""
    if number not in _numbers[kind]:
        _numbers[kind].append(number)


def read_versions(question: Question) -> tuple | None:
    """The numbers as they are now, and today; None if there is no such thing."""
    sql = f"SELECT {', '.join(_numbers[question.kind])} FROM {_rows[question.kind]}"  # noqa: S608 (all of it is ours)
    rows = run(sql, None if question.key is None else [question.key])
    return (*rows[0], timezone.now().date()) if rows else None


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
