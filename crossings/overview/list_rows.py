"""Crossings as rows of lists: values alone, so that each row is a fragment in the cache."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.utils.safestring import SafeString

from crossings.models import Crossing
from crossings.status.stamp import Stamp, stamp_of
from pagecache import fragment_cache


class CrossingRow(NamedTuple):
    """A row of the list of all crossings."""

    url: str
    name: str
    stamp: Stamp
    countries: tuple[str, str]
    is_territory_disputed: bool
    in_danger: bool
    # To which the strip of letters leads, of the first of a letter.
    anchor: str


class CrossingOfCountryRow(NamedTuple):
    """A row of the page of a country, below the country on the other side."""

    url: str
    name: str
    stamp: Stamp
    kind: str
    towns: tuple[str, ...]
    is_territory_disputed: bool


def html_of_list(crossings: Iterable[Crossing], today: date) -> SafeString:
    """Of crossings with their countries, status and danger."""
    return fragment_cache.rendered_rows("crossings/_crossing_row.html", (_row(one, today) for one in crossings))


def html_of_country(crossings: Iterable[Crossing], today: date) -> SafeString:
    """Of crossings with their status."""
    rows = (_row_of_country(one, today) for one in crossings)
    return fragment_cache.rendered_rows("crossings/_crossing_of_country_row.html", rows)


def _row(one: Crossing, today: date) -> CrossingRow:
    names = (one.country_a.name, one.country_b.name)
    return CrossingRow(
        one.get_absolute_url(), one.name, stamp_of(one, today), names, one.is_territory_disputed, one.in_danger,
        getattr(one, "anchor", ""),
    )  # fmt: skip


def _row_of_country(one: Crossing, today: date) -> CrossingOfCountryRow:
    return CrossingOfCountryRow(
        one.get_absolute_url(), one.name, stamp_of(one, today), one.get_kind_display(), tuple(one.towns),
        one.is_territory_disputed,
    )  # fmt: skip
