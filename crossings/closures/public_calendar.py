"""The closures of a crossing as events for calendars that anybody may subscribe to."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings

from crossings.closures import crossing_calendar, wording
from crossings.closures.icalendar import DayEvent
from crossings.closures.rules import Closure
from crossings.closures.sixty_days import DAYS, closures_between
from crossings.models import Crossing, Notice
from forum.feeds import absolute

# How long what is over stays; what began before it is listed whole, so that an event never changes its first day.
PAST = timedelta(days=7)
LONGEST = timedelta(days=35)
# From how long ago days are looked at, and the notices of those days are needed.
BACK = PAST + LONGEST
# How far a closure without an end is drawn.
HORIZON = timedelta(days=DAYS)


def events_of(crossing: Crossing, notices: Sequence[Notice], now: datetime) -> list[DayEvent]:
    """In the order of their days, without a query; `notices` are those that stand and were not over BACK ago."""
    calendar = crossing_calendar.calendar_of(crossing, notices)
    first, _ = crossing_calendar.days_at_posts(calendar.hours, now)
    found = closures_between(calendar, first - BACK, first + HORIZON, now.date())
    entered = {notice.pk: notice.entered_at for notice in notices}
    names, url = crossing.country_names, absolute(crossing.get_absolute_url())
    current = [one for one in found if one.last is None or one.last >= first - PAST]
    return [_event(crossing, one, names, url, entered.get(one.number), first) for one in current]


def domain() -> str:
    """What stands behind the names of events and letters of this site."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def _event(
    crossing: Crossing, one: Closure, names: dict[str, str], url: str, entered_at: datetime | None, today: date
) -> DayEvent:  # fmt: skip
    no_end = [] if one.last else ["No end is known. The calendar shows it for the next two months."]
    source = f"{wording.source(one)}. {one.source_url}" if one.number else f"{wording.source(one)}."
    return DayEvent(
        uid=_uid(crossing, one),
        first=one.first,
        last=one.last or max(one.first, today + HORIZON),
        title=f"{crossing.name}: {wording.what(one, names)}",
        words="\n".join([wording.why(one), *no_end, source]),
        url=url,
        # What is worked out has no time of its own, and may not have another one each time.
        made_at=entered_at or datetime(one.first.year, 1, 1, tzinfo=UTC),
        is_private=False,
    )


def _uid(crossing: Crossing, one: Closure) -> str:
    """The same each time: a notice by its number, another closure by its kind, side and first day."""
    if one.number:
        return f"notice-{one.number}@{domain()}"
    return f"{one.kind}-{one.sides}-{one.first:%Y%m%d}-{crossing.slug}@{domain()}"
