"""A day of two posts as a drawing: where bars, breaks and ticks lie, in per cent of its width."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from crossings.clock import windows
from crossings.clock.passage import Passage, Steps
from crossings.clock.windows import Window

_HOUR = timedelta(hours=1)
MOST_TICKS = 13


@dataclass(frozen=True)
class Bar:
    x: str  # per cent
    width: str

    @property
    def end(self) -> str:
        return f"{float(self.x[:-1]) + float(self.width[:-1]):.2f}%"


@dataclass(frozen=True)
class Tick:
    """An hour of the upper clock, and what the lower one shows then."""

    x: str
    upper: str
    lower: str
    anchor: str


@dataclass(frozen=True)
class Lane:
    """What one post does on the day."""

    works: list[Bar]
    breaks: list[Bar]


@dataclass(frozen=True)
class Strip:
    ticks: list[Tick]
    both: list[Bar]
    leaving: Lane
    entering: Lane
    you: list[Bar] = field(default_factory=list)
    road: Bar | None = None
    by: str = ""  # where one has to be there at the latest
    by_anchor: str = "middle"


def strip_of(found: Passage, walked: Steps | None, upper: ZoneInfo, lower: ZoneInfo | None) -> Strip | None:
    """Of a day of which something is known. `lower` is None where both clocks show the same."""
    shown = [*found.leaving.posted, *found.leaving.breaks, *found.entering.posted, *found.entering.breaks]
    if not shown:
        return None
    start, end = _span(shown, found, walked)
    scale = _Scale(start, end)
    return Strip(
        ticks=scale.ticks(upper, lower),
        both=scale.bars(found.both),
        leaving=Lane(scale.bars(found.leaving.posted), scale.bars(found.leaving.breaks)),
        entering=Lane(scale.bars(found.entering.posted), scale.bars(found.entering.breaks)),
        you=scale.bars(_you(walked)) if walked else [],
        road=scale.bar(Window(walked.leaves, walked.begins)) if walked and walked.begins > walked.leaves else None,
        by=scale.x(walked.arrives) if walked else "",
        by_anchor=scale.anchor(walked.arrives) if walked else "middle",
    )


def _you(walked: Steps) -> list[Window]:
    """At the two posts."""
    return [Window(walked.arrives, walked.leaves), Window(walked.begins, walked.through)]


def _span(shown: Sequence[Window], found: Passage, walked: Steps | None) -> tuple[datetime, datetime]:
    """From an hour before the first to an hour after the last, in full hours, and no more than a day."""
    first, last = min(window.start for window in shown), max(window.end for window in shown)
    if walked:
        last = max(last, walked.through)
    first, last = first - _HOUR, last + _HOUR
    first -= timedelta(minutes=first.minute)
    last += timedelta(minutes=-last.minute % 60)
    if last - first > 26 * _HOUR and found.leaving.zone:
        day = found.leaving.posted or found.entering.posted
        first = day[0].start
        last = first + 24 * _HOUR
    return first, last


class _Scale:
    def __init__(self, start: datetime, end: datetime) -> None:
        self.start, self.end = start, end
        self.length = (end - start).total_seconds()

    def x(self, moment: datetime) -> str:
        return f"{self._share(moment):.2f}%"

    def bar(self, window: Window) -> Bar:
        share = self._share(window.start)
        return Bar(f"{share:.2f}%", f"{self._share(window.end) - share:.2f}%")

    def bars(self, listed: Sequence[Window]) -> list[Bar]:
        return [self.bar(window) for window in windows.clipped(listed, self.start, self.end)]

    def anchor(self, moment: datetime) -> str:
        share = self._share(moment)
        return "start" if share < 8 else "end" if share > 92 else "middle"

    def ticks(self, upper: ZoneInfo, lower: ZoneInfo | None) -> list[Tick]:
        hours = round(self.length / 3600)
        step = next(step for step in (1, 2, 3, 4, 6) if hours / step < MOST_TICKS or step == 6)
        moments = [self.start + i * step * _HOUR for i in range(hours // step + 1)]
        return [
            Tick(
                self.x(moment), _hour(moment, upper), _hour(moment, lower) if lower else "", self.anchor_of_tick(moment)
            )
            for moment in moments
        ]

    def anchor_of_tick(self, moment: datetime) -> str:
        return "start" if moment == self.start else "end" if moment == self.end else "middle"

    def _share(self, moment: datetime) -> float:
        share = (moment - self.start).total_seconds() / self.length * 100
        return min(100.0, max(0.0, share))


def _hour(moment: datetime, zone: ZoneInfo) -> str:
    wall = moment.astimezone(zone)
    return f"{wall.hour}" if wall.minute == 0 else f"{wall:%H:%M}"
