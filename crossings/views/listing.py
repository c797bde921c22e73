"""All crossings, with filters in the address, as a map and as a list."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import FETCH_RAISE, QuerySet
from django.http import Http404
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from crossings.forms import CrossingFilterForm
from crossings.maps import panels
from crossings.maps.extents import BY_SLUG, REGIONS, Region, region_of
from crossings.models import Country, Crossing, Mode, Status
from crossings.models.crossing import CrossingQuerySet
from crossings.overview import alphabet
from crossings.overview.list_rows import html_of_list
from crossings.status import stamp, update
from forum.pages import wrong_filters
from forum.pages.pagination import Pages
from pagecache.fragment_cache import rendered
from pagecache.prepared import array_of, is_any, statement
from pagecache.prepared_models import Answer, answer, fingerprint
from pagecache.store import Store
from pagecache.versions import keepable

CROSSINGS_PER_PAGE = 60
BESIDE_A_MAP = 24  # a longer list stands below
CHOICES_KEPT = 16  # in the memory of a process: each may have the names of all crossings


@keepable("crossings")
def crossings(request):
    """The list has every crossing that fits; the maps, on its first page, those of the region or country, else one of
    where most of them lie whose status is known today."""
    today = update.today()
    form, wrong = wrong_filters.form_without(CrossingFilterForm, request.GET)
    if "page" in wrong:  # no filter, and no page of ours says so
        raise Http404
    region = BY_SLUG.get(form.cleaned_data["region"])
    fitting, key = _fitting(form, today), (form.filters, form.cleaned_data["region"], tuple(form.statuses))
    chosen = _kept.get_or_make(fingerprint(fitting, key), lambda: _choose(form, region, fitting))
    page, last_page = form.cleaned_data["page"] or 1, max(1, -(-chosen.total // CROSSINGS_PER_PAGE))
    if page > last_page:
        raise Http404
    query = form.query()
    by_name = query | {"order": "name"}
    drawn = panels.NONE if page > 1 else _maps(form, region, chosen, today)
    there, countries = _page_of(form, page, today, chosen), _countries()
    context = {
        # Fragments show these, kept by the rows; they are made where such a fragment is not kept.
        "seen": fingerprint(fitting, there.rows, countries, today, query, page, wrong),
        "rows": SimpleLazyObject(lambda: html_of_list(_in_order(there.instances, chosen, form), today)),
        "letters": SimpleLazyObject(
            lambda: alphabet.letters(
                chosen.names, lambda number: _page_url(request.path, by_name, number), CROSSINGS_PER_PAGE
            )
        ),
        "orders": SimpleLazyObject(lambda: _orders(request.path, query)),
        "selects": SimpleLazyObject(lambda: _selects(form, countries)),
        "tabs": SimpleLazyObject(lambda: _tabs(request.path, query, chosen)),
        "statuses": SimpleLazyObject(lambda: _statuses(form, chosen.by_status)),
        "wrong_filters": wrong,
        "form": form,
        "region": region,
        "count": chosen.total,
        "maps": drawn.html,
        "is_short": chosen.total <= BESIDE_A_MAP,
        "pages": Pages(page, last_page, FilteredList(request.path, query)),
        "canonical": request.path if not query and page == 1 else "",
        "nav": "crossings",
    }
    return panels.respond(render(request, "crossings/crossings.html", context), drawn)


class _Fitting(NamedTuple):
    """A crossing that fits all filters but those of status and region."""

    pk: int
    name: str
    longitude: float
    latitude: float
    status: str


def _fitting(form: CrossingFilterForm, today: date) -> list[tuple]:
    """Rows of _Fitting, by a prepared statement for each choice of filters."""

    def build() -> QuerySet:
        crossings = form.filter(Crossing.objects.with_status(today)).order_by("pk")
        return crossings.values_list(*["pk", "name", "longitude", "latitude", "shown_status"])

    return statement(("fitting crossings", today, form.filters), build).rows()


class _Chosen(NamedTuple):
    """What a list and its maps say of all that fit: `places` are the primary keys of those with a wanted status."""

    places: frozenset[int]
    by_status: Mapping[str, int]
    by_region: Mapping[str, int]
    names: list[tuple[int, str]]
    total: int
    most: Region | None


_kept: Store[bytes, _Chosen] = Store(max_items=CHOICES_KEPT)


def _choose(form: CrossingFilterForm, region: Region | None, rows: list[tuple]) -> _Chosen:
    wanted = set(form.statuses)
    fitting = [(row, region_of(row.longitude, row.latitude)) for row in map(_Fitting._make, rows)]
    by_status = Counter(row.status for row, there in fitting if region is None or there is region)
    places = [(row, there) for row, there in fitting if row.status in wanted]
    return _Chosen(
        places=frozenset(row.pk for row, _ in places),
        by_status=by_status,
        by_region=Counter(there.slug for _, there in places if there),
        names=alphabet.in_order((row.pk, row.name) for row, there in places if region is None or there is region),
        total=sum(by_status.get(status, 0) for status in form.statuses),
        most=_region_of_most(places),
    )


def _page_of(form: CrossingFilterForm, page: int, today: date, chosen: _Chosen) -> Answer[Crossing]:
    """By the newest change; by name they come as the database has them."""
    first = (page - 1) * CROSSINGS_PER_PAGE
    if not form.cleaned_data["order"]:
        places = slice(first, first + CROSSINGS_PER_PAGE)
        key = (today, form.filters, form.cleaned_data["region"], tuple(form.statuses), places.start, places.stop)
        return answer(("page of crossings", *key), lambda: _newest_change_first(form, today, places))
    wanted = array_of(pk for pk, _ in chosen.names[first : first + CROSSINGS_PER_PAGE])
    return answer(("crossings by name", today), lambda: _these(today), wanted)


def _these(today: date) -> CrossingQuerySet:
    return _with_all_that_is_shown(Crossing.objects.with_status(today), today).filter(is_any("crossings_crossing.id"))


def _in_order(crossings: list[Crossing], chosen: _Chosen, form: CrossingFilterForm) -> list[Crossing]:
    """As they were found, or by name as the reader sees it."""
    if not form.cleaned_data["order"]:
        return crossings
    by_pk = {one.pk: one for one in crossings}
    return alphabet.with_anchors([by_pk[pk] for pk, _ in chosen.names if pk in by_pk])


def _newest_change_first(form: CrossingFilterForm, today: date, places: slice) -> CrossingQuerySet:
    """All that fit are sorted by their primary keys alone; only those of the page are read as a whole."""
    found = form.filter(Crossing.objects.with_status(today)).with_one_of(form.statuses)
    if region := BY_SLUG.get(form.cleaned_data["region"]):
        found = found.in_boxes(*region.boxes)
    newest, order = found.with_changed_on(today), ["-changed_on", "name", "pk"]
    here = Crossing.objects.filter(pk__in=newest.order_by(*order).values("pk")[places])
    return _with_all_that_is_shown(here.with_status(today).with_changed_on(today), today).order_by(*order)


def _with_all_that_is_shown(crossings: CrossingQuerySet, today: date) -> CrossingQuerySet:
    """Without the version, which changes when nothing of what is shown did."""
    return crossings.with_danger(today).with_countries().defer("version").fetch_mode(FETCH_RAISE)


def _countries() -> list[tuple[str, str]]:
    return statement("names of countries", lambda: Country.objects.order_by("name").values_list("pk", "name")).rows()


def _selects(form: CrossingFilterForm, countries: list[tuple[str, str]]) -> SafeString:
    """The choices of the filters, a fragment: widgets of 170 options cost a fifth of the page."""
    asked = form.cleaned_data
    return rendered(
        "crossings/_crossing_filters.html",
        countries=tuple(countries), modes=tuple(Mode.choices), kinds=tuple(Crossing.Kind.choices),
        country=asked["country"].pk if asked["country"] else "", mode=asked["mode"], kind=asked["kind"],
    )  # fmt: skip


def _orders(path: str, query: dict) -> list[dict]:
    rest = {name: value for name, value in query.items() if name != "order"}
    return [
        {"label": label, "url": _page_url(path, rest | added, 1), "is_current": query.get("order", "") == order}
        for order, label, added in [("", "Newest change", {}), ("name", "A–Z", {"order": "name"})]
    ]


def _maps(form: CrossingFilterForm, region: Region | None, chosen: _Chosen, today: date) -> panels.Maps:
    if region is None and form.cleaned_data["country"]:
        return panels.of_fitting_in_country(form.cleaned_data["country"], chosen.places, today)
    if region:
        return panels.of_region(region, chosen.places, today)
    return panels.of_region(chosen.most, chosen.places, today, most=1) if chosen.most else panels.NONE


def _region_of_most(places: list[tuple[_Fitting, Region | None]]) -> Region | None:
    """Of most crossings whose status is known today; where none is known, of most crossings."""
    known = [there.slug for row, there in places if there and row.status not in stamp.NOT_KNOWN]
    most = Counter(known or [there.slug for _, there in places if there]).most_common(1)
    return BY_SLUG[most[0][0]] if most else None


def _tabs(path: str, query: dict, chosen: _Chosen) -> list[dict]:
    """All, and each region in which something fits, with how many."""
    rest = {name: value for name, value in query.items() if name != "region"}
    asked = query.get("region", "")
    tabs = [{"label": "All", "count": len(chosen.places), "url": _page_url(path, rest, 1), "is_current": not asked}]
    return tabs + [
        {
            "label": region.name,
            "count": chosen.by_region.get(region.slug, 0),
            "url": _page_url(path, {"region": region.slug} | rest, 1),
            "is_current": region.slug == asked,
        }
        for region in REGIONS
        if chosen.by_region.get(region.slug) or region.slug == asked
    ]


def _statuses(form: CrossingFilterForm, by_status: Mapping[str, int]) -> list[dict]:
    return [
        {
            "status": one,
            "label": one.in_filters,
            "colour": stamp.COLOURS[one],
            "mark": stamp.MARKS[one],
            "count": by_status.get(one, 0),
            "is_on": one in form.statuses,
        }
        for one in Status
        if by_status.get(one) or one in form.cleaned_data["status"]
    ]


class FilteredList(NamedTuple):
    """The crossings of one query of the address."""

    path: str
    query: dict

    def url_of_page(self, page: int) -> str:
        return _page_url(self.path, self.query, page)


def _page_url(path: str, query: dict, number: int) -> str:
    asked = query | ({"page": number} if number > 1 else {})
    return f"{path}?{urlencode(asked, doseq=True)}" if asked else path
