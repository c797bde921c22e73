"""What is said of one way across: the newer side first, in words that a traveller would use."""

from datetime import date, timedelta

import pytest

from crossings.models import Mode
from crossings.status import ways
from crossings.status.rules import Observation

TODAY = date(2026, 11, 30)


def report(day, outcome="crossed", *, mode="bicycle", direction="a-b", **more):
    return Observation(day.toordinal(), day.toordinal(), day, direction, mode, outcome, **more)


def cell(*reports):
    newest_on = max(seen.crossed_on for seen in reports)
    return {"newest_on": newest_on.isoformat(), "newest": ways.newest_of_each_side(reports)["a-b", reports[0].mode]}


def sentence(*reports):
    return ways.in_a_sentence(reports[0].mode, cell(*reports), TODAY)


def test_the_newer_side_is_said_first():
    through, shut = report(date(2026, 11, 12)), report(date(2026, 11, 27), "found-closed")

    assert sentence(through, shut) == "Closed for a cyclist on 27 Nov. The last one through: 12 Nov."
    assert sentence(report(date(2026, 11, 28)), shut) == (
        "A cyclist got through on 28 Nov. The last one who was not let through: 27 Nov."
    )


def test_on_one_day_the_closure_is_said_first():
    day = date(2026, 11, 27)

    assert sentence(report(day), report(day, "found-closed")).startswith("Closed for a cyclist on 27 Nov.")


@pytest.mark.parametrize(
    ("mode", "outcome", "words"),
    [
        ("bicycle", "conditions", "A cyclist got through with conditions on 9 Nov."),
        ("foot", "turned-back", "A traveller on foot was turned back on 9 Nov."),
        ("bus", "refused-entry", "A bus was turned back on 9 Nov."),
    ],
)
def test_it_says_who_it_was_and_what_happened(mode, outcome, words):
    assert sentence(report(date(2026, 11, 9), outcome, mode=mode)) == words


@pytest.mark.parametrize(("precision", "words"), [("week", "in the week of 9 Nov"), ("month", "in Nov 2026")])
def test_no_day_is_told_that_its_author_keeps(precision, words):
    assert sentence(report(date(2026, 11, 9), precision=precision)) == f"A cyclist got through {words}."


def test_the_year_is_said_where_it_is_another():
    assert sentence(report(date(2025, 12, 9))) == "A cyclist got through on 9 Dec 2025."


def test_a_way_of_which_nobody_tells_is_said_to_be_silent():
    old = cell(report(date(2023, 6, 3), mode="train"))

    assert ways.in_a_sentence("train", None, TODAY) == "No report by train in the last 24 months."
    assert ways.in_a_sentence("train", old, TODAY) == (
        "No report by train in the last 24 months. The last is of June 2023."
    )


@pytest.mark.parametrize(("days", "is_silent"), [(730, False), (731, True)])
def test_a_way_is_silent_after_two_years(days, is_silent):
    told = sentence(report(TODAY - timedelta(days=days)))

    assert told.startswith("No report by bicycle in the last 24 months. The last is of") is is_silent


@pytest.mark.parametrize("newest", [{}, {"newest": []}])
def test_a_way_of_which_only_what_does_not_count_is_told_says_so(newest):
    told = ways.in_a_sentence("train", {"newest_on": TODAY.isoformat()} | newest, TODAY)

    assert told == "No report by train that counts in the last 24 months."


def test_every_way_of_travelling_has_words():
    assert set(ways.TRAVELLERS) == set(Mode)


def test_each_cell_keeps_the_newest_of_each_side_only():
    days = [date(2026, 11, day) for day in (3, 7, 9)]
    found = ways.newest_of_each_side([*map(report, days), report(days[0], "turned-back"), report(days[1], mode="car")])

    assert [side["on"] for side in found["a-b", "bicycle"]] == ["2026-11-09", "2026-11-03"]
    assert [side["on"] for side in found["a-b", "car"]] == ["2026-11-07"]


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("crossed", "17 Nov"), ("conditions", "17 Nov"), ("turned-back", "not through, 17 Nov"),
        ("found-closed", "not through, 17 Nov"),
    ],
)  # fmt: skip
def test_below_a_stamp_only_the_day_is_said_unless_nobody_got_through(outcome, words):
    assert ways.in_short(cell(report(date(2026, 11, 17), outcome)), TODAY) == words


@pytest.mark.parametrize("nothing", [None, {"newest_on": "2026-11-17"}, {"newest_on": "2026-11-17", "newest": []}])
def test_below_a_stamp_nothing_is_said_of_nothing(nothing):
    assert ways.in_short(nothing, TODAY) == ""
