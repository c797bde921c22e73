"""The maps of a page: what is drawn, and the marks on it. Two queries, whatever they show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import FETCH_RAISE
from django.http import HttpResponse

from crossings.maps import drawn_maps, extents, sheets
from crossings.maps.extents import Region
from crossings.maps.marks import KEY, Mark, marks_on
from crossings.maps.sheets import Drawing, Sheet
from crossings.models import Country, Crossing
from crossings.models.crossing import CrossingQuerySet

_SHOWN = [
    "slug", "name", "longitude", "latitude", "confirmed_on", "confirmed_count", "as_of", "country_a_id", "country_b_id",
    "editors_status",
]  # fmt: skip


@dataclass(frozen=True)
class Map:
    """A map as it is shown."""

    title: str
    sheet: Sheet
    drawing: Drawing
    marks: list[Mark]

    @property
    def key(self) -> list[tuple[str, str, str]]:
        """The shapes that are on it, each with its colour and meaning."""
        seen = {mark.stamp.mark: mark.stamp.colour for mark in self.marks}
        return [(seen[mark], mark, words) for mark, words in KEY.items() if mark in seen]


@dataclass(frozen=True)
class Maps:
    """The maps of a page. Of some that are still to be drawn the page says nothing yet, and must not be kept."""

    drawn: list[Map]
    is_finished: bool


NONE = Maps([], is_finished=True)


def round_crossing(crossing: Crossing, today: date) -> Maps:
    bounds = extents.bounds_of(extents.round_crossing(crossing.longitude, crossing.latitude))
    near = list(_shown(Crossing.objects.in_boxes(bounds), today))
    return _maps(f"Map round {crossing.name}", sheets.of_crossing(crossing, near), near, today)


def of_country(country: Country, crossings: list[Crossing], today: date) -> Maps:
    """`crossings` are all of the country's, with status."""
    return _maps(f"Crossings of {country.name}", sheets.of_country(crossings), crossings, today)


def of_region(region: Region, fitting: set[int], today: date, *, most: int | None = None) -> Maps:
    """Of the region's crossings those are marked that fit what was asked for, on at most so many of its maps."""
    there = list(_shown(Crossing.objects.in_boxes(*region.boxes), today))
    marked = [one for one in there if one.pk in fitting]
    return _maps(f"Crossings in {region.in_a_sentence}", sheets.of_region(region, there)[:most], marked, today)


def of_fitting_in_country(country: Country, fitting: set[int], today: date) -> Maps:
    """Of the country's crossings those are marked that fit what was asked for."""
    there = list(_shown(Crossing.objects.of_country(country.pk), today))
    marked = [one for one in there if one.pk in fitting]
    return _maps(f"Crossings of {country.name}", sheets.of_country(there), marked, today)


def answer(page: HttpResponse, *maps: Maps) -> HttpResponse:
    """The page with these maps; where one is not drawn yet, it is marked as not to be cached."""
    page.is_unfinished = not all(one.is_finished for one in maps)  # type: ignore[attr-defined]
    return page


def _shown(crossings: CrossingQuerySet, today: date) -> CrossingQuerySet:
    return crossings.with_status(today).only(*_SHOWN).order_by("pk").fetch_mode(FETCH_RAISE)


def _maps(title: str, wanted: list[Sheet], marked: Iterable[Crossing], today: date) -> Maps:
    found, shown = drawn_maps.find(wanted), {crossing.pk: crossing for crossing in marked}
    titles = [title if len(wanted) == 1 else f"{title}, map {number}" for number in range(1, len(wanted) + 1)]
    drawn = [
        Map(name, sheet, found[sheet], marks_on(sheet, found[sheet], shown, today))
        for name, sheet in zip(titles, wanted, strict=True)
        if sheet in found
    ]
    return Maps(drawn, is_finished=len(drawn) == len(wanted))
