"""What the head of a crossing's page says: the newer reports first, as a person would say it."""

from datetime import date

import pytest

from crossings.models import Crossing, Notice, Status, StatusSource
from crossings.status import evidence
from crossings.status.lead import days_in_words, in_words, lead_of
from crossings.status.rules import Observation, Trust
from crossings.status.stamp import Stamp

TODAY = date(2026, 11, 30)


def report(day, outcome="crossed", *, author=None, trust=Trust.MEMBER, month=11, year=2026, **more):
    number = year * 10_000 + month * 100 + day
    return Observation(
        author * 7 if author else number, author or number, date(year, month, day), "a-b", "bicycle", outcome,
        trust=trust, **more,
    )  # fmt: skip


def lead(status, *reports, source=StatusSource.REPORTS, was="", notice=None):
    stamp = Stamp(status, source, date(2026, 11, 28), 1, date(2024, 6, 1), stale_status=was)
    return lead_of(Crossing(evidence=evidence.gather(reports, 90)), stamp, TODAY, notice)


PASSAGES = [report(day, month=10) for day in (2, 9, 14, 20, 27)] + [report(17)]


def test_open():
    assert lead(Status.OPEN, report(12), report(17), report(20), report(28)) == (
        "You can cross. Four travellers did so freely since 12 November, the last on 28 November."
    )
    assert lead(Status.OPEN, report(12)) == "You can cross. One traveller did so freely on 12 November."


def test_restricted():
    assert lead(Status.LIMITED, report(6), report(10, "conditions"), report(24, "conditions")) == (
        "You can cross, with conditions. Three travellers did so since 6 November, the last on 24 November."
    )


def test_closed_by_reports():
    closures = [report(20, "turned-back"), report(22, "found-closed"), report(25, "turned-back")]

    assert lead(Status.CLOSED, *PASSAGES, *closures) == (
        "Closed. Three travellers were turned back since 20 November, the last on 25 November, "
        "and nobody got through after them."
    )


def test_closed_by_reports_although_a_newcomer_got_through_after_them():
    assert lead(Status.CLOSED, report(20, "turned-back"), report(25, trust=Trust.NEW)) == (
        "Closed. One traveller was turned back on 20 November. But one new member got through on 25 November."
    )


def test_closed_by_a_notice():
    notice = Notice(begins_on=date(2026, 11, 25), ends_on=date(2027, 3, 1))

    assert lead(Status.CLOSED, source=StatusSource.NOTICE, notice=notice) == (
        "Closed until 1 March 2027, by an official notice."
    )
    notice.ends_on = None
    assert lead(Status.CLOSED, source=StatusSource.NOTICE, notice=notice) == (
        "Closed since 25 November, by an official notice. It names no last day."
    )


def test_disputed_and_now_shut():
    closures = [report(26, "found-closed"), report(27, "found-closed")]

    assert lead(Status.DISPUTED, *PASSAGES, *closures) == (
        "Two travellers found it closed on 26 and 27 November. Six got through before that, the last on 17 November."
    )


def test_disputed_and_now_passing():
    closures = [report(day, "turned-back") for day in (20, 22, 24)]

    assert lead(Status.DISPUTED, *closures, report(27)) == (
        "One traveller got through on 27 November. Three were turned back before that, the last on 24 November."
    )


def test_of_the_newer_side_those_are_told_who_came_after_the_other():
    assert lead(Status.DISPUTED, report(10), report(20, "found-closed"), report(27)) == (
        "One traveller got through on 27 November. One found it closed before that, on 20 November."
    )


def test_of_one_who_was_there_before_the_day_is_said():
    assert lead(Status.DISPUTED, report(17), report(26, "found-closed")) == (
        "One traveller found it closed on 26 November. One got through before that, on 17 November."
    )


def test_on_one_day_the_closure_is_said_first():
    assert lead(Status.DISPUTED, report(20, author=9), report(20, "found-closed", author=3)) == (
        "One traveller found it closed on 20 November. One got through on the same day."
    )


def test_of_several_the_last_may_have_been_there_on_the_same_day():
    passages = [report(10), report(20, author=9)]

    assert lead(Status.DISPUTED, *passages, report(20, "found-closed", author=3)) == (
        "One traveller found it closed on 20 November. Two got through too, the last on the same day."
    )


def test_a_newcomer_who_says_otherwise_is_named():
    assert lead(Status.OPEN, report(12), report(27, "found-closed", trust=Trust.NEW)) == (
        "You can cross. One traveller did so freely on 12 November. But one new member found it closed on 27 November."
    )


def test_stale_and_never_known():
    assert lead(Status.STALE, source=StatusSource.EDITORS, was="open") == (
        "Nobody has told us how it is today. It was open in June 2024, and that may have changed."
    )
    assert lead(Status.UNKNOWN, source=StatusSource.EDITORS) == (
        "Nobody has told us yet whether foreigners get through here."
    )
    assert lead(Status.UNKNOWN, report(3, trust=Trust.NEW), source=StatusSource.EDITORS) == (
        "Nobody has told us enough to say how it is today. One new member got through on 3 November."
    )


@pytest.mark.parametrize(
    ("precision", "words"),
    [("week", "in the week of 16 November"), ("month", "in November"), ("day", "on 16 November")],
)
def test_no_day_is_told_that_its_author_keeps(precision, words):
    told = lead(Status.OPEN, report(16, precision=precision))

    assert told == f"You can cross. One traveller did so freely {words}."


def test_no_first_day_is_told_either():
    assert lead(Status.OPEN, report(1, month=10, precision="month"), report(28)) == (
        "You can cross. Two travellers did so freely since October, the last on 28 November."
    )


@pytest.mark.parametrize(
    ("reports", "words"),
    [
        (
            [report(9), report(16, precision="week")],
            "Two travellers got through since 9 November, the last in the week of 16 November.",
        ),
        (
            [report(9, precision="week"), report(16)],
            "Two travellers got through since the week of 9 November, the last on 16 November.",
        ),
        ([report(9), report(11), report(16)], "Three travellers got through on 9, 11 and 16 November."),
        (
            [report(9), report(11), report(12, precision="week"), report(16)],
            "Four travellers got through since 9 November, the last on 16 November.",
        ),
        (
            [report(9), report(11, precision="week"), report(16)],
            "Three travellers got through since 9 November, the last on 16 November.",
        ),
        (
            [report(9), report(16), report(16, author=4)],
            "Three travellers got through since 9 November, the last on 16 November.",
        ),
        ([report(16), report(16, author=4)], "Two travellers got through on 16 November."),
        ([report(9, author=4), report(16, author=4)], "One traveller got through on 9 and 16 November."),
    ],
)
def test_days_are_listed_where_they_are_few_and_exact_and_each_of_another_traveller(reports, words):
    assert lead(Status.DISPUTED, *reports) == words


@pytest.mark.parametrize("reason", ["papers", "passport", "transport"])
def test_nobody_is_said_to_have_got_through_who_was_refused(reason):
    refused = report(28, "refused-entry", reason=reason)

    assert lead(Status.LIMITED, report(6, "conditions"), refused) == (
        "You can cross, with conditions. One traveller did so on 6 November."
    )
    assert lead(Status.LIMITED, refused) == (
        "You can cross, with conditions. One traveller was refused, but not because it was closed, on 28 November."
    )


def test_numbers_up_to_ten_are_words():
    assert [in_words(number) for number in (1, 10, 11, 1200)] == ["one", "ten", "11", "1,200"]


def test_days_of_one_or_two_months_and_of_another_year():
    assert days_in_words([date(2026, 10, 31)], TODAY) == "31 October"
    assert days_in_words([date(2026, 10, 31), date(2026, 11, 1)], TODAY) == "31 October and 1 November"
    assert days_in_words([date(2025, 12, 30), date(2025, 12, 31)], TODAY) == "30 and 31 December 2025"


def test_one_author_who_reported_twice_is_one_traveller():
    told = evidence.gather([report(3, author=5), report(20, author=5)], 90)

    assert told[0]["count"] == 1
    assert lead(Status.OPEN, report(3, author=5), report(20, author=5)) == (
        "You can cross. One traveller did so freely on 20 November."
    )


@pytest.mark.parametrize(
    ("half_life", "day", "month", "count"),
    [(90, 1, 9, 2), (90, 31, 8, 1), (30, 1, 10, 2), (30, 30, 9, 1)],
)
def test_reports_of_another_season_are_not_counted(half_life, day, month, count):
    """Of one half-life before the newest, and of sixty days at least."""
    told = evidence.gather([report(30), report(day, month=month)], half_life)

    assert told[0]["count"] == count
