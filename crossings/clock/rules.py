"""Posted hours as rules, which of them apply to a way on a day, and how far they can be trusted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

DAY = 24 * 60  # minutes
# The first country of a crossing, and the second.
SIDES = ("a", "b")
ALL_WEEK = frozenset(range(1, 8))
# Hours that nobody confirmed for so many days "may be out of date"; after two years twice as wide a doubt.
HOLD_DAYS = 180
LONG_DAYS = 730
# Minutes by which hours are taken to be narrower at either end.
DOUBT_OF_OLD = 30
DOUBT_OF_LONG_AGO = 60


class Heading(StrEnum):
    """Which way, seen from the side of a post."""

    BOTH = "both"
    IN = "in"
    OUT = "out"


class Audience(StrEnum):
    ALL = "all"
    CARS = "cars"
    FOOT = "foot"
    PASSENGERS = "passengers"
    FREIGHT = "freight"


# Whose hours those of a way of travelling are, the most exact first. No traveller is freight.
ON_FOOT = (Audience.FOOT, Audience.PASSENGERS, Audience.ALL)
BY_CAR = (Audience.CARS, Audience.PASSENGERS, Audience.ALL)
CARRIED = (Audience.PASSENGERS, Audience.ALL)
_AUDIENCES = {
    "bicycle": ON_FOOT, "foot": ON_FOOT, "hitchhiking": BY_CAR, "motorcycle": BY_CAR, "car": BY_CAR, "truck": BY_CAR,
    "taxi": BY_CAR, "bus": CARRIED, "tour": CARRIED, "train": CARRIED, "boat": CARRIED,
}  # fmt: skip


class Way(NamedTuple):
    """From one side to the other, by a way of travelling; without one, hours for everybody are meant."""

    direction: str  # "a-b", "b-a", or "": what holds for both
    mode: str = ""

    @property
    def sides(self) -> tuple[str, str]:
        """Where one leaves, and where one enters; without a direction in the order of the countries."""
        return ("b", "a") if self.direction == "b-a" else ("a", "b")

    @property
    def audiences(self) -> tuple[Audience, ...]:
        return _AUDIENCES.get(self.mode, CARRIED)


class Season(NamedTuple):
    """From a day of the year to another, both included; over the turn of the year where the last comes first."""

    first: tuple[int, int]  # month and day
    last: tuple[int, int]

    def holds(self, day: date) -> bool:
        today = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= today <= self.last
        return today >= self.first or today <= self.last


class Span(NamedTuple):
    """Hours of a wall clock in minutes after midnight; what ends before it begins ends on the next day."""

    opens: int
    closes: int

    @property
    def length(self) -> int:
        return (self.closes - self.opens) % 1440 or 1440


@dataclass(frozen=True)
class Rule:
    """One row of posted hours. `opens` or `closes` is None where it was not told."""

    side: str  # "a" or "b"
    zone: str
    opens: int | None = None  # minutes after midnight
    closes: int | None = None  # up to 1440
    pause: Span | None = None
    weekdays: frozenset[int] = ALL_WEEK  # ISO: Monday is 1
    heading: str = Heading.BOTH
    audience: str = Audience.ALL
    season: Season | None = None
    # The newest day on which it was known to be so.
    true_on: date = date.min
    confidence: str = "medium"

    @property
    def is_whole(self) -> bool:
        return self.opens is not None and self.closes is not None

    def is_old(self, today: date) -> bool:
        return (today - self.true_on).days > HOLD_DAYS

    def doubt(self, today: date) -> int:
        """Minutes."""
        age = (today - self.true_on).days
        return DOUBT_OF_LONG_AGO if age > LONG_DAYS else DOUBT_OF_OLD if age > HOLD_DAYS else 0


@dataclass(frozen=True)
class Told:
    """What a traveller read at the gate of a side, on a day as others may know it."""

    side: str
    spans: tuple[Span, ...]
    on: date

    def contradicts(self, rules: Iterable[Rule], of_side: Iterable[Rule]) -> bool:
        """It says something else than rules that were last known to be true before it, and than any others of its side:
        it may have been read on another day of the week, or at the gate of the other direction."""
        older = [rule for rule in rules if rule.is_whole]
        if not older or not all(rule.true_on < self.on for rule in older):
            return False
        said = joined(self.spans)
        return said != spans_of(older) and said not in _groups(in_season(of_side, self.on))


def _groups(rules: Iterable[Rule]) -> set[tuple[Span, ...]]:
    """The hours of rules that hold together: on a day of the week, for a direction, an audience and a season."""
    found: dict[tuple, list[Rule]] = {}
    for rule in rules:
        for weekday in rule.weekdays:
            found.setdefault((weekday, rule.heading, rule.audience, rule.season), []).append(rule)
    return {spans_of(group) for group in found.values()}


def spans_of(rules: Iterable[Rule]) -> tuple[Span, ...]:
    """The hours of whole rules without their breaks, in order."""
    found: set[Span] = set()
    for rule in rules:
        if rule.opens is None or rule.closes is None:
            continue
        if rule.pause is None:
            found.add(Span(rule.opens, rule.closes))
        else:
            found |= {Span(rule.opens, rule.pause.opens), Span(rule.pause.closes, rule.closes)}
    return joined(found)


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """In order, none touching another, also over midnight; midnight is 00:00 as a beginning and 24:00 as an end."""
    listed = sorted(Span(span.opens % DAY, span.closes or DAY) for span in spans)
    found: list[list[int]] = []  # what goes on past midnight ends after 1440 here
    for opens, closes in listed:
        end = closes if closes > opens else closes + DAY
        if found and opens <= found[-1][1]:
            found[-1][1] = max(found[-1][1], end)
        else:
            found.append([opens, end])
    if len(found) > 1 and found[-1][1] - DAY >= found[0][0]:
        found[-1][1] = max(found[-1][1], found[0][1] + DAY)
        del found[0]
    if any(end - opens >= DAY for opens, end in found):
        return (Span(0, DAY),)
    return tuple(Span(opens, end - DAY if end > DAY else end) for opens, end in found)


def of_way(rules: Iterable[Rule], side: str, way: Way) -> list[Rule]:
    """The rules of a side that can speak for a way: hours of freight alone are none of a traveller's."""
    heading = Heading.OUT if side == way.sides[0] else Heading.IN
    return [
        rule
        for rule in rules
        if rule.side == side and rule.heading in {Heading.BOTH, heading} and rule.audience in way.audiences
    ]


def in_season(rules: Iterable[Rule], day: date) -> list[Rule]:
    return [rule for rule in rules if rule.season is None or rule.season.holds(day)]


def on_day(rules: Sequence[Rule], way: Way, day: date) -> list[Rule] | None:
    """The rules that hold for a way on a day: of those for this weekday the most exact, and a season before the whole
    year. None where the day is in no season that was named: that is not known. An empty list is a day without hours."""
    seasonal = in_season(rules, day)
    if not seasonal:
        return None
    today = [rule for rule in seasonal if day.isoweekday() in rule.weekdays]
    most = min((_exactness(rule, way) for rule in today), default=None)
    return [rule for rule in today if _exactness(rule, way) == most]


def _exactness(rule: Rule, way: Way) -> tuple[int, bool, bool]:
    """The smaller, the more exact."""
    return way.audiences.index(Audience(rule.audience)), rule.heading == Heading.BOTH, rule.season is None
