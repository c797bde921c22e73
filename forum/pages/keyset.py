"""Keyset pagination: a page begins after the last row of the page before, so page 1,000 costs what page 1 costs."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet
from django.http import Http404

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TEXT = re.compile(r"([0-9]{1,16})_([0-9]{1,18})")


class Place(NamedTuple):
    """Where a page ended: the time and primary key of its last row."""

    at: datetime
    pk: int

    def __str__(self) -> str:
        """As it stands in a URL: microseconds since 1970, and the key."""
        return f"{(self.at - _EPOCH) // timedelta(microseconds=1)}_{self.pk}"


def read_place(text: str) -> Place | None:
    """The place of a URL; None for the first page. Raises Http404 for what no page of ours says."""
    if not text:
        return None
    found = _TEXT.fullmatch(text) if text.isascii() else None
    if found is None:
        raise Http404
    return Place(_EPOCH + timedelta(microseconds=int(found[1])), int(found[2]))


def read_pk(text: str) -> int | None:
    """The primary key after which a page begins; None for the first page. Raises Http404."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise Http404
    return int(text)


def newest_first[Rows: QuerySet](rows: Rows, time: str, place: Place | None) -> Rows:
    """The rows by a time, newest first, from a place on. An index of (…, time DESC) serves it."""
    ordered = rows.order_by(F(time).desc(), "-pk")
    if place is None:
        return ordered
    return ordered.filter(Q(**{f"{time}__lt": place.at}) | Q(pk__lt=place.pk), **{f"{time}__lte": place.at})


class Page[R](NamedTuple):
    """A page of rows, and whether there are more."""

    rows: list[R]
    has_more: bool


def page_of(rows: QuerySet[Any], size: int) -> Page[Any]:
    """The first rows of a queryset, which has one row more than is shown if there are more."""
    found = list(rows[: size + 1])
    return Page(found[:size], len(found) > size)
