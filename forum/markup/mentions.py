"""Mentions: which words after an @ may be a member's name.

A name may hold blanks, dots, hyphens and marks of any script, so each @ has several candidates, the longest first; the
longest that a member has is the mention. Within an address nothing is: "me@home.example", "@me@other.example".
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from accounts.text.names import INVISIBLE, MAX_LENGTH, TSHEG

MAX_WORDS = 5  # of a name
# Scripts without blanks, in which a name may begin and end at any letter.
_DENSE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fff\u3005-\u3007\u3031-\u9fff\uac00-\ud7af\uf900-\ufaff"
_IN_NAMES = " ._-\t\n\x85\xa0\u2028\u2029" + TSHEG  # besides letters, marks and digits; line ends are blanks


def _ranges_outside_names() -> str:
    """Characters that no name holds, as ranges of a character class: punctuation, signs and pictures of any script."""
    ranges = ["\U0001f000-\U0001faff\U000e0000-\U000e0fff"]
    outside = [
        point
        for point in range(0x10000)
        if not (chr(point) in _IN_NAMES or unicodedata.category(chr(point)) in _CATEGORIES) or chr(point) in INVISIBLE
    ]
    for _, group in groupby(enumerate(outside), lambda pair: pair[1] - pair[0]):
        points = [point for _, point in group]
        ranges.append(f"\\u{points[0]:04x}-\\u{points[-1]:04x}")
    return "".join(ranges)


_CATEGORIES = {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd"}
_NO_NAME = _ranges_outside_names()
_RUN = re.compile(rf"(?<![/@])(?:(?<!\w)|(?<=[{_DENSE}]))@(?=[^{_NO_NAME}\s.-])([^{_NO_NAME}]{{1,{MAX_LENGTH}}})")
_IS_DENSE = re.compile(f"[{_DENSE}]")


class Mention(NamedTuple):
    """Where an @ stands in a text, and the names that it may mean, the longest first."""

    start: int
    names: tuple[str, ...]


def mentions_in(text: str) -> Iterator[Mention]:
    """What stands after each @ of a text that may be a name."""
    if "@" not in text:
        return
    for found in _RUN.finditer(text):
        goes_on = text[found.end() : found.end() + 1] == "@" and not text[found.end() - 1].isspace()
        names = tuple(_candidates(found.group(1), goes_on=goes_on))
        if names:
            yield Mention(found.start(), names)


def _candidates(run: str, *, goes_on: bool) -> Iterator[str]:
    """Beginnings of a run that end where a name may end. `goes_on`: an @ follows, so that its last word is none."""
    if goes_on and not re.search(r"\s", run):
        return
    ends = [end for end in range(len(run), 0, -1) if _may_end(run, end, goes_on=goes_on)]
    for end in ends:
        name = run[:end]
        if len(name.split()) <= MAX_WORDS:
            yield name


def _may_end(run: str, end: int, *, goes_on: bool) -> bool:
    last, after = run[end - 1], run[end : end + 1]
    if last in " .-\t\n\xa0":
        return False
    if not after:
        return not goes_on
    return after in " .-\t\n\xa0" or bool(_IS_DENSE.match(last) or _IS_DENSE.match(after))
