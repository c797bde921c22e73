"""Rows of posted hours as the page of all of them shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from accounts.readers import ReaderFacts
from crossings.clock import zones
from crossings.clock.rules import SIDES
from crossings.hours import kept, spans, wording
from crossings.models import Crossing, CrossingReport, Hours
from crossings.permissions import can_confirm_hours


@dataclass(frozen=True)
class HoursRow:
    hours: Hours
    country: str
    times: str
    conditions: str
    clock: str
    confirmed_count: int
    is_old: bool
    may_confirm: bool


def shown(
    crossing: Crossing, rows: QuerySet[Hours], user: ReaderFacts, visit: CrossingReport | None, today: date
) -> list[HoursRow]:  # fmt: skip
    """In the order in which they come, with who entered and who withdrew them at hand."""
    counting = Count("confirmations", filter=Q(confirmations__report__in=kept.visits(crossing.pk, today).values("pk")))
    complete = rows.select_related("entered_by", "withdrawn_by").annotate(confirmed_count=counting)
    return list(_shown(crossing, complete, user, visit, today))


def read_at_gates(crossing: Crossing, today: date) -> list[tuple[str, str, date]]:
    """What travellers read at the gates lately: the country, the hours in words, and the day, shown as its month."""
    known = kept.of(crossing)
    read = [known.told_of(side, today) for side in SIDES]
    return [(crossing.country_of(told.side).name, spans.in_words(told.spans), told.on) for told in read if told]


def _shown(
    crossing: Crossing, rows: Iterable[Hours], user: ReaderFacts, visit: CrossingReport | None, today: date
) -> Iterable[HoursRow]:  # fmt: skip
    visit_on = visit.on if visit else None  # type: ignore[attr-defined]
    listed = list(rows)
    for hours, rule in zip(listed, kept.rules_of(crossing, listed), strict=True):
        hours.crossing = crossing
        yield HoursRow(
            hours=hours,
            country=hours.country.name,
            times=wording.times(hours),
            conditions=wording.conditions(hours),
            clock=zones.called(hours.zone),
            confirmed_count=hours.confirmed_count,  # type: ignore[attr-defined]
            is_old=rule.is_old(today),
            may_confirm=can_confirm_hours(user, hours, visit_on),
        )
