"""What reports say of a crossing: the measured scenes, how long they speak, and what holds whatever the reports are."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossings.models.crossing import Status
from crossings.models.report import Direction, Mode, Outcome, Reason
from crossings.status import probability
from crossings.status.judgement import Verdict, judge_reports
from crossings.status.rules import Observation, Rules, Trust, newest_of_episodes, says, world_of

RULES = Rules()
TODAY = date(2026, 11, 22)
OPEN = world_of(Status.OPEN, RULES, in_conflict_zone=False)
UNKNOWN = world_of(Status.UNKNOWN, RULES, in_conflict_zone=False)
IN_CONFLICT = world_of(Status.OPEN, RULES, in_conflict_zone=True)
SHUT = Outcome.FOUND_CLOSED


def seen(days_ago=0, outcome=Outcome.CROSSED, *, author=1, trust=Trust.MEMBER, pk=None, **more):
    more = {"direction": "a-b", "mode": "bicycle"} | more
    return Observation(
        report_id=pk or author * 10_000 - days_ago, author_id=author, crossed_on=TODAY - timedelta(days=days_ago),
        outcome=outcome, trust=trust, **more,
    )  # fmt: skip


def stamp(*observations, today=TODAY, world=OPEN) -> Verdict:
    return judge_reports(observations, today, world, RULES).stamp


def in_days(days):
    return TODAY + timedelta(days=days)


# Six travellers got through in the last three months, the last of them twelve days ago.
PASSAGES = [seen(ago, author=author) for author, ago in enumerate([12, 15, 20, 33, 51, 80], 1)]


# --- The measured scenes ---


@pytest.mark.parametrize(
    ("closures", "chance", "status", "side"),
    [
        ([], 0.96, Status.OPEN, Status.OPEN),
        ([Trust.NEW], 0.91, Status.OPEN, Status.OPEN),
        ([Trust.MEMBER], 0.76, Status.DISPUTED, ""),
        ([Trust.TRUSTED], 0.49, Status.DISPUTED, ""),
        ([Trust.MEMBER, Trust.MEMBER], 0.30, Status.DISPUTED, Status.CLOSED),
        ([Trust.NEW, Trust.TRUSTED, Trust.TRUSTED], 0.03, Status.CLOSED, Status.CLOSED),
        ([Trust.NEW] * 8, 0.76, Status.DISPUTED, ""),
    ],
    ids=["nobody", "a newcomer", "a member", "a trusted one", "two members", "newcomer, trusted, expert", "puppets"],
)
def test_who_found_it_closed_yesterday_after_six_passages(closures, chance, status, side):
    found = [seen(1, SHUT, author=100 + number, trust=trust) for number, trust in enumerate(closures)]

    verdict = stamp(*PASSAGES, *found)

    assert verdict.probability == pytest.approx(chance, abs=0.035)
    assert (verdict.status, verdict.side) == (status, side)


def test_one_member_passed_sixty_days_ago_and_a_hundred_and_twenty():
    assert stamp(seen(60)).probability == pytest.approx(0.82, abs=0.01)
    assert stamp(seen(60)).status == Status.OPEN
    assert stamp(seen(120)).status == ""


def test_the_first_report_by_one_newcomer_turns_nothing():
    assert stamp(seen(3, trust=Trust.NEW), world=UNKNOWN).status == ""
    assert stamp(seen(3, SHUT, trust=Trust.NEW), world=OPEN).status == ""


def test_nothing_is_said_without_reports():
    assert stamp().status == ""
    assert stamp(world=UNKNOWN).probability == 0.5


def test_what_newcomers_say_of_other_ways_is_not_what_a_way_expects():
    own = [seen(3, author=1), seen(2, SHUT, author=2)]
    others = [seen(1, SHUT, author=10 + number, trust=Trust.NEW, mode="car") for number in range(8)]
    trusted = [replace(one, trust=Trust.MEMBER) for one in others]

    alone, beside, outvoted = (
        judge_reports([*own, *more], TODAY, OPEN, RULES).cells["a-b", "bicycle"].probability
        for more in ([], others, trusted)
    )

    assert beside == alone
    assert outvoted < alone


# --- How long reports speak ---


@pytest.mark.parametrize(
    ("world", "trust", "days"), [(OPEN, Trust.MEMBER, 85), (OPEN, Trust.TRUSTED, 93), (IN_CONFLICT, Trust.MEMBER, 25)]
)
def test_a_report_speaks_for_as_long_as_it_moves_the_probability(world, trust, days):
    report = seen(trust=trust)

    assert stamp(report, world=world).until == in_days(days)
    assert stamp(report, today=in_days(days), world=world).status == Status.OPEN
    assert stamp(report, today=in_days(days + 1), world=world).status == ""


def test_the_probability_returns_to_the_prior():
    chances = [probability.drift(0.95, 0.75, days, 60) for days in (0, 60, 600)]

    assert chances == pytest.approx([0.95, 0.8236, 0.75], abs=0.0001)


@pytest.mark.parametrize(
    ("before", "evidence", "after"),
    [
        (0.5, 0, 0.5), (0.5, 1, 0.731), (0.5, -1, 0.269), (0.9, 1, 0.961), (0.5, 7, 0.998), (0.5, -7, 0.002),
        (0.998, 1_000, 0.998), (0.002, -1_000, 0.002),
    ],
)  # fmt: skip
def test_evidence_multiplies_the_odds_and_nobody_is_ever_quite_sure(before, evidence, after):
    assert probability.see(before, evidence) == pytest.approx(after, abs=0.0005)


@pytest.mark.parametrize(("distance", "days"), [(0.0999, -1), (0.1, 0), (0.1018, 1), (0.2, 41), (0.27183, 60)])
def test_a_side_is_past_its_bar_for_whole_days(distance, days):
    assert probability.days_past(distance, 0.1, mean_days=60) == days


def test_of_what_counts_together_the_newest_takes_its_share_first():
    days = [TODAY - timedelta(days=ago) for ago in (0, 5, 13, 14, 15, 28)]

    given = probability.shares(reversed(days), 2.0, 5.0, timedelta(days=14))

    assert given == [(days[0], 2.0), (days[1], 2.0), (days[2], 1.0), (days[4], 2.0), (days[5], 2.0)]


def test_a_day_that_is_still_ahead_counts_like_today():
    assert stamp(seen(-1)).probability == stamp(seen(0)).probability


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


def test_open_and_restricted_are_told_apart_by_the_reports_that_got_through():
    assert stamp(seen(5, author=1), seen(5, author=2), seen(5, Outcome.CONDITIONS, author=3)).status == Status.OPEN
    assert stamp(seen(5, author=1), seen(5, Outcome.CONDITIONS, author=2)).status == Status.LIMITED


@pytest.mark.parametrize(("days", "count", "status"), [(10, 3, Status.LIMITED), (75, 1, Status.OPEN)])
def test_older_ones_weigh_less_but_not_nothing(days, count, status):
    older = [seen(days, Outcome.CONDITIONS, author=author) for author in range(2, 2 + count)]

    assert stamp(seen(0), *older).status == status


def test_newcomers_do_not_turn_open_into_restricted():
    crowd = [seen(0, Outcome.CONDITIONS, author=author, trust=Trust.NEW) for author in range(2, 40)]

    assert stamp(seen(1), *crowd).status == Status.OPEN


def test_the_newest_report_that_agrees_dates_the_stamp():
    verdict = stamp(seen(12, author=1), seen(40, author=2), seen(200, author=3), seen(3, author=4))

    assert verdict.confirmed_on == TODAY - timedelta(days=3)
    assert verdict.confirmed_count == 3  # the one of 200 days ago is of another season


@pytest.mark.parametrize(
    "why", [{"is_hearsay": True}, {"is_trade": True}, {"was_announced": True}, {"was_by_calendar": True}]
)
def test_what_is_no_evidence_changes_nothing(why):
    crowd = [seen(0, SHUT, author=author, **why) for author in range(2, 40)]

    assert stamp(seen(50), *crowd) == stamp(seen(50))


@pytest.mark.parametrize(("world", "half_life"), [(OPEN, 90), (IN_CONFLICT, 30)], ids=["in peace", "in conflict"])
def test_a_report_of_just_one_half_life_before_the_newest_still_confirms(world, half_life):
    newest = seen(2)

    assert stamp(newest, seen(2 + half_life, author=2), world=world).confirmed_count == 2
    assert stamp(newest, seen(2 + half_life + 1, author=2), world=world).confirmed_count == 1
    assert stamp(newest, seen(2, author=2), seen(3, author=2), world=world).confirmed_count == 2


# --- One author is one voice ---


def test_of_one_author_only_the_newest_word_of_an_episode_counts():
    assert stamp(seen(20), seen(2, SHUT, mode="car")) == stamp(seen(2, SHUT))
    assert stamp(seen(60), seen(2)).probability > stamp(seen(2)).probability


def test_an_episode_goes_on_while_its_author_reports_again_within_thirty_days():
    found = [seen(ago) for ago in (0, 30, 60, 91)]

    assert newest_of_episodes(found, RULES.episode) == [found[0], found[3]]


def test_one_author_in_many_cells_weighs_in_the_pool_as_one():
    everywhere = [
        seen(1, SHUT, author=9, trust=Trust.TRUSTED, mode=mode, direction=direction, pk=100 + number)
        for number, (mode, direction) in enumerate((mode, direction) for mode in Mode for direction in Direction)
    ]

    once = stamp(*PASSAGES, seen(1, SHUT, author=9, trust=Trust.TRUSTED))

    assert stamp(*PASSAGES, *everywhere) == once


def test_newcomers_of_a_fortnight_weigh_together_as_one_member():
    crowd = [seen(ago, SHUT, author=100 + ago, trust=Trust.NEW) for ago in range(12)]

    assert stamp(*PASSAGES, *crowd).probability >= stamp(*PASSAGES, seen(0, SHUT, author=99)).probability


# --- Disputes ---


def test_newer_reports_settle_a_dispute():
    closed = seen(10, SHUT, author=10)
    after = [seen(ago, author=20 + ago) for ago in (9, 6, 3)]

    assert stamp(*PASSAGES, closed).status == Status.DISPUTED
    assert stamp(*PASSAGES, closed, *after).status == Status.OPEN


def test_a_credible_report_against_many_is_a_dispute_and_not_a_turn():
    crowd = [seen(author, author=author) for author in range(2, 30)]

    verdict = stamp(*crowd, seen(0, SHUT, author=99))

    assert (verdict.status, verdict.side) == (Status.DISPUTED, Status.OPEN)


@pytest.mark.parametrize(("days", "status"), [(30, Status.DISPUTED), (31, Status.CLOSED)])
def test_passages_of_more_than_thirty_days_before_dispute_nothing_however_many_they_were(days, status):
    passages = [seen(days, author=number, trust=Trust.TRUSTED) for number in range(10, 16)]
    closures = [seen(0, SHUT, author=number) for number in (1, 2)]

    assert stamp(*passages, *closures).status == status


def test_both_sides_without_a_winner_are_disputed_for_thirty_days_and_then_not_known():
    found = [seen(10, author=1), seen(5, SHUT, author=2)]

    assert stamp(*found, world=UNKNOWN).disputed_until == in_days(20)
    assert stamp(*found, world=UNKNOWN, today=in_days(20)).status == Status.DISPUTED
    assert stamp(*found, world=UNKNOWN, today=in_days(21)).status == ""


# --- Cells ---


@pytest.mark.parametrize(
    ("until", "disputed_until", "words"),
    [
        (2, None, [Status.OPEN, Status.OPEN, "", ""]),
        (None, 2, [Status.DISPUTED, Status.DISPUTED, "", ""]),
        (1, 3, [Status.OPEN, Status.DISPUTED, Status.DISPUTED, ""]),
        (3, 1, [Status.OPEN, Status.OPEN, Status.OPEN, ""]),
        (None, None, ["", "", "", ""]),
    ],
)
def test_a_verdict_holds_on_its_last_day_and_not_on_the_next(until, disputed_until, words):
    verdict = Verdict(
        Status.OPEN,
        Status.OPEN,
        0.9,
        until=until and in_days(until),
        disputed_until=disputed_until and in_days(disputed_until),
    )

    assert [verdict.on(in_days(day)) for day in (1, 2, 3, 4)] == words


def test_a_cell_has_its_own_word_and_the_pool_pools_them_all():
    judgement = judge_reports(
        [
            *PASSAGES,
            seen(1, Outcome.REFUSED_AT_EXIT, author=20, reason=Reason.TRANSPORT, direction="b-a"),
            seen(300, author=30, direction="b-a", mode="car"),
        ],
        TODAY, OPEN, RULES,
    )  # fmt: skip

    assert {cell: verdict.status for cell, verdict in judgement.cells.items()} == {
        ("a-b", "bicycle"): Status.OPEN,
        ("b-a", "bicycle"): Status.CLOSED,
        ("b-a", "car"): "",
    }
    assert judgement.stamp.side in {Status.OPEN, Status.LIMITED}


@pytest.mark.parametrize(
    ("days", "status", "side", "until"),
    [
        (0, Status.OPEN, Status.OPEN, in_days(90)), (90, Status.OPEN, Status.OPEN, in_days(90)), (91, "", "", None),
        (20, Status.OPEN, Status.OPEN, in_days(90)),
    ],
)  # fmt: skip
def test_a_cell_speaks_for_one_half_life_at_most_and_no_longer_than_its_reports(days, status, side, until):
    found = [seen(author=author, trust=Trust.TRUSTED) for author in range(1, 10)]

    cell = judge_reports(found, in_days(days), OPEN, RULES).cells["a-b", "bicycle"]

    assert (cell.status, cell.side, cell.until) == (status, side, until)
    assert judge_reports([seen()], TODAY, OPEN, RULES).cells["a-b", "bicycle"].until == in_days(85)


# --- What holds whatever the reports are ---

WORLDS = st.builds(
    world_of, st.sampled_from(["open", "limited", "bilateral", "closed", "unknown"]), st.just(RULES),
    in_conflict_zone=st.booleans(),
)  # fmt: skip


def observations(trusts=tuple(Trust), authors=(1, 6), most=12):
    return st.lists(
        st.builds(
            Observation,
            report_id=st.integers(1, 10_000),
            author_id=st.integers(*authors),
            crossed_on=st.dates(date(2026, 6, 1), TODAY),
            direction=st.sampled_from(Direction.values),
            mode=st.sampled_from(Mode.values[:3]),
            outcome=st.sampled_from(Outcome.values),
            reason=st.sampled_from(["", *Reason.values]),
            trust=st.sampled_from(trusts),
            is_hearsay=st.booleans(),
            is_trade=st.booleans(),
        ),
        max_size=most,
        unique_by=lambda observation: observation.report_id,
    )


CREDIBLE = (Trust.MEMBER, Trust.TRUSTED)
SURENESS = {"": 0, Status.DISPUTED: 1}


@given(observations(), WORLDS, st.integers(0, 300), st.integers(0, 300))
def test_without_news_nothing_gets_surer(found, world, first, later):
    before, then = (stamp(*found, today=in_days(days), world=world) for days in (first, first + later))

    assert abs(then.probability - world.prior) <= abs(before.probability - world.prior) + 1e-12
    assert then.status == before.status or SURENESS.get(then.status, 2) < SURENESS.get(before.status, 2)


@given(observations(), WORLDS, st.integers(0, 300))
def test_what_is_stored_tells_every_later_day(found, world, days):
    today = stamp(*found, world=world)

    assert today.on(in_days(days)) == stamp(*found, today=in_days(days), world=world).status


@given(observations(), WORLDS, st.randoms())
def test_the_order_of_reports_does_not_matter(found, world, dice):
    shuffled = list(found)
    dice.shuffle(shuffled)

    assert judge_reports(shuffled, TODAY, world, RULES) == judge_reports(found, TODAY, world, RULES)


@given(observations(), WORLDS, st.sampled_from(Trust), st.booleans(), st.integers(0, 170))
def test_one_agreeing_report_more_never_lowers_a_side(found, world, trust, passes, days_ago):
    more = seen(days_ago, Outcome.CROSSED if passes else SHUT, author=99, trust=trust, pk=99_999)

    before, after = stamp(*found, world=world), stamp(*found, more, world=world)

    rise = after.probability - before.probability
    assert (rise if passes else -rise) >= -1e-12
    agreeing = {Status.OPEN, Status.LIMITED} if passes else {Status.CLOSED}
    assert before.side not in agreeing or after.side in agreeing


@given(
    observations(trusts=CREDIBLE, authors=(1, 5), most=6), observations(trusts=(Trust.NEW,), authors=(6, 60), most=40),
    WORLDS, st.integers(0, 200),
)  # fmt: skip
def test_no_accounts_below_member_trust_ever_make_a_side_speak(credible, newcomers, world, days):
    with_them = judge_reports([*credible, *newcomers], in_days(days), world, RULES)
    without = judge_reports(credible, in_days(days), world, RULES)

    assert with_them.stamp.side in {"", without.stamp.side}
    assert all(verdict.side in {"", _side(without, cell)} for cell, verdict in with_them.cells.items())


@given(observations(authors=(1, 3)), WORLDS, st.sampled_from(Direction.values), st.sampled_from(Mode.values))
def test_in_which_cells_an_author_reports_does_not_matter_to_the_pool(found, world, direction, mode):
    elsewhere = [replace(one, direction=direction, mode=mode) for one in found]

    assert stamp(*elsewhere, world=world) == stamp(*found, world=world)


def _side(judgement, cell):
    return judgement.cells[cell].side if cell in judgement.cells else ""


# --- What accounts below member trust cannot do ---


def test_a_newcomer_who_agrees_brings_no_old_dispute_back():
    unknown = world_of(Status.UNKNOWN, RULES, in_conflict_zone=False)
    settled = [
        seen(42, SHUT, author=1), seen(32, author=2, trust=Trust.TRUSTED), seen(32, author=3, trust=Trust.TRUSTED),
    ]  # fmt: skip

    before, after = stamp(*settled, world=unknown), stamp(*settled, seen(author=9, trust=Trust.NEW), world=unknown)

    assert (before.status, after.status) == (Status.OPEN, Status.OPEN)


def test_newcomers_alone_dispute_nothing_nor_does_one_author():
    both = [seen(1, SHUT, author=8, trust=Trust.NEW), seen(2, author=9, trust=Trust.NEW)]
    alone = [seen(-1, SHUT, author=7), seen(30, author=7)]

    assert stamp(*both).disputed_until is None
    assert stamp(*alone).disputed_until is None
    assert stamp(*both, seen(3, author=6)).disputed_until is not None


def test_a_newcomer_makes_no_silent_cell_speak_again():
    by_car = [seen(35, SHUT, author=1, trust=Trust.TRUSTED, mode="car")]
    newcomer = seen(0, SHUT, author=9, trust=Trust.NEW, mode="car")
    cell = ("a-b", "car")

    before, after = (
        judge_reports(found, TODAY, IN_CONFLICT, RULES).cells[cell] for found in (by_car, [*by_car, newcomer])
    )

    assert (before.until, after.until) == (None, None)
