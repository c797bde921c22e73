"""For programs that read: crossings as JSON and GeoJSON, and feeds of what travellers told. All of it is what a visitor
may read, for every reader."""

from typing import Any

from django.db.models import Q
from django.http import HttpResponse, JsonResponse

from accounts.limits.work_limits import costs
from crossings.dump import open_data
from crossings.models import Crossing, Notice
from crossings.status import update
from crossings.status.lead import lead_of
from crossings.views.countries import find_country
from crossings.views.crossing_page import find_crossing
from forum import feeds
from forum.models import Post
from pagecache.versions import keepable


@keepable("crossing", "slug")
@costs("data")
def crossing_data(request, slug: str):
    found, _, today = find_crossing(slug)
    return _open_json(open_data.of_crossing(found, today))


@keepable("crossings")
@costs("data")
def crossings_data(request):
    today = update.today()
    text = open_data.geojson_of(open_data.ask_for_all(today), today)
    return _for_any_site(HttpResponse(text, content_type="application/geo+json"))


@keepable("crossing", "slug")
@costs("feed")
def crossing_feed(request, slug: str):
    """The stories of its reports, the newest first, under what is known today."""
    found, stamp, today = find_crossing(slug)
    closing = Notice.objects.closing(today).filter(crossing=found).first()
    title = f"{found.name}: reports of travellers"
    known = f"{stamp.words}. {lead_of(found, stamp, today, closing)}"
    return _atom(title, found.get_absolute_url(), request.path, Q(report__crossing=found), known)


@keepable("country", "code")
@costs("feed")
def country_feed(request, code: str):
    """The stories of reports of its crossings, the newest first."""
    found = find_country(code)
    there = Crossing.objects.of_country(found.pk).order_by()
    title = f"{found.name}: reports of crossings"
    return _atom(title, found.get_absolute_url(), request.path, Q(report__crossing__in=there))


def _open_json(told: dict[str, Any]) -> HttpResponse:
    return _for_any_site(JsonResponse(told, json_dumps_params={"ensure_ascii": False}))


def _for_any_site(response: HttpResponse) -> HttpResponse:
    """Data that scripts of any site may read, as it is the same for everybody."""
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _atom(title: str, path: str, feed_path: str, told: Q, subtitle: str = "") -> HttpResponse:
    xml = feeds.atom(title, path, feed_path, feeds.newest(Post.objects.filter(told)), subtitle=subtitle)
    return HttpResponse(xml, content_type="application/atom+xml; charset=utf-8")
