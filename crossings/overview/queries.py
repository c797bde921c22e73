"""Everything that the home page shows of crossings: one statement, whatever the number of crossings and reports."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from crossings.models import Country, Crossing, CrossingReport, Notice, Status, StatusChange, StatusSource
from crossings.models.crossing import shown_on
from crossings.overview.coming_rest import coming_rest
from crossings.overview.rows import ChangeRow, ClosureRow, Overview, ReportRow, tally_of
from crossings.status.lead import lead_of
from crossings.status.stamp import stamp_of
from pagecache.prepared import statement

CHANGES_SHOWN = 5
REPORTS_SHOWN = 4
CLOSURES_SHOWN = 6
CLOSURES_WITHIN = timedelta(days=14)
# A holiday is entered for many crossings and shown as one closure.
MOST_NOTICES = 60

_CROSSING = ["id", "slug", "name", "as_of", "editors_status", "confirmed_on", "confirmed_count", "evidence"]
_REPORT = [
    "post_id", "crossed_on", "only_month", "is_delayed", "direction", "outcome", "mode", "minutes_at_exit",
    "minutes_between", "minutes_at_entry",
]  # fmt: skip
_RESTING = ["id", "slug", "name", "zone_a", "zone_b", "kept_hours"]
_DAYS_OFF = """%(function)s(%(expressions)s, '$.rules[*] ? (@.weekdays != "1234567")')"""
# Their calendars are worked out when the home page is made: some of many are enough for a few rows.
MOST_RESTING = 200
_NOTICE = ["text", "begins_on", "ends_on"]
_DATES = {"as_of", "confirmed_on", "crossed_on", "begins_on", "ends_on", "changed_on"}


@dataclass
class _Row:
    """One JSON object of the statement, with its crossing."""

    values: dict[str, Any]
    crossing: Crossing

    def of(self, names: list[str]) -> dict[str, Any]:
        return {name: self.values[name] for name in names}


def read(today: date) -> Overview:
    """What everybody may read, as it is on a day."""
    rows = statement(("overview", today), lambda: _question(today)).rows()
    if not rows:
        return Overview()
    [(statuses, changes, reports, notices, resting)] = rows
    return Overview(
        tally=tally_of(Counter(map(Status, statuses))),
        changes=[_change(row, today) for row in _rows(changes)],
        reports=[_report(row, today) for row in _rows(reports)],
        closures=_in_order(_closures(list(_rows(notices))), _rest(resting, today)),
    )


def _question(today: date) -> QuerySet:
    """One row of four lists; none, if there are no crossings."""
    statuses = Crossing.objects.with_status(today).order_by().values(*["shown_status"])
    return Crossing.objects.order_by("pk").values_list(
        ArraySubquery(statuses),
        ArraySubquery(_changes(today)),
        ArraySubquery(_newest_reports(today)),
        ArraySubquery(_coming_closures(today)),
        ArraySubquery(_resting()),
    )[:1]


def _changes(today: date) -> QuerySet:
    """The crossings whose status changed last, as long as it is the one that is shown. A new rule is no news."""
    newest = StatusChange.objects.filter(crossing=OuterRef("crossing")).order_by("-changed_on", "-pk").values("pk")[:1]
    changes = StatusChange.objects.filter(pk=Subquery(newest)).exclude(source=StatusSource.RULE)
    shown = changes.annotate(**shown_on(today, "crossing__")).filter(Q(**{"shown_status": F("after")}))
    closing = Notice.objects.closing(today).filter(crossing=OuterRef("crossing"))
    notice = Subquery(closing.values(json=_json(_NOTICE))[:1])
    names = ["changed_on", "before", "shown_status", "shown_source"]
    return _as_json(shown.order_by("-changed_on", "-pk")[:CHANGES_SHOWN], names, notice=notice)


def _newest_reports(today: date) -> QuerySet:
    """First-hand reports of travellers that everybody may read, by the day that everybody may know.

    The newest of those that count are among the reports of the few crossings that have the newest of their own, which
    each crossing knows: so no index over the reports of all crossings is needed.
    """
    crossings = Crossing.objects.filter(newest_on__isnull=False).order_by("-newest_on", "-newest_report")
    among = CrossingReport.objects.filter(crossing__in=crossings.values("pk")[:REPORTS_SHOWN], is_hearsay=False)
    among = among.filter(post__author__trade_at=None)
    newest = among.readable_by_all().newest_first(today)[:REPORTS_SHOWN]
    return _as_json(newest, _REPORT, html=F("post__html"), author=F("post__author__username"))


def _coming_closures(today: date) -> QuerySet:
    """Those of today are shown by the status already."""
    notices = Notice.objects.standing().that_close()
    coming = notices.filter(begins_on__gt=today, begins_on__lte=today + CLOSURES_WITHIN)
    return _as_json(coming.order_by("begins_on", "ends_on", "text", "crossing__name")[:MOST_NOTICES], _NOTICE)


def _resting() -> QuerySet:
    """Crossings of which reports tell or whose hours leave out days of the week, the most reported first."""
    has_days_off = Func(F("kept_hours"), function="jsonb_path_exists", template=_DAYS_OFF, output_field=BooleanField())
    there = Crossing.objects.annotate(has_days_off=has_days_off).filter(
        Q(reports_count__gt=0) | Q(**{"has_days_off": True})
    )
    about = [*_RESTING, *(f"country_{side}__{name}" for side in "ab" for name in ("code", "name"))]
    return there.order_by("-reports_count", "pk").values(json=_json(about))[:MOST_RESTING]


def _as_json(found: QuerySet, names: list[str], **more: Any) -> QuerySet:
    """Objects with what they show of their crossing and its countries."""
    crossing = {f"crossing_{name}": F(f"crossing__{name}") for name in _CROSSING}
    countries = {f"country_{side}": F(f"crossing__country_{side}__name") for side in "ab"}
    return found.values(json=_json(names, **crossing, **countries, **more))


def _json(names: list[str], **more: Any) -> JSONObject:
    return JSONObject(**{name: F(name) for name in names}, **more)


def _rows(objects: list[str]) -> Iterator[_Row]:
    for text in objects:
        values = _with_dates(json.loads(text))
        about = _with_dates({name: values[f"crossing_{name}"] for name in _CROSSING})
        countries = {f"country_{side}": Country(code=side, name=values[f"country_{side}"]) for side in "ab"}
        yield _Row(values, Crossing(**about, **countries))


def _with_dates(values: dict[str, Any]) -> dict[str, Any]:
    """JSON has no dates."""
    days = {name: date.fromisoformat(text) for name, text in values.items() if name in _DATES and text}
    return values | days


def _change(row: _Row, today: date) -> ChangeRow:
    crossing, values = row.crossing, row.values
    crossing.shown_status, crossing.shown_source = values["shown_status"], values["shown_source"]
    notice = Notice(**_with_dates(values["notice"])) if values["notice"] else None
    before = Status(values["before"]).label.lower()
    stamp = stamp_of(crossing, today)
    lead = lead_of(crossing, stamp, today, notice)
    evidence = f"{lead} {notice.text}" if notice else lead
    return ChangeRow(crossing, stamp, values["changed_on"], before, evidence)


def _report(row: _Row, today: date) -> ReportRow:
    report = CrossingReport(crossing=row.crossing, **row.of(_REPORT))
    return ReportRow.of(report, row.values["html"], row.values["author"], today)


def _rest(objects: list[str], today: date) -> list[ClosureRow]:
    crossings = []
    for text in objects:
        values = json.loads(text)
        countries = {
            f"country_{side}": Country(code=values[f"country_{side}__code"], name=values[f"country_{side}__name"])
            for side in "ab"
        }
        crossings.append(Crossing(**{name: values[name] for name in _RESTING}, **countries))
    return coming_rest(crossings, today, today + CLOSURES_WITHIN)


def _in_order(official: list[ClosureRow], rest: list[ClosureRow]) -> list[ClosureRow]:
    """By their days; where there are too many, what is official is shown first."""
    return sorted([*official, *rest][:CLOSURES_SHOWN], key=lambda row: row.begins_on)


def _closures(rows: list[_Row]) -> list[ClosureRow]:
    """Crossings that are closed on the same days for the same reason are one closure."""
    same = groupby(rows, key=lambda row: tuple(row.of(_NOTICE).values()))
    closures = [ClosureRow([row.crossing for row in found], *notice) for notice, found in same]
    return closures[:CLOSURES_SHOWN]
