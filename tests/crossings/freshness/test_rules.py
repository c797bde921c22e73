"""How long an answer may be trusted: tables of cases, and what holds for all of them. Pure."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossings.freshness.rules import AnswerFacts, Known, Newest, State, half_life_of, judge_answer
from forum.models.reaction import OUTDATED_NEEDED

TODAY = date(2026, 11, 25)


def ago(days):
    return TODAY - timedelta(days=days)


def state(answer, *crossings, half_life=90):
    return judge_answer(answer, half_life, crossings, TODAY).state


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, State.FRESH), (71, State.FRESH), (72, State.AGEING), (90, State.AGEING), (91, State.AGED), (4000, State.AGED)],
)
def test_an_answer_ages_by_its_half_life(days, expected):
    assert state(AnswerFacts(written_on=ago(days))) == expected


@pytest.mark.parametrize("name", ["edited_on", "still_true_on", "confirmed_on"])
def test_whoever_looks_after_it_gives_it_another_half_life(name):
    assert state(AnswerFacts(written_on=ago(400), **{name: ago(10)})) == State.FRESH
    assert state(AnswerFacts(written_on=ago(400), **{name: ago(100)})) == State.AGED


@pytest.mark.parametrize(
    ("subject", "crossings", "days"),
    [
        (None, [], 730), (None, [90], 90), (None, [90, 30], 30), (0, [90], 90), (0, [], 730), (365, [30], 365),
        (730, [], 730),
    ],
)  # fmt: skip
def test_the_half_life_is_that_of_the_subject_or_of_the_shortest_status(subject, crossings, days):
    assert half_life_of(subject, crossings) == days


@pytest.mark.parametrize(
    ("count", "outdated", "confirmed", "expected"),
    [
        (2, 1, None, State.FRESH),
        (3, 1, None, State.OUTDATED),
        (3, 5, 4, State.FRESH),
        (3, 4, 4, State.FRESH),
        (4, 1, 4, State.OUTDATED),
    ],
)
def test_three_members_call_it_outdated_until_an_expert_says_otherwise(count, outdated, confirmed, expected):
    answer = AnswerFacts(
        ago(20), outdated_count=count, outdated_on=ago(outdated), confirmed_on=confirmed and ago(confirmed)
    )

    assert state(answer) == expected


def test_a_still_true_of_one_member_does_not_outweigh_three_who_call_it_outdated():
    answer = AnswerFacts(ago(20), still_true_on=TODAY, outdated_count=OUTDATED_NEEDED, outdated_on=ago(3))

    assert state(answer) == State.OUTDATED


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ("open", "closed", State.CONTRADICTED),
        ("limited", "closed", State.CONTRADICTED),
        ("closed", "open", State.CONTRADICTED),
        ("closed", "limited", State.CONTRADICTED),
        ("bilateral", "open", State.CONTRADICTED),
        ("bilateral", "closed", State.FRESH),
        ("open", "limited", State.FRESH),
        ("open", "open", State.FRESH),
        ("unknown", "closed", State.FRESH),
        ("", "closed", State.FRESH),
    ],
)
def test_a_newer_report_contradicts_when_it_stands_on_the_other_side(before, now, expected):
    crossing = Known(1, status=now, changes=[(ago(5), before)], newest=Newest(9, ago(5), now))

    assert state(AnswerFacts(ago(20)), crossing) == expected


@pytest.mark.parametrize(("days", "expected"), [(21, State.FRESH), (20, State.FRESH), (19, State.CONTRADICTED)])
def test_only_a_report_of_a_later_day_contradicts(days, expected):
    crossing = Known(1, status="closed", changes=[(ago(5), "open")], newest=Newest(9, ago(days), "closed"))

    assert state(AnswerFacts(ago(20)), crossing) == expected


@pytest.mark.parametrize(("is_contested", "expected"), [(False, State.FRESH), (True, State.CONTRADICTED)])
def test_a_report_alone_against_the_status_contradicts_when_it_is_shown_beside_it(is_contested, expected):
    crossing = Known(1, status="open", newest=Newest(9, ago(5), "closed"), is_contested=is_contested)

    assert state(AnswerFacts(ago(20)), crossing) == expected


def test_what_counts_is_the_status_on_the_day_the_answer_speaks_for():
    """Closed, then open, then closed again: whoever wrote in between is contradicted, whoever wrote before is not."""
    changes = [(ago(100), "closed"), (ago(10), "open")]
    crossing = Known(1, status="closed", changes=changes, newest=Newest(9, ago(10), "closed"))

    assert state(AnswerFacts(ago(50)), crossing) == State.CONTRADICTED
    assert state(AnswerFacts(ago(200)), crossing, half_life=365) == State.FRESH


def test_what_an_author_saw_speaks_before_the_status_of_that_day():
    crossing = Known(1, status="closed", changes=[(ago(15), "open")], newest=Newest(9, ago(10), "closed"))

    assert state(AnswerFacts(ago(20)), crossing) == State.CONTRADICTED
    assert state(AnswerFacts(ago(20), claims={1: "closed"}), crossing) == State.FRESH


def test_a_verdict_names_the_report_and_what_was_known_before():
    newest = Newest(9, ago(5), "closed")

    crossings = [Known(3, "open"), Known(4, "closed", changes=[(ago(4), "open")], newest=newest)]
    verdict = judge_answer(AnswerFacts(ago(20)), 90, crossings, TODAY)

    assert (verdict.crossing_id, verdict.newest, verdict.before) == (4, newest, "open")


days = st.sampled_from([0, 1, 20, 72, 90, 91, 400, 2000]).map(ago)
statuses = st.sampled_from(["open", "limited", "closed", "bilateral", "unknown"])
maybe = st.none() | days
answers = st.builds(
    AnswerFacts, written_on=days, edited_on=maybe, still_true_on=maybe, confirmed_on=maybe,
    outdated_count=st.integers(0, 5), outdated_on=maybe,
    expert_outdated_on=maybe,
)  # fmt: skip
crossings = st.builds(
    Known, crossing_id=st.integers(1, 3), status=statuses,
    changes=st.lists(st.tuples(days, statuses), max_size=2).map(sorted),
    newest=st.none() | st.builds(Newest, post_id=st.just(9), on=days, status=statuses), is_contested=st.booleans(),
)  # fmt: skip


@given(answers, st.lists(crossings, max_size=2), st.sampled_from([30, 90, 365, 730]))
def test_an_expert_who_confirms_it_today_ends_every_doubt(answer, known, half_life):
    confirmed = AnswerFacts(**{**vars(answer), "confirmed_on": TODAY})

    assert judge_answer(confirmed, half_life, known, TODAY).state == State.FRESH


@given(answers, st.lists(crossings, max_size=2), st.integers(1, 500))
def test_time_alone_never_makes_an_answer_younger(answer, known, later):
    order = [State.FRESH, State.AGEING, State.AGED]
    now, then = (judge_answer(answer, 90, known, day).state for day in (TODAY, TODAY + timedelta(days=later)))

    assert (now in order) == (then in order)
    assert now not in order or order.index(then) >= order.index(now)
