"""What crossing really takes: medians of what travellers told, each with how many told it."""

from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from django.db.models import Aggregate, Count, DecimalField, F, FloatField, Q, Sum
from django.db.models.functions import Coalesce

from crossings.describing import BY_MODE, direction_in_words, duration
from crossings.models import Crossing, CrossingReport, Mode, Outcome, ReportFee
from crossings.models.report import PassportGroup

PASSED = Q(outcome__in=Outcome.passes())
# Fewer would tell who they were.
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


def times(crossing: Crossing) -> list[Figure]:
    """From the first queue to the last stamp, by mode and direction, for those who got through."""
    told = _told(crossing).exclude(minutes_at_exit=None, minutes_between=None, minutes_at_entry=None)
    total = sum(
        (Coalesce(F(name), 0) for name in ("minutes_between", "minutes_at_entry")), Coalesce(F("minutes_at_exit"), 0)
    )
    rows = told.values("mode", "direction").annotate(count=Count("pk"), median=Median(total)).order_by("-count", "mode")
    return [
        Figure(
            f"{_capital(BY_MODE[Mode(row['mode'])])}, {direction_in_words(crossing, row['direction'])}",
            duration(round(row["median"])),
            row["count"],
        )
        for row in rows
    ]


def fees(crossing: Crossing) -> list[Figure]:
    """What one report paid in all, by mode and currency."""
    sums = (
        ReportFee.objects.filter(report__in=_told(crossing))
        .values("report", "report__mode", "currency")
        .annotate(paid=Sum("amount", output_field=DecimalField()))
    )
    by_kind: dict[tuple[str, str], list[Decimal]] = {}
    for row in sums:
        by_kind.setdefault((row["report__mode"], row["currency"]), []).append(row["paid"])
    ordered = sorted(by_kind.items(), key=lambda item: (-len(item[1]), item[0]))
    return [
        Figure(_capital(BY_MODE[Mode(mode)]), f"{median(paid):,.0f} {currency}", len(paid))
        for (mode, currency), paid in ordered[:6]
    ]


def passports(crossing: Crossing) -> list[tuple[str, int, int]]:
    """By group of passports: how many reported, and how many of them got through. Small groups are never shown."""
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
    return [(PassportGroup(row["passport_group"]).label, row["count"], row["passed"]) for row in rows]


def _told(crossing: Crossing):
    return CrossingReport.objects.filter(PASSED, crossing=crossing, is_hearsay=False).readable_by_all()


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
