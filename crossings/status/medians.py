"""What crossing really takes: medians of what travellers told in the last 24 months, with how many told it and when.
And by passport, how many got through."""

import operator
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import reduce
from statistics import median
from typing import Any

from django.db.models import Aggregate, Count, DateField, DecimalField, F, FloatField, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.dateformat import format as written

from accounts.models import User
from crossings.models import Crossing, CrossingReport, Mode, Outcome
from crossings.models.report import PassportGroup, public_on
from crossings.wording import BY_MODE, direction_in_words, duration, monday_of
from pagecache.prepared import MARK, statement

PARTS = ("minutes_at_exit", "minutes_between", "minutes_at_entry")
PASSED = Q(outcome__in=Outcome.passes())
MOST_FEES = 6
COUNTED_FOR = timedelta(days=730)
# Members of a group of passports: fewer would reveal who they were, and by so many must a group differ from what is
# shown before that changes (docs/crossings.md).
FEWEST_OF_A_GROUP = 5


class Median(Aggregate):
    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True)
class Figure:
    """A median in words: "by bicycle, China to Kyrgyzstan", "2 h 40 min", of how many reports of which months."""

    what: str
    median: str
    count: int
    first_on: date
    last_on: date

    @property
    def of(self) -> str:
        """ "middle of 9 reports, May 2025 to Nov 2026"."""
        reports = "one report" if self.count == 1 else f"middle of {self.count:,} reports"
        months = list(dict.fromkeys(written(day, "M Y") for day in (self.first_on, self.last_on)))
        return f"{reports}, {' to '.join(months)}"


def gather(crossing: Crossing) -> dict[str, list | dict]:
    """What a crossing keeps of it (Crossing.figures): counted with every judgement, so that no page has to."""
    today = timezone.now().date()
    return {
        "times": _times(crossing, today), "parts": _parts(crossing, today), "fees": _fees(crossing, today),
        "passports": _passports(crossing, today),
    }  # fmt: skip


def times(crossing: Crossing) -> list[Figure]:
    """Medians of minutes from the first queue to the last stamp, by mode and direction, of those who got through."""
    return [
        _figure(f"{_capital(BY_MODE[Mode(mode)])}, {direction_in_words(crossing, way)}", duration(minutes), *of)
        for mode, way, minutes, *of in crossing.figures.get("times", [])
    ]


def parts(crossing: Crossing, direction: str, mode: str) -> list[tuple[int | None, int]]:
    """Of exit, the way between and entry: the median in minutes, None if nobody told, and of how many reports.

    By one way of travelling; each part of which nobody told by that, by all of them.
    """
    kept = _kept_parts(crossing)
    nothing = [(None, 0)] * 3
    own, all_told = kept.get((mode, direction), nothing), kept.get(("", direction), nothing)
    return [one if one[1] else other for one, other in zip(own, all_told, strict=True)]


def _kept_parts(crossing: Crossing) -> dict[tuple[str, str], list[tuple[int | None, int]]]:
    rows = crossing.figures.get("parts", [])
    return {(mode, way): [(middle, count) for middle, count in told] for mode, way, told in rows}


def fees(crossing: Crossing) -> list[Figure]:
    """Medians of what one report paid in all, by mode and currency, in whole units of the currency."""
    return [
        _figure(_capital(BY_MODE[Mode(mode)]), f"{paid:,} {currency}", *of)
        for mode, currency, paid, *of in crossing.figures.get("fees", [])
    ]


def passports(crossing: Crossing) -> list[tuple[str, int, int]]:
    """By group of passports: how many members told it, and how many of them got through."""
    found = crossing.figures.get("passports", {}).get("groups", [])
    return [(PassportGroup(group).label, count, passed) for group, count, passed in found]


def _figure(what: str, median: str, count: int, first_on: str, last_on: str) -> Figure:
    return Figure(what, median, count, date.fromisoformat(first_on), date.fromisoformat(last_on))


def _told(today: date) -> QuerySet[Any]:
    """First-hand reports of who got through a crossing (MARK) lately, with the day that others may know."""
    found = CrossingReport.objects.filter(PASSED, crossing=MARK, is_hearsay=False)
    found = found.filter(crossed_on__gte=today - COUNTED_FOR).readable_by_all()
    return found.annotate(public_on=public_on(today)).order_by()


def _times(crossing: Crossing, today: date) -> list[list]:
    rows = statement(("times", today), lambda: _times_told(today)).rows(crossing.pk)
    return [[mode, way, round(middle), count, *_months(*days)] for mode, way, middle, count, *days in rows]


def _times_told(today: date) -> QuerySet[Any]:
    told = _told(today).exclude(**dict.fromkeys(PARTS))
    total = reduce(operator.add, (Coalesce(F(name), 0) for name in PARTS))
    rows = told.values("mode", "direction").annotate(
        count=Count("pk"), median=Median(total), first_on=_day(Min), last_on=_day(Max)
    )
    ordered = rows.order_by("-count", "mode", "direction")
    return ordered.values_list("mode", "direction", "median", "count", "first_on", "last_on")


def _parts(crossing: Crossing, today: date) -> list[list]:
    """By mode ("" is all) and direction: of each of the three parts the median and how many told it."""
    minutes: dict[tuple[str, str], list[list[int]]] = defaultdict(lambda: [[], [], []])
    told = statement(("parts", today), lambda: _told(today).values_list("mode", "direction", *PARTS))
    for mode, way, *parts in told.rows(crossing.pk):
        for place, part in enumerate(parts):
            if part is not None:
                minutes[mode, way][place].append(part)
                minutes["", way][place].append(part)
    return [
        [*way, [[round(median(part)) if part else None, len(part)] for part in of_three]]
        for way, of_three in sorted(minutes.items())
    ]


def _day(aggregate: type[Aggregate]) -> Aggregate:
    return aggregate("public_on", output_field=DateField())


def _fees(crossing: Crossing, today: date) -> list[list]:
    by_kind: dict[tuple[str, str], list[tuple[Decimal, date]]] = defaultdict(list)
    told = statement(("fees", today), lambda: _fees_told(today))
    for _, mode, currency, day, paid in told.rows(crossing.pk):
        by_kind[mode, currency].append((paid, day))
    ordered = sorted(by_kind.items(), key=lambda item: (-len(item[1]), item[0]))
    return [[*kind, *_middle_of(paid)] for kind, paid in ordered[:MOST_FEES]]


def _fees_told(today: date) -> QuerySet[Any]:
    """Of each report and currency what it paid in all."""
    rows = _told(today).filter(fees__isnull=False).values("pk", "mode", currency=F("fees__currency"))
    paid = Sum("fees__amount", output_field=DecimalField())
    return rows.annotate(day=_day(Max), paid=paid).values_list("pk", "mode", "currency", "day", "paid")


def _middle_of(paid: list[tuple[Decimal, date]]) -> list:
    days = [day for _, day in paid]
    return [round(median(amount for amount, _ in paid)), len(paid), *_months(min(days), max(days))]


def _months(first_on: date, last_on: date) -> list[str]:
    """Months only, by their first days: no day of a report stands in a figure."""
    return [day.replace(day=1).isoformat() for day in (first_on, last_on)]


def _passports(crossing: Crossing, today: date) -> dict:
    """Counted once a week, of what was written before it began, so that no report changes it by coming or going."""
    monday = monday_of(today)
    kept = crossing.figures.get("passports", {})
    if kept.get("week") == monday.isoformat():
        return kept
    shown = {group: (count, passed) for group, count, passed in kept.get("groups", [])}
    told = _members_by_passport(crossing, datetime.combine(monday, time.min, UTC))
    stepped = {group: _step(shown.get(group, (0, 0)), told.get(group, (0, 0))) for group in PassportGroup.values}
    groups = [[group, *figure] for group, figure in stepped.items() if figure[0] >= FEWEST_OF_A_GROUP]
    return {"week": monday.isoformat(), "groups": sorted(groups, key=lambda row: (-row[1], row[0]))}


def _step(shown: tuple[int, int], told: tuple[int, int]) -> tuple[int, int]:
    """What one or two members more or less would tell of them is not shown before others have joined them."""
    return told if abs(told[0] - shown[0]) >= FEWEST_OF_A_GROUP else shown


def _members_by_passport(crossing: Crossing, before: datetime) -> dict[str, tuple[int, int]]:
    """By group: how many members at least told it, and how many of them passed; of each the newest report counts."""
    told: dict[str, tuple[int, int]] = {}
    for group, outcome in statement(("passports", before), lambda: _passports_told(before)).rows(crossing.pk):
        count, passed = told.get(group, (0, 0))
        told[group] = (count + 1, passed + (outcome in Outcome.passes()))
    return told


def _passports_told(before: datetime) -> QuerySet[Any]:
    reports = CrossingReport.objects.filter(
        crossing=MARK, is_hearsay=False, post__written_at__lt=before, post__author__trade_at=None,
        post__author__trust__gte=User.Trust.MEMBER,
    ).readable_by_all().exclude(passport_group="")  # fmt: skip
    newest = reports.order_by("passport_group", "post__author", "-crossed_on", "-pk")
    return newest.distinct("passport_group", "post__author").values_list("passport_group", "outcome")


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
