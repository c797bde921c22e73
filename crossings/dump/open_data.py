"""What everybody may take along: crossings as data, the same for every reader.

Nothing of it is delayed by its author or hidden from anybody; no author is named, and passports are told only as groups
that are large enough.
"""

import json
from datetime import date
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import FETCH_RAISE, QuerySet
from django.urls import reverse

from accounts.readers import VISITOR
from accounts.site_info import site_name
from crossings import wording
from crossings.dump import border_times
from crossings.models import Crossing, CrossingReport, Hours, Status
from crossings.reports import listing
from crossings.status import evidence, medians
from crossings.status.evidence import Told
from crossings.status.stamp import Stamp, stamp_of
from forum.feeds import absolute
from pagecache.prepared_models import Answer, answer
from pagecache.store import Store

REPORTS_TOLD = 30
MOST_FEATURES = 3_000  # in the memory of a process, of some 2 KB with its row
LICENCE = {
    "name": "CC BY 4.0",
    "url": "https://creativecommons.org/licenses/by/4.0/",
    "holds_for": "status, reports, hours and closures",
}


def licence() -> dict[str, str]:
    """The licence with whom to name as the source."""
    return LICENCE | {"credit": f"{site_name()} and its travellers"}


def of_crossing(crossing: Crossing, today: date) -> dict[str, Any]:
    """All public data of a crossing, of a queryset with `with_status` and prefetched names."""
    notices = list(crossing.notices.not_over(today))
    return {
        **in_short(crossing, today),
        "names": [name.text for name in crossing.names.all()],
        "posts": {crossing.country_a_id: crossing.post_a, crossing.country_b_id: crossing.post_b},
        "altitude_m": crossing.altitude_m,
        "nearest_towns": crossing.towns,
        "editors": {name: getattr(crossing, name) for name in ("as_of", "source", "confidence")},
        "hours": [border_times.row_of_hours(hours) for hours in _rows_of_hours(crossing)],
        "closures": border_times.closures(crossing, notices, today),
        "facts": [
            {name: getattr(fact, name) for name in ("kind", "text", "as_of", "source", "confidence")}
            for fact in crossing.facts.order_by("kind")
        ],
        "notices": [
            {name: getattr(notice, name) for name in ("kind", "text", "source", "begins_on", "ends_on")}
            for notice in notices
        ],
        "reports_count": crossing.reports_count,
        "reports": _reports(crossing, today),
        "passports": [
            {"group": group, "members": count, "passed": passed} for group, count, passed in medians.passports(crossing)
        ],
        "cite": cite(crossing, stamp_of(crossing, today), today),
        "licence": licence(),
    }


def in_short(crossing: Crossing, today: date) -> dict[str, Any]:
    """Where a crossing is and how it is, with since when that is known."""
    stamp = stamp_of(crossing, today)
    return {
        "url": absolute(crossing.get_absolute_url()),
        "name": crossing.name,
        "countries": {country.pk: country.name for country in crossing.countries},
        # Named after who runs the posts; no word on whose ground it is.
        "territory_disputed": crossing.is_territory_disputed,
        "kind": crossing.kind,
        "latitude": crossing.latitude,
        "longitude": crossing.longitude,
        "clocks": border_times.clocks(crossing),
        "clock_note": crossing.clock_note,
        "opening_hours": border_times.in_osm(crossing),
        "status": {
            "is": Status.UNKNOWN if stamp.was else stamp.status,
            "by": stamp.source,
            "confirmed_on": stamp.confirmed_on,
            "confirmed_by_reports": stamp.confirmed_count,
            "editors_knew_on": stamp.as_of,
            "is_old": stamp.is_old,
            # What it was, and in which month, where nobody knows how it is today.
            "stale": {"was": stamp.stale_status, "in": f"{stamp.as_of:%Y-%m}"} if stamp.was else None,
            "told": [_told(told) for told in evidence.kept(crossing.evidence)],
        },
    }


def _rows_of_hours(crossing: Crossing) -> list[Hours]:
    rows = list(crossing.hours.standing().in_order())
    for row in rows:
        row.crossing = crossing
    return rows


def _told(told: Told) -> dict[str, Any]:
    """What one side told last; the newer side stands first."""
    return {
        "side": told.side, "travellers": told.count, "first_on": told.first_on, "last_on": told.last_on,
        "precision": told.precision,
    }  # fmt: skip


def as_geojson(crossings: list[Crossing], today: date) -> dict[str, Any]:
    """All crossings as points (RFC 7946)."""
    return {"type": "FeatureCollection", "licence": licence(), "features": [_feature(one, today) for one in crossings]}


def ask_for_all(today: date) -> Answer[Crossing]:
    """All crossings with what `in_short` tells of them, and nothing else."""
    return answer(("all crossings in short", today), lambda: _all_in_short(today))


def _all_in_short(today: date) -> QuerySet[Crossing]:
    joined = Crossing.objects.with_status(today).select_related("country_a", "country_b")
    return joined.only(*_IN_SHORT).order_by("slug").fetch_mode(FETCH_RAISE)


_IN_SHORT = [
    "slug", "name", "country_a__name", "country_b__name", "is_territory_disputed", "kind", "latitude", "longitude",
    "zone_a", "zone_b", "also_a", "also_b", "clock_note", "kept_hours", "editors_status", "as_of", "confirmed_on",
    "confirmed_count", "evidence",
]  # fmt: skip


def geojson_of(asked: Answer[Crossing], today: date) -> str:
    """`as_geojson` as text, in which a crossing whose row is as it was keeps the words that it had."""
    [rows] = asked.rows
    keys = [(today, row) for row in rows]
    features = _features.get_many(keys)
    changed = [place for place, text in enumerate(features) if text is None]
    for place, crossing in zip(changed, asked.made_of([rows[place] for place in changed]), strict=True):
        features[place] = _features.put(keys[place], _as_json(_feature(crossing, today)))
    before, behind = _as_json(as_geojson([], today)).rsplit("[]", 1)
    return f"{before}[{', '.join(features)}]{behind}"


# By the rows, so that none is ever old.
_features: Store[tuple[date, tuple], str] = Store(max_items=MOST_FEATURES)


def _as_json(told: dict[str, Any]) -> str:
    return json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False)


def as_place(crossing: Crossing, names: list[str]) -> dict[str, Any]:
    """What search engines are told (schema.org Place)."""
    countries = [{"@type": "Country", "name": country.name} for country in crossing.countries]
    return {
        "@context": "https://schema.org",
        "@type": "Place",
        "name": crossing.name,
        "alternateName": names,
        "url": absolute(crossing.get_absolute_url()),
        "geo": {"@type": "GeoCoordinates", "latitude": crossing.latitude, "longitude": crossing.longitude},
        "containedInPlace": countries,
    }


def cite(crossing: Crossing, stamp: Stamp, today: date) -> str:
    """One line that says what is known, since when, where it stands and when it was read."""
    address = absolute(crossing.get_absolute_url())
    read = f"read on {today.day} {today:%B %Y}"
    return f"{crossing.name}: {stamp.with_evidence}. {site_name()}, {address}, {read}. {LICENCE['name']}."


def _feature(crossing: Crossing, today: date) -> dict[str, Any]:
    told = in_short(crossing, today)
    point = {"type": "Point", "coordinates": [told.pop("longitude"), told.pop("latitude")]}
    return {"type": "Feature", "id": crossing.slug, "geometry": point, "properties": told}


def _reports(crossing: Crossing, today: date) -> list[dict[str, Any]]:
    return [of_report(report, today) for report in listing.reports_of(crossing, VISITOR, today)[:REPORTS_TOLD]]


def of_report(report: CrossingReport, today: date) -> dict[str, Any]:
    precision = "month" if report.only_month else "week" if wording.is_delayed(report, today) else "day"
    return {
        "url": absolute(reverse("forum:post", args=[report.post_id])),
        "begins_on": wording.public_day(report, today),
        "precision": precision,
        "direction": wording.direction_in_words(report.crossing, report.direction),
        "mode": report.mode,
        "outcome": report.outcome,
        "reason": report.reason,
        "is_hearsay": report.is_hearsay,
        "minutes": {
            "exit": report.minutes_at_exit, "between": report.minutes_between, "entry": report.minutes_at_entry,
        },
    }  # fmt: skip
