"""Clocks, posted hours and closed days of a crossing as data, and which lands are disputed."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from crossings.closures import wording
from crossings.closures.crossing_calendar import calendar_of
from crossings.closures.rules import Closure
from crossings.closures.sixty_days import DAYS, closures_between
from crossings.hours import kept, opening_hours, spans
from crossings.models import Crossing, Hours, Notice

DISPUTED = "territory disputed"


def territory(crossing: Crossing) -> str:
    """Whether states disagree whose ground a post stands on; we take no side."""
    return DISPUTED if crossing.is_territory_disputed else ""


def clocks(crossing: Crossing) -> dict[str, dict[str, str]]:
    """By country the zone of the clock on the wall, and the one that people there name as well."""
    codes = crossing.country_codes
    return {codes[side]: {"zone": zone, "people_also_use": also} for side, (zone, also) in crossing.clocks.items()}


def in_osm(crossing: Crossing) -> list[dict[str, str]]:
    """The hours that stand, in OpenStreetMap's syntax, without a query."""
    codes = crossing.country_codes
    return [
        {
            "country": codes[one.side], "for": one.audience, "way": one.heading, "zone": one.zone,
            "opening_hours": one.opening_hours,
        }
        for one in opening_hours.by_group(kept.of(crossing).rules)
    ]  # fmt: skip


def row_of_hours(hours: Hours) -> dict[str, Any]:
    """A row as it was entered, with its source; times are those of its zone."""
    return {
        "country": hours.country.code, "way": hours.heading, "for": hours.audience, "weekdays": hours.weekdays,
        **{name: _clock(getattr(hours, name)) for name in ("opens", "closes", "break_from", "break_to")},
        "zone": hours.zone, "season_from": hours.season_from, "season_to": hours.season_to, "as_of": hours.as_of,
        "confirmed_on": hours.confirmed_on, "confidence": hours.confidence, "source": hours.source, "note": hours.note,
    }  # fmt: skip


def closures(crossing: Crossing, notices: Sequence[Notice], today: date) -> list[dict[str, Any]]:
    """What closes or may close a side on one of the next sixty days, without a query."""
    calendar = calendar_of(crossing, notices)
    found = closures_between(calendar, today, today + timedelta(days=DAYS - 1), today)
    return [_closure(crossing, one) for one in found]


def _closure(crossing: Crossing, one: Closure) -> dict[str, Any]:
    codes = crossing.country_codes
    return {
        "countries": [codes[side] for side in one.sides],
        "first_on": one.first,
        "last_on": one.last,
        "kind": one.kind.value,
        "is_sure": one.is_sure,
        "is_estimated": one.is_estimated,
        "words": wording.sentence(one, crossing.country_names),
        "source": wording.source(one),
        "source_url": one.source_url if one.source_url.startswith("http") else "",
    }


def _clock(minutes: int | None) -> str:
    return "" if minutes is None else spans.clock(minutes)
