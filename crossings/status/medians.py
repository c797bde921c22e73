"""What crossing really takes: medians of what travellers told, each with how many told it."""

import operator
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from statistics import median

from django.db.models import Aggregate, Count, DecimalField, F, FloatField, Q, Sum
from django.db.models.functions import Coalesce

from crossings.models import Crossing, CrossingReport, Mode, Outcome, ReportFee
from crossings.models.report import PassportGroup
from crossings.wording import BY_MODE, direction_in_words, duration

PASSED = Q(outcome__in=Outcome.passes())
MOST_FEES = 6
# Reports of a group of passports: fewer would reveal who they were (docs/crossings.md).
FEWEST_OF_A_GROUP = 5


class Median(Aggregate):
    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True)
class Figure:
    """A median in words: "by bicycle, China to Kyrgyzstan", "2 h 40 min", of how many reports."""

    what: str
    median: str
    count: int


def gather(crossing: Crossing) -> dict[str, list]:
    """What a crossing keeps of it (Crossing.figures): counted with every judgement, so that no page has to."""
    return {"times": _times(crossing), "fees": _fees(crossing), "passports": _passports(crossing)}


def times(crossing: Crossing) -> list[Figure]:
    """Medians of minutes from the first queue to the last stamp, by mode and direction, of those who got through."""
    return [
        Figure(f"{_capital(BY_MODE[Mode(mode)])}, {direction_in_words(crossing, direction)}", duration(minutes), count)
        for mode, direction, minutes, count in crossing.figures.get("times", [])
    ]


def fees(crossing: Crossing) -> list[Figure]:
    """Medians of what one report paid in all, by mode and currency, in whole units of the currency."""
    return [
        Figure(_capital(BY_MODE[Mode(mode)]), f"{paid:,} {currency}", count)
        for mode, currency, paid, count in crossing.figures.get("fees", [])
    ]


def passports(crossing: Crossing) -> list[tuple[str, int, int]]:
    """By group of passports: how many reported, and how many of them got through. Small groups are never kept."""
    found = crossing.figures.get("passports", [])
    return [(PassportGroup(group).label, count, passed) for group, count, passed in found]


def _times(crossing: Crossing) -> list[list]:
    told = _told(crossing).exclude(minutes_at_exit=None, minutes_between=None, minutes_at_entry=None)
    parts = ["minutes_at_exit", "minutes_between", "minutes_at_entry"]
    total = reduce(operator.add, (Coalesce(F(name), 0) for name in parts))
    rows = told.values("mode", "direction").annotate(count=Count("pk"), median=Median(total))
    ordered = rows.order_by("-count", "mode", "direction")
    return [[row["mode"], row["direction"], round(row["median"]), row["count"]] for row in ordered]


def _fees(crossing: Crossing) -> list[list]:
    sums = (
        ReportFee.objects.filter(report__in=_told(crossing))
        .values("report", "report__mode", "currency")
        .annotate(paid=Sum("amount", output_field=DecimalField()))
    )
    by_kind: dict[tuple[str, str], list[Decimal]] = {}
    for row in sums:
        by_kind.setdefault((row["report__mode"], row["currency"]), []).append(row["paid"])
    ordered = sorted(by_kind.items(), key=lambda item: (-len(item[1]), item[0]))
    return [[mode, currency, round(median(paid)), len(paid)] for (mode, currency), paid in ordered[:MOST_FEES]]


def _passports(crossing: Crossing) -> list[list]:
    rows = (
        CrossingReport.objects.filter(crossing=crossing, is_hearsay=False)
        .readable_by_all()
        .exclude(passport_group="")
        .values("passport_group")
        .annotate(count=Count("pk"))
        .annotate(passed=Count("pk", filter=PASSED))
        .filter(count__gte=FEWEST_OF_A_GROUP)
        .order_by("-count", "passport_group")
    )
    return [[row["passport_group"], row["count"], row["passed"]] for row in rows]


def _told(crossing: Crossing):
    return CrossingReport.objects.filter(PASSED, crossing=crossing, is_hearsay=False).readable_by_all()


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
