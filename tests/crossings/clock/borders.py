"""Borders of the tests: posted hours as people would write them."""

from datetime import date, datetime

from crossings.clock import zones
from crossings.clock.days import KnownHours
from crossings.clock.passage import Needed, passage
from crossings.clock.rules import ALL_WEEK, Rule, Span, Told, Way

LATELY = date(2026, 11, 13)
TODAY = date(2026, 11, 30)
WORKDAYS = frozenset(range(1, 6))


def minutes(written):
    return int(written[:2]) * 60 + int(written[3:])


def span(written):
    return Span(*map(minutes, written.split("-")))


def rule(side, zone, hours="", pause="", **more):
    opens, closes = span(hours) if hours else (None, None)
    more = {"weekdays": ALL_WEEK, "true_on": LATELY} | more
    return Rule(
        side, zone, more.pop("opens", opens), more.pop("closes", closes), span(pause) if pause else None, **more
    )


def border(*rules, told=(), zone_a=None, zone_b=None):
    named = {"a": zone_a, "b": zone_b}
    for one in rules:
        named[one.side] = named[one.side] or one.zone
    return KnownHours(rules, told, {side: zones.zone_of(zone or "") for side, zone in named.items()})


def read_at(side, hours, on=date(2026, 11, 20)):
    return Told(side, tuple(span(part) for part in hours.split()), on)


def way(direction="a-b", mode="bicycle"):
    return Way(direction, mode)


def through(hours, day, *, direction="a-b", mode="bicycle", needed=(0, 0, 0), spare=0, today=TODAY):
    return passage(hours, Way(direction, mode), day, Needed(*needed), spare=spare, today=today)


def on_clock(windows, zone):
    """As the clock on a wall shows it: ["08:00-12:00"]."""
    return [f"{shown(start, zone)}-{shown(end, zone)}" for start, end in windows]


def shown(moment, zone):
    return f"{moment.astimezone(zones.zone_of(zone)):%H:%M}"


def at(written, zone):
    return datetime.fromisoformat(written).replace(tzinfo=zones.zone_of(zone))
