"""A member's calendar: the days on which they plan to be at crossings, and closures of crossings that they watch."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import FETCH_RAISE

from accounts.models import User
from crossings.closures.icalendar import DayEvent
from crossings.closures.wording import in_a_day
from crossings.models import Crossing, Notice
from crossings.status.update import today
from crossings.wording import direction_in_words
from forum.feeds import absolute
from notifications.closure_news import closures_on
from notifications.letters.threads import domain
from notifications.models import Watch

# How long the past stays, and how far a closure without an end is drawn.
PAST = timedelta(days=60)
HORIZON = timedelta(days=90)
MOST_WATCHES = 500
MOST_NOTICES = 500


def events_of(user: User) -> list[DayEvent]:
    """In the order of their days, by two queries."""
    day = today()
    watches = list(_watches(user)[:MOST_WATCHES])
    told = [watch.crossing_id for watch in watches if watch.level == Watch.Level.WATCHING]
    notices = list(_closures(told, day)[:MOST_NOTICES])
    by_crossing = defaultdict(list)
    for notice in notices:
        by_crossing[notice.crossing_id].append(notice)
    planned = (_planned(watch, by_crossing[watch.crossing_id], day) for watch in watches)
    events = [*(event for found in planned for event in found), *(_closed(notice, day) for notice in notices)]
    return sorted(events, key=lambda event: (event.first, event.uid))


def _watches(user: User):
    """The crossings that they watch and did not mute."""
    watches = Watch.objects.filter(user=user, crossing__isnull=False).exclude(level=Watch.Level.MUTED)
    return watches.select_related("crossing__country_a", "crossing__country_b").order_by("pk").fetch_mode(FETCH_RAISE)


def _closures(crossing_ids: list[int | None], day: date):
    closed = Notice.objects.not_over(day - PAST).that_close().filter(crossing__in=crossing_ids)
    return closed.select_related("crossing").order_by("begins_on", "pk").fetch_mode(FETCH_RAISE)


def _planned(watch: Watch, notices: list[Notice], day: date) -> Iterator[DayEvent]:
    if watch.travel_on is None or watch.travel_on < day - PAST or watch.crossing is None:
        return
    crossing = watch.crossing
    way = f", {direction_in_words(crossing, watch.direction)}" if watch.direction else ""
    closed = [
        f"Closed that day, by an official notice: {notice.text}"
        for notice in notices
        if notice.closes_on(watch.travel_on)
    ]
    yield DayEvent(
        uid=_uid("watch", watch.pk),
        first=watch.travel_on,
        last=watch.travel_on,
        title=f"At {crossing.name}{way}",
        words="\n".join(
            [
                *closed,
                *_by_calendar(crossing, notices, watch.travel_on, day),
                "Look before you go: what is known today stands on its page.",
            ]
        ),
        url=absolute(crossing.get_absolute_url()),
        made_at=watch.watched_at,
    )


def _by_calendar(crossing: Crossing, notices: list[Notice], travel_on: date, day: date) -> list[str]:
    """Days without posted hours, and holidays; notices are told apart, and where one is, last year tells no more."""
    found = closures_on(crossing, notices, travel_on, day)
    return in_a_day([closure for closure in found if not closure.number], crossing.country_names)


def _closed(notice: Notice, day: date) -> DayEvent:
    last = notice.ends_on or max(notice.begins_on, day + HORIZON)
    no_end = [] if notice.ends_on else ["No end is known. The calendar shows it for the next three months."]
    return DayEvent(
        uid=_uid("notice", notice.pk),
        first=notice.begins_on,
        last=last,
        title=f"{notice.crossing.name}: {notice.get_kind_display().lower()}",
        words="\n".join([notice.text, *no_end, f"Source: {notice.source}"]),
        url=absolute(notice.crossing.get_absolute_url()),
        made_at=notice.entered_at,
    )


def _uid(kind: str, pk: int) -> str:
    return f"{kind}-{pk}@{domain()}"
