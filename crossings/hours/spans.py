"""Hours as people type them, and as they are stored: "08:00-12:00 13:00-17:00"."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

from crossings.clock.rules import Span, joined

MOST_SPANS = 4
ROUND_THE_CLOCK = Span(0, 1440)
_WORDS = re.compile(
    r"24\s*/\s*7|24\s*(?:h|hours|hrs|std|ч)?\.?|round the clock|always|all day|non-?stop", re.IGNORECASE
)
_TIME = r"(?:(\d{1,2})(?:\s*[:.h]\s*(\d{2}))?|(\d{2})(\d{2}))(?!\d)\s*(?:h|hrs|uhr)?\s*(?:([ap])\.?m?\.?(?![a-z]))?"
_SPAN = re.compile(
    rf"\s*(?:from\s+)?{_TIME}\s*(?:-|to|till|until|bis)\s*{_TIME}\s*(?:[,;/+&]|and\b)?\s*", re.IGNORECASE
)
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−〜~"), "-")


class NotHours(ValueError):
    """With words for who typed it."""


def typed(text: str) -> list[Span]:
    """ "8-12, 13:00–17.30", "24 h", "9 am to 6 pm" as spans in order. Raises NotHours."""
    words = _plain(text)
    if not words:
        return []
    if _WORDS.fullmatch(words):
        return [ROUND_THE_CLOCK]
    found, place = [], 0
    while place < len(words):
        match = _SPAN.match(words, place)
        if match is None:
            raise NotHours(
                f"“{text.strip()[:40]}” are no hours that we can read. Write them like 08:00-12:00, 13:00-17:00."
            )
        # What shuts at 00:00 shuts as the day ends.
        found.append(Span(_minutes(match.groups()[:5], text), _minutes(match.groups()[5:], text) or 1440))
        place = match.end()
    return list(joined(_checked(sorted(found))))


def minutes_typed(text: str) -> int | None:
    """One time of the day. Raises NotHours."""
    words = _plain(text)
    if not words:
        return None
    match = re.fullmatch(_TIME, words, re.IGNORECASE)
    if match is None:
        raise NotHours(f"“{text.strip()[:20]}” is no time. Write it like 08:30.")
    return _minutes(match.groups(), text)


def stored(spans: Iterable[Span]) -> str:
    return " ".join(f"{clock(span.opens)}-{clock(span.closes)}" for span in spans)


def read(text: str) -> tuple[Span, ...]:
    """What `stored` wrote."""
    pairs = (part.split("-") for part in text.split())
    return tuple(Span(*(int(time[:2]) * 60 + int(time[3:]) for time in pair)) for pair in pairs)


def clock(minutes: int) -> str:
    """ "08:30", "24:00"."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def in_words(spans: Iterable[Span]) -> str:
    """ "08:00 to 12:00 and 13:00 to 17:00"."""
    said = (
        "round the clock" if span == ROUND_THE_CLOCK else f"{clock(span.opens)} to {clock(span.closes)}"
        for span in spans
    )  # fmt: skip
    return " and ".join(said)


def _plain(text: str) -> str:
    digits = (
        str(unicodedata.decimal(letter)) if letter.isdecimal() else letter
        for letter in unicodedata.normalize("NFKC", text)
    )
    return " ".join("".join(digits).translate(_DASHES).split())


def _minutes(parts: tuple[str | None, ...], text: str) -> int:
    hour, minute, of_four, of_four_minute, half = parts
    hours, minutes = int(hour or of_four or 0), int(minute or of_four_minute or 0)
    if half:
        if not 1 <= hours <= 12:
            raise NotHours(f"“{text.strip()[:40]}”: there is no such hour. Write it like 08:30.")
        hours = hours % 12 + (12 if half.lower() == "p" else 0)
    if minutes > 59 or hours * 60 + minutes > 1440:
        raise NotHours(f"“{text.strip()[:40]}”: there is no such hour. A day ends at 24:00.")
    return hours * 60 + minutes


def _checked(spans: list[Span]) -> list[Span]:
    if len(spans) > MOST_SPANS:
        raise NotHours(f"These are {len(spans)} stretches. Write {MOST_SPANS} at most.")
    if any(span.opens == span.closes or span.opens == 1440 for span in spans):
        raise NotHours("It opens and shuts at the same time. Open day and night is 00:00-24:00.")
    for one, following in pairwise(spans):
        if one.closes <= one.opens or following.opens < one.closes:
            raise NotHours("Two of these overlap. Write each stretch once: 08:00-12:00, 13:00-17:00.")
    if len(spans) > 1 and spans[-1].closes <= spans[-1].opens and spans[-1].closes > spans[0].opens:
        raise NotHours("Two of these overlap. Write each stretch once: 08:00-12:00, 13:00-17:00.")
    return spans
