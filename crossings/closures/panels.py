"""The closed days of a crossing on its page and on the calculator's: sixty days from today, kept as HTML."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from crossings.closures import crossing_calendar, sixty_days, wording
from crossings.closures.rules import Calendar, Closure
from crossings.models import Crossing, Notice
from pagecache.store import Store

TEMPLATE = "crossings/clock/_closed_days.html"
# Of so many crossings a process remembers them; a few kilobytes each.
MOST_KEPT = 400


@dataclass(frozen=True)
class ClosedDays:
    html: SafeString
    # The next closure that is sure: "Both sides, 5 to 6 December", and whether a notice tells of it.
    coming: str
    is_by_notice: bool
    # When it has to be made again: at the next midnight of one of the two posts.
    until: datetime


def closed_days(crossing: Crossing, notices: Sequence[Notice], now: datetime) -> ClosedDays:
    """`notices` are those of the crossing that stand and are not over."""
    calendar = crossing_calendar.calendar_of(crossing, notices)
    first, until = crossing_calendar.days_at_posts(calendar.hours, now)
    today = now.date()
    key = (*_shown(crossing), *[_of_notice(notice) for notice in notices], first, today, until)
    return _kept.get_or_make(key, lambda: _made(crossing, calendar, first, today, until))


# By everything that they show, so nothing in it is ever old.
_kept: Store[tuple, ClosedDays] = Store(max_items=MOST_KEPT)


def _shown(crossing: Crossing) -> tuple:
    countries = (crossing.country_a_id, crossing.country_a.name, crossing.country_b_id, crossing.country_b.name)
    return crossing.slug, *countries, crossing.zone_a, crossing.zone_b, json.dumps(crossing.kept_hours)


def _of_notice(notice: Notice) -> tuple:
    return notice.pk, notice.kind, notice.text, notice.source, notice.begins_on, notice.ends_on


def _made(crossing: Crossing, calendar: Calendar, first: date, today: date, until: datetime) -> ClosedDays:
    names = crossing.country_names
    found = sixty_days.sixty_days(calendar, names, first, today)
    html = render_to_string(TEMPLATE, {"days": found, "names": names, "slug": crossing.slug})
    following = next((one for one in found.closures if one.is_sure and one.first > first), None)
    return ClosedDays(html, _coming(following, names) if following else "", bool(following and following.number), until)


def _coming(closure: Closure, names: dict[str, str]) -> str:
    days = wording.days_in_full(closure.first, closure.last)
    return days if len(closure.sides) == 2 else f"{names[closure.sides]}, {days}"
