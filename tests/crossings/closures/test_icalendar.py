"""The calendar's text as RFC 5545 wants it, read back by rules of its own."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossings.closures.icalendar import LONGEST_LINE, DayEvent, as_ics, escaped, folded

EVENT = DayEvent(
    uid="watch-1@borders.example",
    first=date(2026, 12, 31),
    last=date(2026, 12, 31),
    title="At Torugart",
    words="Look before you go.",
    url="https://borders.example/crossings/torugart/",
    made_at=datetime(2026, 11, 29, 12, 0, tzinfo=UTC),
)


def unfolded(text):
    return text.replace("\r\n ", "")


def unescaped(value):
    said, letters = "", iter(value)
    for letter in letters:
        said += {"n": "\n"}.get(after := next(letters), after) if letter == "\\" else letter
    return said


def lines_of(text):
    assert text.endswith("\r\n")
    return unfolded(text).split("\r\n")[:-1]


def test_an_event_of_one_day_ends_before_the_next():
    lines = lines_of(as_ics("Borders", [EVENT], refresh_hours=6))

    assert lines[0], lines[-1] == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    begin, end = lines.index("BEGIN:VEVENT"), lines.index("END:VEVENT")
    assert lines[begin + 1 : end] == [
        "UID:watch-1@borders.example",
        "DTSTAMP:20261129T120000Z",
        "DTSTART;VALUE=DATE:20261231",
        "DTEND;VALUE=DATE:20270101",
        "SUMMARY:At Torugart",
        "DESCRIPTION:Look before you go.",
        "URL:https://borders.example/crossings/torugart/",
        "TRANSP:TRANSPARENT",
        "CLASS:PRIVATE",
    ]


def test_a_calendar_without_events_contains_something():
    lines = lines_of(as_ics("Borders", [], refresh_hours=6))

    assert [line for line in lines if line.startswith("BEGIN:")] == [
        "BEGIN:VCALENDAR", "BEGIN:VTIMEZONE", "BEGIN:STANDARD",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("one, two; three", r"one\, two\; three"),
        (r"C:\new", r"C:\\new"),
        ("first\r\nsecond\rthird\nfourth", r"first\nsecond\nthird\nfourth"),
        ("END:VEVENT\r\nBEGIN:VALARM", r"END:VEVENT\nBEGIN:VALARM"),
        ("a\x00b\x1bc\x85d\u2028e", "abcde"),
    ],
)
def test_what_means_something_is_escaped(text, value):
    assert escaped(text) == value


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029")))
def test_every_text_comes_back_whole(text):
    assert unescaped(unfolded(folded(escaped(text)))) == text


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_text_adds_a_line_and_no_line_is_too_long(title, words):
    event = DayEvent(**{**vars(EVENT), "title": title, "words": f"x{words}"})

    text = as_ics(title, [event], refresh_hours=6)

    assert len(lines_of(text)) == len(lines_of(as_ics("Borders", [EVENT], refresh_hours=6)))
    assert max(len(line.encode()) for line in text.split("\r\n")) <= LONGEST_LINE


def test_no_letter_is_cut_in_two():
    line = "SUMMARY:" + "吐尔尕特" * 30

    parts = folded(line).encode().split(b"\r\n ")

    assert all(part.decode() for part in parts)
    assert "".join(part.decode() for part in parts) == line
