"""Hours as people write them."""

import pytest

from crossings.clock.rules import Rule, Span, spans_of
from crossings.hours import spans


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("8-12, 13:00–17.30", "08:00-12:00 13:00-17:30"),
        ("08:00-12:00 13:00-17:00", "08:00-12:00 13:00-17:00"),
        ("24 h", "00:00-24:00"),
        ("24/7", "00:00-24:00"),
        ("Round the clock", "00:00-24:00"),
        ("9 am to 6 p.m.", "09:00-18:00"),
        ("12am-12pm", "00:00-12:00"),
        ("0900-1700", "09:00-17:00"),
        ("9h30 - 12h", "09:30-12:00"),
        ("9 - 12 and 13 - 18", "09:00-12:00 13:00-18:00"),
        ("13-17; 8-12", "08:00-12:00 13:00-17:00"),
        ("22-6", "22:00-06:00"),
        ("۰۸:۰۰-۱۷:۰۰", "08:00-17:00"),
        ("09:00—18:00", "09:00-18:00"),  # an em dash
        ("18-0", "18:00-24:00"),
        ("6 pm to 12 am, 1-2", "01:00-02:00 18:00-24:00"),
        ("0-0", "00:00-24:00"),
        ("8-12 12-17", "08:00-17:00"),
        ("8-10, 10-12, 13-17", "08:00-12:00 13:00-17:00"),
        ("22-24 0-6", "22:00-06:00"),
        ("20-4, 4-6", "20:00-06:00"),
        ("20-0, 0-20", "00:00-24:00"),
        ("", ""),
    ],
)
def test_what_is_understood(typed, stored):
    found = spans.typed(typed)

    assert spans.stored(found) == stored
    assert list(spans.read(stored)) == found


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("open", "no hours that we can read"), ("8", "no hours"), ("8:5-9", "no hours"), ("1 - 2 - 3", "no hours"),
        ("25-26", "no such hour"), ("9:75-10", "no such hour"), ("13pm-14", "no such hour"),
        ("9-9", "same time"), ("24:00-06:00", "same time"), ("8-12 11-14", "overlap"), ("20-4, 3-5", "overlap"),
        ("8-9 10-11 12-13 14-15 16-17", "4 at most"),
    ],
)  # fmt: skip
def test_what_is_not(typed, words):
    with pytest.raises(spans.NotHours, match=words):
        spans.typed(typed)


@pytest.mark.parametrize(
    ("opens", "closes", "pause", "stored"),
    [
        (1200, 480, (0, 120), "02:00-08:00 20:00-24:00"),
        (1200, 240, (1380, 1440), "00:00-04:00 20:00-23:00"),
        (1200, 0, None, "20:00-24:00"),
        (480, 1020, (720, 780), "08:00-12:00 13:00-17:00"),
    ],
)
def test_a_row_is_compared_as_it_would_be_read_at_the_gate(opens, closes, pause, stored):
    row = Rule("a", "Asia/Bishkek", opens, closes, Span(*pause) if pause else None)

    assert spans.stored(spans_of([row])) == stored


def test_rows_that_follow_each_other_are_read_as_one():
    rows = [Rule("a", "Asia/Bishkek", *hours) for hours in ((480, 720), (720, 1020))]

    assert spans_of(rows) == (Span(480, 1020),)
