"""Stretches of time, from a moment to a moment in UTC, the end not included; lists of them are in order and apart."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

# Doubt takes at either end no more than this part of a window: a quarter.
SHARE_OF_DOUBT = 4


class Window(NamedTuple):
    start: datetime
    end: datetime

    @property
    def minutes(self) -> int:
        return round((self.end - self.start).total_seconds() / 60)


def merged(windows: Iterable[Window]) -> list[Window]:
    """In order, none touching another: a post that shuts at midnight and opens at midnight does not shut."""
    found: list[Window] = []
    for window in sorted(window for window in windows if window.start < window.end):
        if found and window.start <= found[-1].end:
            found[-1] = Window(found[-1].start, max(found[-1].end, window.end))
        else:
            found.append(window)
    return found


def overlap(one: Iterable[Window], other: Iterable[Window]) -> list[Window]:
    """What lies in both."""
    others = list(other)
    both = (Window(max(a.start, b.start), min(a.end, b.end)) for a in one for b in others)
    return merged(window for window in both if window.start < window.end)


def without(windows: Iterable[Window], gaps: Iterable[Window]) -> list[Window]:
    """What lies in the windows and in none of the gaps."""
    left = merged(windows)
    for gap in merged(gaps):
        pieces = ((Window(w.start, min(w.end, gap.start)), Window(max(w.start, gap.end), w.end)) for w in left)
        left = merged(piece for pair in pieces for piece in pair)
    return left


def clipped(windows: Iterable[Window], start: datetime, end: datetime) -> list[Window]:
    return overlap(windows, [Window(start, end)])


def narrowed(windows: Iterable[Window], minutes: int) -> list[Window]:
    """Opening later and shutting earlier by so much, and by no more than a quarter of each."""
    shorter = ((w, timedelta(minutes=min(minutes, w.minutes // SHARE_OF_DOUBT))) for w in windows)
    return merged(Window(w.start + less, w.end - less) for w, less in shorter)
