"""The crossings that a member watches, as the home page shows them."""

from datetime import date
from typing import NamedTuple

from django.db.models import Case, DateField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.urls import reverse

from crossings.models import Crossing, Direction, StatusChange
from crossings.models.crossing import shown_on
from crossings.status.stamp import Stamp, stamp_of
from notifications.models import Watch
from pagecache.prepared import MARK, statement

MOST_ON_HOME_PAGE = 5


class WatchedRow(NamedTuple):
    """A crossing that a member watches, as the home page shows it to them."""

    slug: str
    name: str
    stamp: Stamp
    travel_on: date | None
    to_country: str
    changed_on: date | None

    def get_absolute_url(self) -> str:
        return reverse("crossings:crossing", args=[self.slug])


def watched_by(user_pk: int, today: date) -> tuple[WatchedRow, ...]:
    """What a member watches, the next day of travel first."""
    rows = statement(("watched", today), lambda: _watched(today)).rows(user_pk)
    return tuple(_row(row, today) for row in rows)


_CROSSING = ["slug", "name", "as_of", "editors_status", "confirmed_on", "confirmed_count"]


def _watched(today: date) -> QuerySet:
    changes = StatusChange.objects.filter(crossing=OuterRef("crossing")).order_by("-changed_on", "-pk")
    planned = Case(When(travel_on__gte=today, then="travel_on"), output_field=DateField())
    goes_to_b = Q(direction=Direction.A_TO_B)
    to_country = Case(When(goes_to_b, then="crossing__country_b__name"), default="crossing__country_a__name")
    watches = (
        Watch.objects.filter(user=MARK, crossing__isnull=False)
        .exclude(level=Watch.Level.MUTED)
        .annotate(
            **shown_on(today, "crossing__"),
            planned=planned,
            to_country=Case(When(direction="", then=Value("")), default=to_country),
            changed_on=Subquery(changes.values("changed_on")[:1]),
        )
    )
    own = ["planned", "to_country", "changed_on", "shown_status", "shown_source"]
    ordered = watches.order_by(F("planned").asc(nulls_last=True), "crossing__name")
    return ordered.values_list(*own, *[f"crossing__{name}" for name in _CROSSING])[:MOST_ON_HOME_PAGE]


def _row(values: tuple, today: date) -> WatchedRow:
    planned, to_country, changed_on, shown_status, shown_source, *about = values
    crossing = Crossing(**dict(zip(_CROSSING, about, strict=True)))
    crossing.shown_status, crossing.shown_source = shown_status, shown_source
    return WatchedRow(crossing.slug, crossing.name, stamp_of(crossing, today), planned, to_country, changed_on)
