"""The maps of a page: what is drawn, and the marks on it. Two queries, whatever they show; one where they are kept."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import FETCH_RAISE
from django.http import HttpResponse
from django.utils.safestring import SafeString

from crossings.maps import drawn_maps, extents, sheets
from crossings.maps.extents import Region
from crossings.maps.marks import KEY, Mark, marks_on
from crossings.maps.sheets import Drawing, Sheet
from crossings.models import Country, Crossing
from crossings.models.crossing import CrossingQuerySet
from pagecache import fragment_cache
from pagecache.prepared import float_mark, text_mark
from pagecache.prepared_models import Answer, answer, fingerprint

_SHOWN = [
    "slug", "name", "longitude", "latitude", "confirmed_on", "confirmed_count", "as_of", "country_a_id", "country_b_id",
    "editors_status",
]  # fmt: skip

_BOX = (float_mark(0), float_mark(1), float_mark(2), float_mark(3))


@dataclass(frozen=True)
class Map:
    """A map as it is shown."""

    title: str
    sheet: Sheet
    drawing: Drawing
    marks: list[Mark]

    @property
    def key(self) -> tuple[tuple[str, str, str], ...]:
        """The shapes that are on it, each with its colour and meaning."""
        seen = {mark.shape: mark.colour for mark in self.marks}
        return tuple((seen[shape], shape, words) for shape, words in KEY.items() if shape in seen)

    @property
    def html(self) -> SafeString:
        """Its frame and each of its marks are fragments of their own in the cache."""
        extent, drawing = self.sheet.extent, self.drawing
        fills = {"land": drawing.svg, "marks": fragment_cache.rendered_rows("crossings/_mark.html", self.marks)}
        framed = fragment_cache.framed(
            "crossings/_map.html", fills, title=self.title, width=extent.width, height=extent.height, key=self.key,
            has_disputed=drawing.has_disputed,
        )  # fmt: skip
        return SafeString(framed)


@dataclass(frozen=True)
class Maps:
    """The maps of a page, one after the other. Of some that are still to be drawn the page says nothing yet, and must
    not be kept."""

    html: SafeString
    is_finished: bool


NONE = Maps(SafeString(""), is_finished=True)


def round_crossing(crossing: Crossing, today: date) -> Maps:
    bounds = extents.bounds_of(extents.round_crossing(crossing.longitude, crossing.latitude))
    near = answer(("on the map", today), lambda: _shown(Crossing.objects.in_boxes(_BOX), today), *bounds)
    title = f"Map round {crossing.name}"

    def make() -> Maps:
        return _maps(title, sheets.of_crossing(crossing, near.instances), near.instances, today)

    return _kept(("crossing", title, crossing.pk, crossing.longitude, crossing.latitude, near.rows, today), make)


def of_country(country: Country, crossings: Answer[Crossing], today: date) -> Maps:
    """`crossings` are all of the country's, with status."""
    title = f"Crossings of {country.name}"

    def make() -> Maps:
        return _maps(title, sheets.of_country(crossings.instances), crossings.instances, today)

    return _kept(("country", title, crossings.rows, today), make)


def of_region(region: Region, fitting: Collection[int], today: date, *, most: int | None = None) -> Maps:
    """Of the region's crossings those are marked that fit what was asked for, on at most so many of its maps."""
    key = ("in a region", today, region.slug)
    there = answer(key, lambda: _shown(Crossing.objects.in_boxes(*region.boxes), today))
    title = f"Crossings in {region.in_a_sentence}"

    def make() -> Maps:
        marked = [one for one in there.instances if one.pk in fitting]
        return _maps(title, sheets.of_region(region, there.instances)[:most], marked, today)

    return _kept(("region", title, region.slug, most, sorted(fitting), there.rows, today), make)


def of_fitting_in_country(country: Country, fitting: Collection[int], today: date) -> Maps:
    """Of the country's crossings those are marked that fit what was asked for."""
    key = ("marks of a country", today)
    there = answer(key, lambda: _shown(Crossing.objects.of_country(text_mark(0)), today), country.pk)
    title = f"Crossings of {country.name}"

    def make() -> Maps:
        marked = [one for one in there.instances if one.pk in fitting]
        return _maps(title, sheets.of_country(there.instances), marked, today)

    return _kept(("fitting", title, sorted(fitting), there.rows, today), make)


def respond(page: HttpResponse, *maps: Maps) -> HttpResponse:
    """The page with these maps; where one is not drawn yet, it is marked as not to be cached."""
    page.is_unfinished = not all(one.is_finished for one in maps)  # type: ignore[attr-defined]
    return page


def _shown(crossings: CrossingQuerySet, today: date) -> CrossingQuerySet:
    return crossings.with_status(today).only(*_SHOWN).order_by("pk").fetch_mode(FETCH_RAISE)


def _kept(shown: tuple, make: Callable[[], Maps]) -> Maps:
    """By everything that they show. Maps of which one is still to be drawn are made again."""
    key = ("maps", fingerprint(*shown))
    if (html := fragment_cache.parts.get(key)) is not None:
        return Maps(html, is_finished=True)
    made = make()
    if made.is_finished:
        fragment_cache.parts.put(key, made.html)
    return made


def _maps(title: str, wanted: list[Sheet], marked: Iterable[Crossing], today: date) -> Maps:
    found, shown = drawn_maps.find(wanted), {crossing.pk: crossing for crossing in marked}
    titles = [title if len(wanted) == 1 else f"{title}, map {number}" for number in range(1, len(wanted) + 1)]
    drawn = [
        Map(name, sheet, found[sheet], marks_on(sheet, found[sheet], shown, today))
        for name, sheet in zip(titles, wanted, strict=True)
        if sheet in found
    ]
    return Maps(fragment_cache.joined(one.html for one in drawn), is_finished=len(drawn) == len(wanted))
