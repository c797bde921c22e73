"""Where names go on a map: the first place that is free. What fits nowhere is left out; its mark and the list stay."""

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from crossings.maps.projection import Box

EDGE = 4
Side = tuple[float, float]
_NARROW, _WIDE = set("fijlrtI.,'’-() "), set("mwMW")
# How far letters reach above their line and below it, in parts of their size.
_ABOVE, _BELOW = 0.85, 0.3


class Voice(NamedTuple):
    """A style of writing: its size in pixels, how wide it runs, the air between its letters in parts of its size."""

    size: float
    width: float = 1.0
    air: float = 0.0


FOCUS = Voice(19)
CROSSING = Voice(14)
TOWN = Voice(12, 0.98)
COUNTRY = Voice(14, 0.82, 0.28)


class Label(NamedTuple):
    """A name at its place: `anchor` is the end of it that stands at x, as SVG calls it."""

    text: str
    x: float
    y: float
    anchor: str


class Labels:
    """The places that are taken on one map."""

    def __init__(self, width: int, height: int) -> None:
        self.frame = Box(EDGE, EDGE, width - EDGE, height - EDGE)
        self.taken: list[Box] = []

    def take(self, box: Box) -> None:
        self.taken.append(box)

    def is_free(self, box: Box, air: float = 1) -> bool:
        """Inside of the map, and touching nothing that is there already."""
        wider = Box(box.left - air, box.low - air, box.right + air, box.high + air)
        is_inside = self.frame.holds(box.left, box.low) and self.frame.holds(box.right, box.high)
        return is_inside and not any(wider.touches(other) for other in self.taken)

    def place(
        self, text: str, x: float, y: float, voice: Voice, gap: float, *, spare: Iterable[Box] = (), side: Side = (0, 0)
    ) -> Label | None:
        """Beside a point, at the first of eight places that is free; better at one that covers nothing to spare.

        On a side of the point alone, if there is one: to the right and down are above zero.
        """
        free = [
            (label, box)
            for label, box in _around(text, x, y, voice, gap)
            if self.is_free(box) and (side == (0, 0) or _is_towards(side, box, x, y))
        ]
        best = [(label, box) for label, box in free if not any(box.touches(other) for other in spare)]
        for label, box in (best or free)[:1]:
            self.take(box)
            return label
        return None


def width_of(text: str, voice: Voice) -> float:
    """How long a text runs at most, in the fonts it may be shown in."""
    return sum(_em(letter) * voice.width + voice.air for letter in text) * voice.size


def _is_towards(side: Side, box: Box, x: float, y: float) -> bool:
    across, down = (box.left + box.right) / 2 - x, (box.low + box.high) / 2 - y
    return across * side[0] + down * side[1] > 0.2 * math.hypot(across, down) * math.hypot(*side)


def _em(letter: str) -> float:
    if letter in _NARROW:
        return 0.38
    if letter in _WIDE:
        return 0.95
    if ord(letter) > 0x2E00:
        return 1.05
    return 0.76 if letter.isupper() else 0.6


def _around(text: str, x: float, y: float, voice: Voice, gap: float) -> Iterator[tuple[Label, Box]]:
    """Right, left, above, below, and then the four corners; each with the room it takes."""
    width, height = width_of(text, voice), voice.size
    near, middle = gap * 0.7, y + height * 0.34
    for right, baseline in (
        (1, middle), (-1, middle), (0, y - gap - height * _BELOW), (0, y + gap + height * _ABOVE),
        (1, y - near), (-1, y - near), (1, y + near + height * 0.7), (-1, y + near + height * 0.7),
    ):  # fmt: skip
        left = x + right * gap - (width if right < 0 else 0 if right else width / 2)
        anchor = {1: "start", -1: "end", 0: "middle"}[right]
        box = Box(left, baseline - height * _ABOVE, left + width, baseline + height * _BELOW)
        yield Label(text, round(x + right * gap), round(baseline), anchor), box
