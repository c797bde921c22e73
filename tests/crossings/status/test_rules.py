"""What reports say of a crossing, and for how long: the numbers, and what must hold whatever the reports are."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossings.models.crossing import Status
from crossings.models.report import Direction, Mode, Outcome, Reason
from crossings.status.rules import NOTHING, Observation, Rules, judge_reports, says, weight_of

RULES = Rules()
TODAY = date(2026, 11, 22)
NEW, MEMBER, TRUSTED = RULES.new, RULES.member, RULES.trusted


def seen(days_ago=0, outcome=Outcome.CROSSED, *, author=1, trust=MEMBER, pk=None, **more):
    more = {"direction": "a-b", "mode": "bicycle"} | more
    return Observation(
        report_id=pk or author * 1000 - days_ago, author_id=author, crossed_on=TODAY - timedelta(days=days_ago),
        outcome=outcome, trust=trust, **more,
    )  # fmt: skip


def stamp(*observations, today=TODAY, half_life=90):
    return judge_reports(observations, today, half_life, RULES).stamp


# --- How long reports speak ---


@pytest.mark.parametrize(
    ("trust", "days"),
    [(NEW, 0), (MEMBER, 90), (TRUSTED, 180)],
)
def test_a_report_speaks_for_as_long_as_its_author_is_trusted(trust, days):
    report = seen(trust=trust)

    assert stamp(report).until == TODAY + timedelta(days=days)
    assert stamp(report, today=TODAY + timedelta(days=days)).status == Status.OPEN
    assert stamp(report, today=TODAY + timedelta(days=days + 1)) == NOTHING


def test_in_a_conflict_zone_a_report_speaks_for_a_month():
    assert stamp(seen(), half_life=30).until == TODAY + timedelta(days=30)


def test_two_members_speak_one_half_life_longer_than_one():
    assert stamp(seen(author=1), seen(author=2)).until == TODAY + timedelta(days=180)


def test_however_many_there_were_the_newest_must_be_young():
    crowd = [seen(author=author, trust=TRUSTED) for author in range(1, 200)]

    assert stamp(*crowd).until == TODAY + timedelta(days=360)
    assert stamp(*crowd, today=TODAY + timedelta(days=361)) == NOTHING


def test_nothing_is_said_without_reports():
    assert stamp() == NOTHING
    assert NOTHING.confidence == 0


def test_the_weight_halves_with_each_half_life():
    report = seen(trust=TRUSTED)

    weights = [weight_of(report, TODAY + timedelta(days=days), 90) for days in (0, 90, 180)]

    assert weights == [2.0, 1.0, 0.5]


def test_a_day_that_is_still_ahead_weighs_no_more_than_today():
    assert weight_of(seen(days_ago=-1), TODAY, 90) == 1.0


# --- What reports say ---


@pytest.mark.parametrize(
    ("outcome", "reason", "in_cell", "in_pool"),
    [
        (Outcome.CROSSED, "", Status.OPEN, Status.OPEN),
        (Outcome.CONDITIONS, "", Status.LIMITED, Status.LIMITED),
        (Outcome.REFUSED_AT_EXIT, Reason.PAPERS, Status.LIMITED, Status.LIMITED),
        (Outcome.REFUSED_AT_ENTRY, Reason.PASSPORT, Status.LIMITED, Status.LIMITED),
        (Outcome.FOUND_CLOSED, Reason.HOURS, Status.LIMITED, Status.LIMITED),
        (Outcome.REFUSED_AT_EXIT, Reason.TRANSPORT, Status.CLOSED, Status.LIMITED),
        (Outcome.FOUND_CLOSED, Reason.SHUT, Status.CLOSED, Status.CLOSED),
        (Outcome.TURNED_BACK, Reason.ROAD, Status.CLOSED, Status.CLOSED),
        (Outcome.TURNED_BACK, "", Status.CLOSED, Status.CLOSED),
    ],
)
def test_each_outcome_speaks_for_a_status(outcome, reason, in_cell, in_pool):
    assert says(outcome, reason) == in_cell
    assert says(outcome, reason, is_pool=True) == in_pool


def test_the_heavier_side_speaks():
    verdict = stamp(seen(0, author=1), seen(0, author=2), seen(0, Outcome.FOUND_CLOSED, author=3))

    assert (verdict.status, verdict.confirmed_count, verdict.contradicted) == (Status.OPEN, 2, True)


def test_of_two_that_weigh_the_same_the_cautious_one_speaks():
    assert stamp(seen(5, author=1), seen(5, Outcome.FOUND_CLOSED, author=2)).status == Status.CLOSED
    assert stamp(seen(5, author=1), seen(5, Outcome.CONDITIONS, author=2)).status == Status.LIMITED


def test_crossing_freely_and_with_conditions_are_on_the_same_side():
    verdict = stamp(
        seen(0, author=1), seen(0, Outcome.CONDITIONS, author=2), seen(0, Outcome.FOUND_CLOSED, author=3, trust=1.5)
    )

    assert verdict.status == Status.LIMITED


def test_a_single_voice_against_many_is_no_contradiction():
    verdict = stamp(*[seen(author=author) for author in range(2, 7)], seen(0, Outcome.FOUND_CLOSED, author=1))

    assert not verdict.contradicted


def test_the_newest_report_that_agrees_dates_the_stamp():
    verdict = stamp(seen(12, author=1), seen(40, author=2), seen(200, author=3), seen(3, Outcome.CONDITIONS, author=4))

    assert verdict.confirmed_on == TODAY - timedelta(days=3)
    assert verdict.confirmed_count == 3  # the one of 200 days ago is of another season


def test_hearsay_and_business_accounts_never_flip_a_status():
    verdict = stamp(
        seen(50),
        *[seen(0, Outcome.FOUND_CLOSED, author=author, is_hearsay=True) for author in range(2, 20)],
        *[seen(0, Outcome.FOUND_CLOSED, author=author, is_trade=True) for author in range(20, 40)],
    )

    assert verdict == stamp(seen(50))


def test_nobody_outweighs_others_by_reporting_often():
    verdict = stamp(
        seen(1), *[seen(0, Outcome.FOUND_CLOSED, author=2, pk=pk) for pk in range(1, 30)], seen(1, author=3)
    )

    assert verdict.status == Status.OPEN


def test_of_one_author_only_the_newest_word_counts():
    assert stamp(seen(20), seen(2, Outcome.FOUND_CLOSED)).status == Status.CLOSED


def test_directions_and_ways_of_travelling_are_judged_apart_and_pooled_for_the_stamp():
    judgement = judge_reports(
        [
            seen(1, author=1, mode="car"),
            seen(1, Outcome.REFUSED_AT_EXIT, author=2, reason=Reason.TRANSPORT),
            seen(300, author=3, direction="b-a"),
        ],
        TODAY,
        90,
        RULES,
    )

    assert {cell: verdict.status for cell, verdict in judgement.cells.items()} == {
        ("a-b", "bicycle"): Status.CLOSED,
        ("a-b", "car"): Status.OPEN,
        ("b-a", "bicycle"): "",
    }
    assert judgement.stamp.status == Status.OPEN


# --- What holds whatever the reports are ---

reports = st.lists(
    st.builds(
        Observation,
        report_id=st.integers(1, 10_000),
        author_id=st.integers(1, 6),
        crossed_on=st.dates(date(2024, 1, 1), TODAY),
        direction=st.sampled_from(Direction.values),
        mode=st.sampled_from(Mode.values[:3]),
        outcome=st.sampled_from(Outcome.values),
        reason=st.sampled_from(["", *Reason.values]),
        trust=st.sampled_from([NEW, MEMBER, TRUSTED]),
        is_hearsay=st.booleans(),
        is_trade=st.booleans(),
    ),
    max_size=12,
    unique_by=lambda observation: observation.report_id,
)


@given(reports, st.integers(0, 500), st.integers(0, 500))
def test_without_news_confidence_never_rises(found, first, later):
    earlier, after = (TODAY + timedelta(days=days) for days in (first, first + later))

    before, then = stamp(*found, today=earlier), stamp(*found, today=after)

    assert then.confidence <= before.confidence + 1e-12
    assert then.status in {before.status, ""}


@given(reports, st.integers(0, 500))
def test_reports_speak_exactly_until_the_day_that_is_named(found, days):
    day = TODAY + timedelta(days=days)
    verdict = stamp(*found)

    assert bool(stamp(*found, today=day).status) == (verdict.until is not None and day <= verdict.until)


@given(reports, st.randoms())
def test_the_order_of_reports_does_not_matter(found, dice):
    shuffled = list(found)
    dice.shuffle(shuffled)

    assert judge_reports(shuffled, TODAY, 90, RULES) == judge_reports(found, TODAY, 90, RULES)


@given(reports, st.sampled_from([NEW, MEMBER, TRUSTED]), st.integers(0, 400))
def test_one_report_more_of_the_same_never_lowers_confidence(found, trust, days_ago):
    before = judge_reports(found, TODAY, 90, RULES)
    agreeing = {Status.OPEN: Outcome.CROSSED, Status.LIMITED: Outcome.CONDITIONS, Status.CLOSED: Outcome.FOUND_CLOSED}
    for cell, verdict in [(("a-b", "bicycle"), before.stamp), *before.cells.items()]:
        if not verdict.status:
            continue
        more = seen(
            days_ago, agreeing[verdict.status], author=99, trust=trust, pk=99_999, direction=cell[0], mode=cell[1]
        )
        after = judge_reports([*found, more], TODAY, 90, RULES)
        then = after.stamp if verdict is before.stamp else after.cells[cell]
        assert then.confidence >= verdict.confidence - 1e-12
        assert then.status == verdict.status
