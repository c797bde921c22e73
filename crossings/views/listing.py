"""All crossings, with filters in the address, as a map and as a list."""

from collections import Counter
from datetime import date
from typing import NamedTuple

from django.db.models import FETCH_RAISE
from django.http import Http404
from django.shortcuts import render
from django.utils.http import urlencode

from crossings.forms import CrossingFilterForm
from crossings.gazetteer import alphabet
from crossings.maps import panels
from crossings.maps.extents import BY_SLUG, REGIONS, Region, region_of
from crossings.models import Crossing, Status
from crossings.status import stamp, update
from forum.pages import wrong_filters
from forum.pages.pagination import Pages
from pagecache.versions import keepable

CROSSINGS_PER_PAGE = 60
BESIDE_A_MAP = 24  # a longer list stands below


@keepable("crossings")
def crossings(request):
    """The list has every crossing that fits; the maps, on its first page, those of the region or country, else one of
    where most of them lie."""
    today = update.today()
    form, wrong = wrong_filters.form_without(CrossingFilterForm, request.GET)
    if "page" in wrong:  # no filter, and no page of ours says so
        raise Http404
    found = form.filter(Crossing.objects.with_status(today))
    places = list(found.with_one_of(form.statuses).order_by("pk").values_list("pk", "name", "longitude", "latitude"))
    by_region = Counter(there.slug for _, _, *place in places if (there := region_of(*place)))
    region = BY_SLUG.get(form.cleaned_data["region"])
    if region:
        found = found.in_boxes(*region.boxes)
    listed = [(pk, name) for pk, name, *place in places if region is None or region_of(*place) is region]
    names = alphabet.in_order(listed)
    by_status = found.counts_by_status()
    count = sum(by_status.get(wanted, 0) for wanted in form.statuses)
    page, last_page = form.cleaned_data["page"] or 1, max(1, -(-count // CROSSINGS_PER_PAGE))
    if page > last_page:
        raise Http404
    query = form.query()
    by_name = query | {"order": "name"}
    drawn = panels.NONE if page > 1 else _maps(form, region, by_region, {pk for pk, *_ in places}, today)
    context = {
        "crossings": _page_of(found, form, page, today, [pk for pk, _ in names]),
        "letters": alphabet.letters(names, lambda number: _page_url(request.path, by_name, number), CROSSINGS_PER_PAGE),
        "orders": _orders(request.path, query),
        "wrong_filters": wrong,
        "form": form,
        "region": region,
        "tabs": _tabs(request.path, query, by_region, len(places)),
        "statuses": _statuses(form, by_status),
        "count": count,
        "maps": drawn.drawn,
        "is_short": count <= BESIDE_A_MAP,
        "pages": Pages(page, last_page, FilteredList(request.path, query)),
        "canonical": request.path if not query and page == 1 else "",
        "nav": "crossings",
    }
    return panels.answer(render(request, "crossings/crossings.html", context), drawn)


def _page_of(found, form: CrossingFilterForm, page: int, today: date, by_name: list[int]) -> list[Crossing]:
    """By the newest change, or by name as the reader sees it: `by_name` are the primary keys in that order."""
    shown = found.with_one_of(form.statuses).with_danger(today).with_changed_on(today).with_countries()
    shown = shown.fetch_mode(FETCH_RAISE)
    first = (page - 1) * CROSSINGS_PER_PAGE
    if not form.cleaned_data["order"]:
        return list(shown.order_by("-changed_on", "name", "pk")[first : first + CROSSINGS_PER_PAGE])
    wanted = by_name[first : first + CROSSINGS_PER_PAGE]
    rows = shown.in_bulk(wanted)
    return alphabet.with_anchors([rows[pk] for pk in wanted if pk in rows])


def _orders(path: str, query: dict) -> list[dict]:
    rest = {name: value for name, value in query.items() if name != "order"}
    return [
        {"label": label, "url": _page_url(path, rest | added, 1), "is_current": query.get("order", "") == order}
        for order, label, added in [("", "Newest change", {}), ("name", "A–Z", {"order": "name"})]
    ]


def _maps(
    form: CrossingFilterForm, region: Region | None, by_region: Counter[str], fitting: set[int], today: date
) -> panels.Maps:
    if region is None and form.cleaned_data["country"]:
        return panels.of_fitting_in_country(form.cleaned_data["country"], fitting, today)
    if region:
        return panels.of_region(region, fitting, today)
    largest = [BY_SLUG[slug] for slug, _ in by_region.most_common(1)]
    return panels.of_region(largest[0], fitting, today, most=1) if largest else panels.NONE


def _tabs(path: str, query: dict, by_region: Counter[str], count: int) -> list[dict]:
    """All, and each region in which something fits, with how many."""
    rest = {name: value for name, value in query.items() if name != "region"}
    asked = query.get("region", "")
    tabs = [{"label": "All", "count": count, "url": _page_url(path, rest, 1), "is_current": not asked}]
    return tabs + [
        {
            "label": region.name,
            "count": by_region[region.slug],
            "url": _page_url(path, {"region": region.slug} | rest, 1),
            "is_current": region.slug == asked,
        }
        for region in REGIONS
        if by_region[region.slug] or region.slug == asked
    ]


def _statuses(form: CrossingFilterForm, by_status: dict[str, int]) -> list[dict]:
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
