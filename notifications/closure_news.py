"""Telling members that a crossing is closed, or may be, on the day on which they plan to be there. Called nightly."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import batched

from django.utils.dateformat import format as written

from crossings.clock.rules import SIDES
from crossings.closures.crossing_calendar import calendar_of
from crossings.closures.rules import Closure, both_sides, of_day
from crossings.closures.wording import in_a_day
from crossings.models import Crossing, Notice
from crossings.status.update import today
from notifications.letters.causes import PREFIX
from notifications.models import Notification, Watch
from notifications.news.tell import Cause, tell_all

# How far ahead: what is said earlier is forgotten, and calendars of the next year come late.
AHEAD = timedelta(days=60)
# Crossings whose calendars are read together, by three statements.
AT_ONCE = 100


def tell_of_closed_days() -> None:
    """Each member once of a crossing and day, and once more if it becomes sure. Safe to repeat."""
    day = today()
    ids = _planned(day).order_by("crossing").values_list("crossing", flat=True).distinct()
    for some in batched(list(ids), AT_ONCE):
        _tell_of(some, day)


def closures_on(crossing: Crossing, notices: Iterable[Notice], day: date, today: date) -> list[Closure]:
    """Of a day of the posts' own clocks; what both sides share as one."""
    calendar = calendar_of(crossing, notices)
    return both_sides(one for side in SIDES for one in of_day(calendar, side, day, today))


def _planned(day: date):
    watches = Watch.objects.filter(crossing__isnull=False, travel_on__range=(day, day + AHEAD))
    return watches.exclude(level=Watch.Level.MUTED)


def _tell_of(crossing_ids: Sequence[int], day: date) -> None:
    plans, notices = defaultdict(list), defaultdict(list)
    planned = _planned(day).filter(crossing__in=crossing_ids).order_by("pk")
    for crossing_id, travel_on, user_id in planned.values_list("crossing", "travel_on", "user"):
        plans[crossing_id, travel_on].append(user_id)
    for notice in Notice.objects.not_over(day).that_close().filter(crossing__in=crossing_ids):
        notices[notice.crossing_id].append(notice)
    crossings = Crossing.objects.with_countries().in_bulk(crossing_ids)
    for (crossing_id, travel_on), user_ids in plans.items():
        crossing = crossings[crossing_id]
        if found := closures_on(crossing, notices[crossing_id], travel_on, day):
            tell_all(user_ids, _cause(crossing, travel_on, found))


def _cause(crossing: Crossing, day: date, found: Sequence[Closure]) -> Cause:
    is_sure = any(closure.is_sure for closure in found)
    words = " ".join(in_a_day(found, crossing.country_names))
    return Cause(
        Notification.Kind.NOTICE,
        f"{PREFIX}{'sure' if is_sure else 'perhaps'}-{day.isoformat()}-{crossing.pk}",
        crossing.get_absolute_url(),
        subject=f"{crossing.name}: {'closed' if is_sure else 'perhaps shut'} on the day you plan to cross",
        words=f"{written(day, 'l j F Y')}. {words}",
    )
