"""Finds what a text says of dates that cannot be so on the day on which it was written. For texts in English.

A date without a year is the nearest that fits what its sentence tells: for what lies ahead at most AHEAD months ahead,
for what happened at most BACK months back. What always holds ("in August the queue is long") says nothing of a day.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

AHEAD, BACK = 10, 11  # months
MONTHS = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
]  # fmt: skip
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
SEASONS = {"spring": (3, 4, 5), "summer": (6, 7, 8), "autumn": (9, 10, 11), "winter": (12, 1, 2)}
_MONTH = rf"(?P<month>{'|'.join(name.capitalize() for name in MONTHS)})"
_WEEKDAY = rf"(?:(?P<weekday>{'|'.join(name.capitalize() for name in WEEKDAYS)}),? )?"
_DATE = re.compile(
    rf"{_WEEKDAY}(?<!last )(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?)?\b{_MONTH}\b(?: (?P<year>20\d\d))?"
    r"(?:, (?P<after>[A-Z][a-z]+day)\b)?"
)
_SEASON = re.compile(rf"\b(?P<which>this|last|next) (?P<season>{'|'.join(SEASONS)})\b", re.IGNORECASE)
_SINCE_YEAR = re.compile(r"\b(?:since|in|of) (?P<year>20\d\d)\b", re.IGNORECASE)
_FULL_STOP = re.compile(r"(?<=[.!?:])\s+|\n+")
_AHEAD = re.compile(
    r"\b(?:will|shall|want to|plan(?:ning)?|would (?:cross|like|be)|let us|until"
    r"|(?:leave|travel|arrive|go|come|start)s? (?:from \w+ )?(?:in|on|from|at)|runs out|ends|interested|share)\b"
    r"|\b\w+'ll\b|\bfor (?-i:[A-Z])",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"\b(?:crossed|did|done|went|passed|tried|took|was|were|had|asked|phoned|worked|report back|confirmed|opened"
    r"|ran|rode|wrote|read|waited|drove|hitched|stood|came|began|since)\b",
    re.IGNORECASE,
)


def contradictions(text: str, written_on: date) -> list[str]:
    """Each with the words in which it stands; empty if all may be so."""
    return [found for sentence in _FULL_STOP.split(text) for found in _in_sentence(sentence, written_on)]


def _in_sentence(sentence: str, written_on: date) -> Iterator[str]:
    ahead, before = bool(_AHEAD.search(sentence)), bool(_BEFORE.search(sentence))
    for found in _DATE.finditer(sentence):
        if not _is_possible(found, written_on, ahead=ahead and not before, before=before and not ahead):
            yield f"{found[0]!r} in {sentence!r}, written on {written_on}"
    for found in _SEASON.finditer(sentence):
        if not _season_is_possible(found, written_on, ahead=ahead and not before, before=before and not ahead):
            yield f"{found[0]!r} in {sentence!r}, written on {written_on}"
    for found in _SINCE_YEAR.finditer(sentence):
        if before and not ahead and int(found["year"]) > written_on.year:
            yield f"{found[0]!r} in {sentence!r}, written on {written_on}"


def _is_possible(found: re.Match, written_on: date, *, ahead: bool, before: bool) -> bool:
    month, day = MONTHS.index(found["month"].lower()) + 1, found["day"] and int(found["day"])
    if found["month"] == "May" and not day and not found["year"]:
        return True  # mostly the verb, and else too seldom to be worth a guess
    if found["year"]:
        first = date(int(found["year"]), month, day or 1)
        last = first if day else _end_of_month(first)
        if (ahead and last < written_on) or (before and first > written_on):
            return False
        return not day or _weekday_agrees(found, first)
    if ahead:
        first = _next(month, day, written_on)
        return _months_between(written_on, first) <= AHEAD and (not day or _weekday_agrees(found, first))
    if before:
        first = _latest(month, day, written_on)
        return _months_between(first, written_on) <= BACK and (not day or _weekday_agrees(found, first))
    return not day or any(_weekday_agrees(found, near(month, day, written_on)) for near in (_next, _latest))


def _next(month: int, day: int | None, written_on: date) -> date:
    """The first such date from that day on; the present month is not over, if no day is named."""
    passed = (month, day or 31) < (written_on.month, written_on.day)
    return _date(written_on.year + passed, month, day or 1)


def _latest(month: int, day: int | None, written_on: date) -> date:
    to_come = (month, day or 1) > (written_on.month, written_on.day)
    return _date(written_on.year - to_come, month, day or 1)


def _date(year: int, month: int, day: int) -> date:
    """29 February, in any year."""
    return min(date(year, month, 1) + timedelta(days=day - 1), _end_of_month(date(year, month, 1)))


def _end_of_month(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _months_between(earlier: date, later: date) -> int:
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def _weekday_agrees(found: re.Match, day: date) -> bool:
    said = (found["weekday"] or found["after"] or "").lower()
    return said not in WEEKDAYS or WEEKDAYS[day.weekday()] == said


def _season_is_possible(found: re.Match, written_on: date, *, ahead: bool, before: bool) -> bool:
    """This summer is the one in whose year it is written: ahead until it is over, and past from when it began."""
    if found["which"].lower() != "this":
        return True
    months = SEASONS[found["season"].lower()]
    if written_on.month in months or found["season"].lower() == "winter":
        return True
    return not ((ahead and written_on.month > months[-1]) or (before and written_on.month < months[0]))
