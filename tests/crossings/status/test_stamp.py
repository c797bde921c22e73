"""What a status says of itself: what it rests on, and what it was where nobody knows any more."""

from datetime import date
from types import SimpleNamespace

import pytest

from crossings.models import Status, StatusSource
from crossings.status.evidence import PASSES, SHUT, Told
from crossings.status.stamp import stamp_of

TODAY = date(2026, 11, 30)


def stamp(status, source, *, count=1):
    crossing = SimpleNamespace(
        shown_status=status, shown_source=source, editors_status=Status.LIMITED, as_of=date(2024, 6, 9),
        confirmed_on=date(2026, 11, 10), confirmed_count=count,
    )  # fmt: skip
    return stamp_of(crossing, TODAY)


@pytest.mark.parametrize(
    ("status", "source", "count", "evidence"),
    [
        (Status.OPEN, StatusSource.REPORTS, 2, "confirmed 10 November 2026"),
        (Status.CLOSED, StatusSource.REPORTS, 1, "confirmed 10 November 2026"),
        (Status.OPEN, StatusSource.REPORTS, 0, "newest report 10 November 2026"),
        (Status.DISPUTED, StatusSource.REPORTS, 2, "newest report 10 November 2026"),
        (Status.CLOSED, StatusSource.NOTICE, 2, "by an official notice"),
        (Status.OPEN, StatusSource.EDITORS, 2, "as of June 2024, no recent report"),
        (Status.STALE, StatusSource.EDITORS, 2, f"{Status.LIMITED.label} in June 2024"),
    ],
)
def test_it_says_what_it_rests_on(status, source, count, evidence):
    assert stamp(status, source, count=count).evidence == evidence


def test_only_what_nobody_knows_any_more_says_what_it_was_and_is_hollow():
    stale, known = stamp(Status.STALE, StatusSource.EDITORS), stamp(Status.OPEN, StatusSource.EDITORS)

    assert (stale.stale_status, stale.was, stale.mark) == (Status.LIMITED, Status.LIMITED.label, "stale-limited")
    assert (known.stale_status, known.was, known.mark) == ("", "", "open")
    assert stale.with_evidence == f"{Status.STALE.label}. {Status.LIMITED.label} in June 2024"
    assert (stale.is_old, known.is_old) == (True, False)


def test_reports_date_it_only_where_they_speak():
    by_editors, by_reports = stamp(Status.OPEN, StatusSource.EDITORS), stamp(Status.OPEN, StatusSource.REPORTS)

    assert (by_editors.confirmed_on, by_editors.confirmed_count) == (None, 0)
    assert (by_reports.confirmed_on, by_reports.confirmed_count) == (date(2026, 11, 10), 1)
    assert by_reports.with_evidence == "Open, confirmed 10 November 2026"


@pytest.mark.parametrize(
    ("days", "more", "words"),
    [
        ([(11, 26), (11, 27)], {"count": 2}, "26, 27 Nov"),
        ([(11, 26), (11, 27)], {"count": 3}, "27 Nov"),
        ([(10, 31), (11, 27)], {"count": 2}, "27 Nov"),
        ([(11, 25), (11, 26), (11, 27)], {"count": 2}, "27 Nov"),
        ([(11, 26), (11, 27)], {"count": 2, "precision": "month"}, "Nov 2026"),
        ([(11, 23), (11, 27)], {"count": 2, "first_precision": "week"}, "27 Nov"),
        ([(11, 27)], {"count": 1}, "27 Nov"),
        ([(11, 27)], {"count": 1, "precision": "week"}, "Nov 2026"),
    ],
)
def test_in_short_two_days_are_said_of_two_travellers_in_one_month(days, more, words):
    told = Told(PASSES, days=tuple(date(2026, month, day) for month, day in days), **more)

    assert told.days_in_short == words


@pytest.mark.parametrize(
    ("side", "only_refused", "words"),
    [(SHUT, False, "Closed"), (SHUT, True, "Closed"), (PASSES, True, "Refused"), (PASSES, False, "Through")],
)
def test_in_short_a_side_is_one_word(side, only_refused, words):
    assert Told(side, 1, (TODAY,), only_refused=only_refused).in_short == words
