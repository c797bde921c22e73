"""What a crossing keeps of its hours (Crossing.kept_hours), so that no page needs a query for them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from crossings.clock import zones
from crossings.clock.days import KnownHours
from crossings.clock.rules import HOLD_DAYS, SIDES, Rule, Season, Span, Told, joined, spans_of
from crossings.closures import public_holidays
from crossings.hours import spans
from crossings.models import Crossing, CrossingReport, Hours, HoursConfirmation, Outcome
from crossings.models.report import BY_THE_CALENDAR, DELAY, public_on
from pagecache.prepared import MARK, statement
from pagecache.prepared_models import instances
from pagecache.versions import bump

# What posts did on a holiday of a year ago is shown before the next one, which may fall some weeks later.
SEEN_FOR = timedelta(days=430)
_LAST_DAYS = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}


def gather(crossing: Crossing, today: date) -> dict[str, list]:
    """The standing rows of posted hours, and of each side the newest hours that were read at its gate."""
    told = [[one.side, spans.stored(one.spans), one.on.isoformat()] for one in _told(crossing, today)]
    rows = instances("standing hours", lambda: Hours.objects.filter(crossing=MARK).standing().in_order(), crossing.pk)
    _count_confirmations(rows, crossing, today)
    rules = [_row(row) for row in rows]
    kept: dict[str, list] = {"rules": rules, "told": told} if rules or told else {}
    if seen := _seen(crossing, today):
        kept["seen"] = seen
    return kept


def keep(crossing: Crossing, today: date) -> None:
    """After a change of hours; ends the cached pages of the crossing if it is one."""
    kept = gather(crossing, today)
    if kept != crossing.kept_hours:
        crossing.kept_hours = kept
        bump(Crossing, crossing.pk, kept_hours=kept)


def of(crossing: Crossing) -> KnownHours:
    """All that is known of its hours, without a query."""
    told = _read_at_gates(crossing)
    rules = _confirmed([_rule(row) for row in crossing.kept_hours.get("rules", [])], told)
    return KnownHours(rules, told, {side: zones.zone_of(zone) for side, (zone, _) in crossing.clocks.items()})


def seen_of(crossing: Crossing) -> list[tuple[date, int, int]]:
    """Days of the last year, how many reports found it closed on them, and how many got through."""
    seen = crossing.kept_hours.get("seen", [])
    return [(date.fromisoformat(day), closed, through) for day, closed, through in seen]


def rules_of(crossing: Crossing, rows: Iterable[Hours]) -> list[Rule]:
    """Rows as `of` knows them, with what was read at the gates counted."""
    return _confirmed([_rule(_row(row)) for row in rows], _read_at_gates(crossing))


def _read_at_gates(crossing: Crossing) -> list[Told]:
    told = crossing.kept_hours.get("told", [])
    return [Told(side, spans.read(read), date.fromisoformat(on)) for side, read, on in told]


def _row(hours: Hours) -> dict:
    """Without what stands on the page of all hours alone: who, the source, the note."""
    said: dict[str, Any] = {
        "side": hours.side, "heading": hours.heading, "audience": hours.audience, "weekdays": hours.weekdays,
        "opens": hours.opens, "closes": hours.closes, "zone": hours.zone, "true_on": hours.true_on.isoformat(),
        "confidence": hours.confidence,
    }  # fmt: skip
    if hours.break_from is not None:
        said["pause"] = [hours.break_from, hours.break_to]
    if hours.season_from:
        said["season"] = [hours.season_from, hours.season_to]
    return said


def _rule(row: dict) -> Rule:
    season, pause = row.get("season"), row.get("pause")
    return Rule(
        side=row["side"],
        zone=row["zone"],
        opens=row["opens"],
        closes=row["closes"],
        pause=Span(*pause) if pause else None,
        weekdays=frozenset(map(int, row["weekdays"])),
        heading=row["heading"],
        audience=row["audience"],
        season=season_of(*season) if season else None,
        true_on=date.fromisoformat(row["true_on"]),
        confidence=row["confidence"],
    )


def season_of(first: str, last: str) -> Season:
    """From "12" or "12-08" to "04" or "04-15": a month alone is meant from its first to its last day."""
    month, _, day = first.partition("-")
    end, _, end_day = last.partition("-")
    return Season((int(month), int(day or 1)), (int(end), int(end_day or _LAST_DAYS.get(int(end), 31))))


def _confirmed(rules: Sequence[Rule], told: Iterable[Told]) -> list[Rule]:
    """Who reads the same hours at the gate confirms all rows that say them together."""
    together: dict[tuple, list[Rule]] = {}
    for rule in rules:
        together.setdefault(_group(rule), []).append(rule)
    read = [(one.side, joined(one.spans), one.on) for one in told]
    found = []
    for rule in rules:
        said = spans_of(together[_group(rule)])
        same = [on for side, spans_read, on in read if side == rule.side and rule.is_whole and spans_read == said]
        found.append(replace(rule, true_on=max([rule.true_on, *same])))
    return found


def _group(rule: Rule) -> tuple:
    return rule.side, rule.audience, rule.heading, rule.weekdays, rule.season


def visits(crossing: int, today: date) -> QuerySet[Any]:
    """Of members who were there, in reports that everybody may read, with `on`: the day as others may know it. The
    crossing by its primary key, or MARK."""
    seen = CrossingReport.objects.filter(crossing=crossing, is_hearsay=False, post__author__trade_at=None)
    return seen.readable_by_all().annotate(on=public_on(today))


def _count_confirmations(rows: list[Hours], crossing: Crossing, today: date) -> None:
    """Of each row the newest "still so" whose report still counts: one may be hidden by now, or its day."""
    if not rows:
        return
    said = HoursConfirmation.objects.filter(hours__in=rows).values_list("hours", "report")
    days = (
        dict(visits(crossing.pk, today).filter(pk__in={report for _, report in said}).values_list("pk", "on"))
        if said
        else {}
    )
    for row in rows:
        newest = max((days[report] for pk, report in said if pk == row.pk and report in days), default=None)
        if newest != row.confirmed_on:
            row.confirmed_on = newest
            row.save(update_fields=["confirmed_on"])


def _seen(crossing: Crossing, today: date) -> list[list]:
    """Of days that everybody may know: those on which it was found closed, and holidays on which one got through."""
    days: dict[date, list[int]] = defaultdict(lambda: [0, 0])
    for on, outcome, reason in statement(("seen on days", today), lambda: _seen_on_days(today)).rows(crossing.pk):
        if outcome in Outcome.passes():
            days[on][1] += 1
        elif reason in BY_THE_CALENDAR:
            days[on][0] += 1
    codes = (crossing.country_a_id, crossing.country_b_id)
    return [
        [day.isoformat(), closed, through]
        for day, (closed, through) in sorted(days.items())
        if closed or (through and any(public_holidays.on_day(code, day) for code in codes))
    ]


def _seen_on_days(today: date) -> QuerySet[Any]:
    exact = visits(MARK, today).filter(only_month=False, on=F("crossed_on"), crossed_on__gte=today - SEEN_FOR)
    return exact.exclude(_is_delayed(today)).values_list("on", "outcome", "reason")


def _is_delayed(today: date) -> Q:
    return Q(is_delayed=True, crossed_on__gt=today - DELAY)


def _told(crossing: Crossing, today: date) -> list[Told]:
    found: dict[str, Told] = {}
    for on, *gates in statement(("told at gates", today), lambda: _told_at_gates(today)).rows(crossing.pk):
        for side, read in zip(SIDES, gates, strict=True):
            if read:
                found[side] = Told(side, spans.read(read), on)
    return list(found.values())


def _told_at_gates(today: date) -> QuerySet[Any]:
    since = today - timedelta(days=HOLD_DAYS + 31)
    reports = visits(MARK, today).filter(crossed_on__gte=since).exclude(gate_hours_a="", gate_hours_b="")
    return reports.order_by("on", "pk").values_list("on", "gate_hours_a", "gate_hours_b")
