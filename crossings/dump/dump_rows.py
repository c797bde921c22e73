"""What the files of a dump hold: all of it is what pages show to visitors, row by row, with few statements."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import batched
from typing import Any

from django.db.models import FETCH_RAISE

from crossings.dump import border_times, open_data
from crossings.models import Crossing, CrossingReport, Hours, Notice

Row = Mapping[str, Any]
AT_ONCE = 500
# What spreadsheets take for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
CROSSINGS = [
    "slug", "name", "country_a", "country_b", "post_a", "post_b", "latitude", "longitude", "kind", "status",
    "status_by", "confirmed_on", "editors_knew_on", "zone_a", "zone_b", "clock_note", "territory",
    "source", "confidence", "url",
]  # fmt: skip
HOURS = [
    "slug", "country", "way", "for", "weekdays", "opens", "closes", "break_from", "break_to", "zone", "season_from",
    "season_to", "as_of", "confirmed_on", "confidence", "source", "note",
]  # fmt: skip
CLOSURES = [
    "slug", "countries", "first_on", "last_on", "kind", "is_sure", "is_estimated", "words", "source", "source_url",
]  # fmt: skip
REPORTS = [
    "slug", "url", "begins_on", "precision", "direction", "mode", "outcome", "reason", "is_hearsay", "minutes_exit",
    "minutes_between", "minutes_entry",
]  # fmt: skip


def crossings(found: Iterable[Crossing], today: date) -> Iterator[Row]:
    for crossing in found:
        told = open_data.in_short(crossing, today)
        yield told | {
            "slug": crossing.slug, "country_a": crossing.country_a_id, "country_b": crossing.country_b_id,
            "post_a": crossing.post_a, "post_b": crossing.post_b, "status": told["status"]["is"],
            "status_by": told["status"]["by"], "confirmed_on": told["status"]["confirmed_on"],
            "editors_knew_on": told["status"]["editors_knew_on"], "zone_a": crossing.zone_a,
            "zone_b": crossing.zone_b, "clock_note": crossing.clock_note, "territory": border_times.territory(crossing),
            "source": crossing.source, "confidence": crossing.confidence,
        }  # fmt: skip


def hours() -> Iterator[Row]:
    rows = Hours.objects.standing().select_related("crossing__country_a", "crossing__country_b")
    for row in rows.order_by("crossing__slug", "side", "pk").fetch_mode(FETCH_RAISE).iterator(AT_ONCE):
        yield {"slug": row.crossing.slug, **border_times.row_of_hours(row)}


def closures(found: Iterable[Crossing], today: date) -> Iterator[Row]:
    notices = defaultdict(list)
    for notice in Notice.objects.not_over(today):
        notices[notice.crossing_id].append(notice)
    for crossing in found:
        for closure in border_times.closures(crossing, notices[crossing.pk], today):
            yield {"slug": crossing.slug, **closure, "countries": " ".join(closure["countries"])}


def reports(today: date) -> Iterator[Row]:
    """Of stories that everybody may read, AT_ONCE with a statement, in an order that tells no hidden day."""
    readable = CrossingReport.objects.readable_by_all().order_by("post_id").values_list("pk", flat=True)
    joined = CrossingReport.objects.select_related("crossing__country_a", "crossing__country_b")
    for ids in batched(readable.iterator(AT_ONCE), AT_ONCE):
        for report in joined.filter(pk__in=ids).readable_by_all().order_by("post_id").fetch_mode(FETCH_RAISE):
            told = open_data.of_report(report, today)
            minutes = {f"minutes_{part}": taken for part, taken in told.pop("minutes").items()}
            yield {"slug": report.crossing.slug, **told, **minutes}


def cell(value: Any) -> str:
    """As CSV has it; a text that a spreadsheet would run as a formula begins with an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text
