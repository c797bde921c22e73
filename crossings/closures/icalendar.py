"""Calendars of whole days as RFC 5545 says: escaped texts, lines folded at 75 octets, CRLF. Pure: no database."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LONGEST_LINE = 75  # octets, without the line end
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
# What a calendar without events contains, since it may not be empty (section 3.6).
_SOMETHING = [
    "BEGIN:VTIMEZONE", "TZID:UTC", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0000", "END:STANDARD", "END:VTIMEZONE",
]  # fmt: skip


@dataclass(frozen=True)
class DayEvent:
    """Something that lasts one or more whole days; `uid` is the same in every version of the calendar."""

    uid: str
    first: date
    last: date
    title: str
    words: str
    url: str
    made_at: datetime
    is_private: bool = True


def as_ics(name: str, events: Iterable[DayEvent], *, refresh_hours: int) -> str:
    """The text of a .ics file, encoded as UTF-8 by the caller."""
    days = [line for event in events for line in _event(event)]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Borderpost//Dates and closures//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:PT{refresh_hours}H",
        f"X-PUBLISHED-TTL:PT{refresh_hours}H",
        *(days or _SOMETHING),
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _event(event: DayEvent) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(event.uid)}"
    yield f"DTSTAMP:{event.made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{_day(event.first)}"
    yield f"DTEND;VALUE=DATE:{_day(event.last + timedelta(days=1))}"  # the first day that is no longer part of it
    yield f"SUMMARY:{escaped(event.title)}"
    if event.words:
        yield f"DESCRIPTION:{escaped(event.words)}"
    yield f"URL:{event.url}"
    yield "TRANSP:TRANSPARENT"
    yield f"CLASS:{'PRIVATE' if event.is_private else 'PUBLIC'}"
    yield "END:VEVENT"


def _day(day: date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"


def escaped(text: str) -> str:
    """A TEXT value (section 3.3.11); control characters are left out."""
    text = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> str:
    """A line in parts of at most 75 octets, each but the first after a blank; no letter is cut in two (section 3.1)."""
    parts, size = [""], 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > LONGEST_LINE:
            parts.append("")
            size = 1  # the blank
        parts[-1] += letter
        size += octets
    return "\r\n ".join(parts)
