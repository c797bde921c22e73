"""Borders that travellers tell of, with the clocks that cost them a day."""

from datetime import date

import pytest

from crossings.clock import days, zones
from crossings.clock.days import State, side_day
from crossings.clock.passage import Needed, NextOpening, next_opening, steps
from crossings.clock.rules import Season, Way
from tests.crossings.clock.borders import (
    TODAY,
    WORKDAYS,
    border,
    on_clock,
    read_at,
    rule,
    shown,
    through,
)

BISHKEK, BEIJING, ALMATY = "Asia/Bishkek", "Asia/Shanghai", "Asia/Almaty"
JERUSALEM, AMMAN = "Asia/Jerusalem", "Asia/Amman"
SANTIAGO, MENDOZA, LA_PAZ, JUJUY = (
    "America/Santiago", "America/Argentina/Mendoza", "America/La_Paz", "America/Argentina/Jujuy",
)  # fmt: skip
TORUGART = border(
    rule("a", BEIJING, "10:00-17:00", "13:30-15:30", weekdays=WORKDAYS),
    rule("b", BISHKEK, "08:00-17:00", "12:00-13:00", weekdays=WORKDAYS),
)
THURSDAY = date(2026, 12, 3)


def test_torugart_by_two_clocks_two_breaks_and_the_road_between():
    found = through(TORUGART, date(2026, 12, 7), direction="b-a", needed=(40, 150, 60), spare=30)

    assert on_clock(found.both, BISHKEK) == ["08:00-11:30", "13:30-15:00"]
    assert on_clock(found.both, BEIJING) == ["10:00-13:30", "15:30-17:00"]
    assert on_clock(found.arrivals, BISHKEK) == ["08:00-10:20"]
    assert on_clock(found.arrivals, BEIJING) == ["10:00-12:20"]


def test_who_comes_at_the_last_moment_is_through_with_time_to_spare():
    found = through(TORUGART, THURSDAY, direction="b-a", needed=(40, 150, 60), spare=30)

    day = steps(found, TORUGART, found.by, TODAY)

    moments = [day.arrives, day.leaves, day.reaches, day.begins, day.through, day.shuts]
    assert [shown(moment, BISHKEK) for moment in moments] == ["10:20", "11:00", "13:30", "13:30", "14:30", "15:00"]


def test_who_comes_early_waits_for_the_end_of_the_break():
    found = through(TORUGART, THURSDAY, direction="b-a", needed=(40, 120, 60))

    day = steps(found, TORUGART, found.opens, TODAY)

    assert (shown(day.reaches, BISHKEK), shown(day.begins, BISHKEK), day.waits) == ("10:40", "13:30", 170)


def test_on_a_weekend_nothing_and_the_next_day_is_monday():
    saturday = date(2026, 12, 5)

    found = through(TORUGART, saturday, direction="b-a")

    assert (found.leaving.state, found.entering.state, found.arrivals) == (State.CLOSED, State.CLOSED, [])
    following = next_opening(TORUGART, found, 0, TODAY)
    assert (following.day, on_clock([(following.opens, following.opens)], BISHKEK)) == (
        date(2026, 12, 7),
        ["08:00-08:00"],
    )


def test_where_posts_never_meet_there_is_no_next_opening():
    apart = border(rule("a", BISHKEK, "08:00-09:00"), rule("b", BISHKEK, "15:00-16:00"))

    found = through(apart, THURSDAY, direction="b-a")

    assert next_opening(apart, found, 0, TODAY) == NextOpening(THURSDAY)


def test_irkeshtam_open_for_freight_day_and_night_says_nothing_of_travellers():
    irkeshtam = border(rule("a", BEIJING, "00:00-24:00", audience="freight"), zone_b=BISHKEK)

    found = through(irkeshtam, THURSDAY, direction="b-a")

    assert (found.leaving.state, found.entering.state) == (State.UNKNOWN, State.UNKNOWN)
    assert (found.is_known, found.by) == (False, None)


def test_khorgos_by_the_zone_that_kazakhstan_left():
    """Two hours between the posts until 29 February 2024, three since 1 March."""
    khorgos = border(rule("a", BEIJING, "10:30-19:00"), rule("b", ALMATY, "08:30-17:00"))

    before, after = (through(khorgos, day, direction="b-a") for day in (date(2024, 2, 29), date(2024, 3, 1)))

    assert on_clock(before.both, ALMATY) == ["08:30-17:00"]
    assert on_clock(after.both, ALMATY) == ["08:30-16:00"]
    assert on_clock(after.both, BEIJING) == ["11:30-19:00"]


@pytest.mark.parametrize(("day", "ahead"), [(date(2024, 2, 29), 120), (date(2024, 3, 1), 180), (date(2026, 7, 1), 180)])
def test_how_far_beijing_is_ahead_of_almaty(day, ahead):
    almaty, beijing = zones.zone_of(ALMATY), zones.zone_of(BEIJING)

    assert zones.ahead(almaty, beijing, zones.instant(day, 720, almaty)) == ahead


def test_a_weekend_of_friday_and_saturday_between_jordan_and_israel():
    bridge = border(
        rule("a", JERUSALEM, "08:00-20:00", weekdays=frozenset({7, 1, 2, 3, 4})),
        rule("a", JERUSALEM, "08:00-14:00", weekdays=frozenset({5})),
        rule("b", AMMAN, "08:00-20:00", weekdays=frozenset({7, 1, 2, 3, 4})),
    )
    thursday, friday, saturday, sunday = (through(bridge, date(2026, 12, day)) for day in (3, 4, 5, 6))

    assert [bool(day.arrivals) for day in (thursday, friday, saturday, sunday)] == [True, False, False, True]
    assert friday.leaving.state == State.OPEN
    assert friday.entering.state == State.CLOSED


def test_jordan_stays_on_summer_time_and_israel_does_not():
    """Since October 2022 Jordan is at UTC+3 all year: an hour ahead in winter, level in summer."""
    bridge = border(rule("a", JERUSALEM, "08:00-20:00"), rule("b", AMMAN, "08:00-20:00"))

    winter, summer = (through(bridge, day) for day in (date(2026, 12, 3), date(2026, 7, 2)))

    assert on_clock(winter.both, JERUSALEM) == ["08:00-19:00"]
    assert on_clock(winter.both, AMMAN) == ["09:00-20:00"]
    assert on_clock(summer.both, JERUSALEM) == ["08:00-20:00"]


@pytest.mark.parametrize(
    ("day", "mendoza", "santiago"),
    [
        (date(2026, 12, 3), ["09:00-17:00"], ["09:00-17:00"]),
        (date(2026, 7, 2), ["10:00-17:00"], ["09:00-16:00"]),
        (date(2026, 4, 4), ["09:00-17:00"], ["09:00-17:00"]),  # the last day of Chile's summer time
        (date(2026, 4, 5), ["10:00-17:00"], ["09:00-16:00"]),
    ],
)
def test_chile_is_an_hour_behind_argentina_in_winter(day, mendoza, santiago):
    pass_ = border(rule("a", MENDOZA, "09:00-17:00"), rule("b", SANTIAGO, "09:00-17:00"))

    found = through(pass_, day)

    assert (on_clock(found.both, MENDOZA), on_clock(found.both, SANTIAGO)) == (mendoza, santiago)


def test_la_quiaca_both_open_at_seven_and_one_stands_on_the_bridge_for_an_hour():
    bridge = border(rule("a", JUJUY, "07:00-23:00"), rule("b", LA_PAZ, "07:00-22:00"))

    found = through(bridge, THURSDAY, needed=(10, 5, 20))
    first = steps(found, bridge, found.opens, TODAY)

    assert on_clock(found.both, JUJUY) == ["08:00-23:00"]
    assert (shown(found.opens, JUJUY), shown(first.begins, JUJUY), first.waits) == ("07:00", "08:00", 45)


def test_la_quiaca_with_half_of_its_hours_known():
    bridge = border(rule("a", JUJUY, opens=420), rule("b", LA_PAZ, "07:00-22:00"))

    found = through(bridge, THURSDAY)

    assert (found.leaving.state, shown(found.leaving.opens, JUJUY), found.leaving.closes) == (State.PART, "07:00", None)
    assert not found.is_known


BANGKOK, KUALA_LUMPUR = "Asia/Bangkok", "Asia/Kuala_Lumpur"


def test_the_end_that_is_told_of_one_post_is_a_hindrance():
    border_ = border(rule("a", KUALA_LUMPUR, closes=1320), rule("b", BANGKOK, "05:00-23:00"))

    out, into = (through(border_, THURSDAY, direction=way, spare=30) for way in ("a-b", "b-a"))

    assert shown(out.by, KUALA_LUMPUR) == "22:00"
    assert (shown(into.by, BANGKOK), shown(into.by, KUALA_LUMPUR)) == ("20:30", "21:30")
    assert on_clock(into.both, BANGKOK) == ["05:00-21:00"]


def test_where_one_end_is_all_that_is_known_it_counts_if_it_is_the_later():
    shuts, opens = (border(rule("a", BISHKEK, **end), zone_b=BEIJING) for end in ({"closes": 1020}, {"opens": 480}))

    assert shown(through(shuts, THURSDAY, needed=(30, 0, 0)).by, BISHKEK) == "16:30"
    assert through(opens, THURSDAY).by is None


@pytest.mark.parametrize(("closes", "by"), [(120, "00:00"), (1440, "00:00"), (0, "00:00"), (360, "06:00")])
def test_who_shuts_in_the_small_hours_shuts_after_the_day(closes, by):
    night = border(rule("a", BISHKEK, closes=closes), rule("b", BISHKEK, "00:00-24:00"))

    assert shown(through(night, THURSDAY).by, BISHKEK) == by


def test_mohan_and_boten_by_an_hour():
    boten = border(rule("a", BEIJING, "09:00-17:30"), rule("b", "Asia/Vientiane", "08:00-16:30"))

    assert on_clock(through(boten, THURSDAY).both, BEIJING) == ["09:00-17:30"]


def test_nepal_is_a_quarter_of_an_hour_ahead_of_india():
    sunauli = border(rule("a", "Asia/Kolkata", "06:00-22:00"), rule("b", "Asia/Kathmandu", "06:00-22:00"))

    found = through(sunauli, THURSDAY)

    assert on_clock(found.both, "Asia/Kolkata") == ["06:00-21:45"]
    assert on_clock(found.both, "Asia/Kathmandu") == ["06:15-22:00"]


def test_three_short_windows_for_cars_are_none_for_who_walks():
    banbasa = border(
        *(rule("a", "Asia/Kolkata", hours, audience="cars") for hours in ("06:00-07:00", "12:00-14:00", "17:00-18:00")),
        rule("b", "Asia/Kathmandu", "06:00-20:00"),
    )

    by_car, on_foot = through(banbasa, THURSDAY, mode="car"), through(banbasa, THURSDAY, mode="foot")

    assert on_clock(by_car.both, "Asia/Kolkata") == ["06:00-07:00", "12:00-14:00", "17:00-18:00"]
    assert (on_foot.leaving.state, on_foot.entering.state) == (State.UNKNOWN, State.OPEN)


def test_hours_of_one_direction_are_more_exact_than_those_of_both():
    samore = border(
        rule("a", MENDOZA, "08:00-20:00"), rule("a", MENDOZA, "08:00-19:00", heading="out"),
        rule("b", SANTIAGO, "08:00-20:00"),
    )  # fmt: skip

    out = side_day(samore, "a", Way("a-b", "car"), THURSDAY, TODAY)
    into = side_day(samore, "a", Way("b-a", "car"), THURSDAY, TODAY)
    either = side_day(samore, "a", Way(""), THURSDAY, TODAY)

    assert [on_clock(one.posted, MENDOZA) for one in (out, into, either)] == [
        ["08:00-19:00"], ["08:00-20:00"], ["08:00-19:00"],
    ]  # fmt: skip


def test_a_pass_of_the_summer_is_not_known_in_winter():
    """It may be shut, or have shorter hours: nobody told."""
    agua_negra = border(rule("a", MENDOZA, "07:00-17:00", season=Season((12, 8), (4, 30))), zone_b=SANTIAGO)

    in_season = [date(2026, 12, 8), date(2027, 1, 1), date(2027, 4, 30)]
    out_of_season = [date(2026, 12, 7), date(2027, 5, 1), date(2026, 7, 1)]

    def states(listed):
        return {side_day(agua_negra, "a", Way("a-b"), day, TODAY).state for day in listed}

    assert (states(in_season), states(out_of_season)) == ({State.OPEN}, {State.UNKNOWN})


def test_hours_of_a_season_stand_before_those_of_the_whole_year():
    post = border(
        rule("a", BISHKEK, "09:00-17:00"), rule("a", BISHKEK, "08:00-20:00", season=Season((6, 1), (8, 31))),
    )  # fmt: skip

    summer, autumn = (side_day(post, "a", Way("a-b"), day, TODAY) for day in (date(2026, 7, 1), date(2026, 9, 1)))

    assert (on_clock(summer.posted, BISHKEK), on_clock(autumn.posted, BISHKEK)) == (["08:00-20:00"], ["09:00-17:00"])


def test_open_day_and_night_it_does_not_shut_at_midnight():
    always = border(rule("a", "Asia/Tashkent", "00:00-24:00"), rule("b", BISHKEK, "00:00-24:00"))

    found = through(always, THURSDAY, needed=(60, 10, 60), spare=60)

    assert found.leaving.is_round_the_clock
    assert found.entering.is_round_the_clock
    assert [window.minutes for window in found.arrivals] == [24 * 60]


def test_a_post_that_works_over_midnight():
    night = border(rule("a", BISHKEK, "20:00-04:00"), rule("b", BISHKEK, "00:00-24:00"))

    found = through(night, THURSDAY)

    assert on_clock(found.leaving.posted, BISHKEK) == ["20:00-04:00"]
    assert on_clock(found.arrivals, BISHKEK) == ["00:00-04:00", "20:00-00:00"]


def test_a_break_after_midnight():
    night = border(rule("a", BISHKEK, "20:00-08:00", "01:00-02:00"))

    found = side_day(night, "a", Way("a-b"), THURSDAY, TODAY)

    assert on_clock(found.posted, BISHKEK) == ["20:00-01:00", "02:00-08:00"]
    assert on_clock(found.breaks, BISHKEK) == ["01:00-02:00"]


def test_nobody_waits_between_the_posts_over_night():
    posts = border(rule("a", BISHKEK, "06:00-23:00"), rule("b", BISHKEK, "09:00-12:00"))

    found = through(posts, THURSDAY, needed=(0, 60, 0))

    assert on_clock(found.arrivals, BISHKEK) == ["06:00-11:00"]


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Warsaw", date(2026, 3, 29), 23),
        ("Europe/Warsaw", date(2026, 10, 25), 25),
        (SANTIAGO, date(2026, 9, 6), 23),
    ],
)
def test_a_day_on_which_clocks_change_is_shorter_or_longer(zone, day, hours):
    post = border(rule("a", zone, "00:00-24:00"))

    (window,) = side_day(post, "a", Way("a-b"), day, TODAY).posted

    assert window.minutes == hours * 60


def test_what_the_clock_never_shows_is_after_the_change():
    """In Warsaw there is no 02:30 on 29 March 2026: the clock goes from 02:00 to 03:00."""
    post = border(rule("a", "Europe/Warsaw", "02:30-06:00"))

    (window,) = side_day(post, "a", Way("a-b"), date(2026, 3, 29), TODAY).posted

    assert (shown(window.start, "Europe/Warsaw"), window.minutes) == ("03:30", 150)


def test_the_second_half_past_two_is_another_moment():
    warsaw, day = zones.zone_of("Europe/Warsaw"), date(2026, 10, 25)

    first, second = (zones.instant(day, 150, warsaw, is_later=later) for later in (False, True))

    assert (second - first).total_seconds() == 3600
    assert {shown(first, "Europe/Warsaw"), shown(second, "Europe/Warsaw")} == {"02:30"}


def test_old_hours_are_taken_to_be_narrower():
    days_old = {"fresh": date(2026, 11, 1), "old": date(2026, 3, 1), "long ago": date(2020, 1, 1)}

    sure = {
        age: on_clock(
            side_day(border(rule("a", BISHKEK, "08:00-17:00", true_on=on)), "a", Way("a-b"), THURSDAY, TODAY).sure,
            BISHKEK,
        )
        for age, on in days_old.items()
    }

    assert sure == {"fresh": ["08:00-17:00"], "old": ["08:30-16:30"], "long ago": ["09:00-16:00"]}


@pytest.mark.parametrize(
    ("hours", "sure"), [("08:00-09:00", "08:15-08:45"), ("12:00-14:00", "12:30-13:30"), ("08:00-08:03", "08:00-08:03")]
)
def test_doubt_takes_at_most_a_quarter_of_a_window_at_either_end(hours, sure):
    post = border(rule("a", BISHKEK, hours, true_on=date(2020, 1, 1)))

    assert on_clock(side_day(post, "a", Way("a-b"), THURSDAY, TODAY).sure, BISHKEK) == [sure]


@pytest.mark.parametrize(("true_on", "is_too_old"), [(date(2020, 1, 1), True), (date(2026, 11, 1), False)])
def test_hours_that_meet_only_as_posted_are_too_old_to_count_on(true_on, is_too_old):
    posts = border(
        rule("a", BISHKEK, "08:00-12:30", true_on=true_on), rule("b", BISHKEK, "12:00-18:00", true_on=true_on)
    )

    found = through(posts, THURSDAY)

    assert (found.is_too_old, bool(found.both)) == (is_too_old, not is_too_old)


def test_hours_that_do_not_meet_are_not_too_old():
    posts = border(rule("a", BISHKEK, "08:00-12:00"), rule("b", BISHKEK, "13:00-18:00"))

    assert not through(posts, THURSDAY).is_too_old


def test_open_day_and_night_has_no_end_to_be_in_doubt():
    always = border(rule("a", BISHKEK, "00:00-24:00", true_on=date(2010, 1, 1)), rule("b", BISHKEK, "00:00-24:00"))

    assert [window.minutes for window in through(always, THURSDAY).arrivals] == [24 * 60]


def test_what_was_read_at_the_gate_narrows_what_is_posted():
    post = border(rule("a", BISHKEK, "08:00-17:00", true_on=date(2024, 1, 1)), told=[read_at("a", "09:00-18:00")])

    found = side_day(post, "a", Way("a-b"), THURSDAY, TODAY)

    assert (on_clock(found.posted, BISHKEK), on_clock(found.sure, BISHKEK)) == (["08:00-17:00"], ["09:00-17:00"])
    assert found.told is not None


@pytest.mark.parametrize(
    "other",
    [
        {"weekdays": frozenset({6})}, {"heading": "in"}, {"audience": "cars"},
        {"season": Season((11, 1), (11, 30)), "heading": "in"},
    ],
    ids=["another weekday", "another direction", "other travellers", "a season"],
)  # fmt: skip
def test_a_reading_that_another_row_of_the_side_says_contradicts_none(other):
    long_ago = date(2024, 1, 1)
    rows = [
        rule("a", BISHKEK, "08:00-17:00", weekdays=WORKDAYS, true_on=long_ago),
        rule("a", BISHKEK, "09:00-12:00", true_on=long_ago, **{"weekdays": WORKDAYS} | other),
    ]

    found = side_day(border(*rows, told=[read_at("a", "09:00-12:00")]), "a", Way("a-b"), THURSDAY, TODAY)

    assert (on_clock(found.agreed, BISHKEK), found.told) == (["08:00-17:00"], None)


def test_a_reading_that_a_row_of_another_season_says_contradicts():
    summer = rule("a", BISHKEK, "07:00-20:00", season=Season((6, 1), (8, 31)))
    post = border(
        rule("a", BISHKEK, "08:00-17:00", true_on=date(2024, 1, 1)), summer, told=[read_at("a", "07:00-20:00")]
    )

    assert side_day(post, "a", Way("a-b"), THURSDAY, TODAY).told is not None


def test_a_reading_older_than_the_row_contradicts_nothing():
    post = border(rule("a", BISHKEK, "08:00-17:00"), told=[read_at("a", "09:00-18:00", date(2026, 11, 1))])

    found = side_day(post, "a", Way("a-b"), THURSDAY, TODAY)

    assert (on_clock(found.sure, BISHKEK), found.told) == (["08:00-17:00"], None)


def test_what_was_read_at_the_gate_is_all_that_is_known():
    post = border(told=[read_at("b", "09:00-12:00 14:00-18:00")], zone_a=BEIJING, zone_b=BISHKEK)

    found = side_day(post, "b", Way("a-b"), THURSDAY, TODAY)

    assert on_clock(found.posted, BISHKEK) == ["09:00-12:00", "14:00-18:00"]
    assert (found.state, on_clock(found.sure, BISHKEK)) == (State.OPEN, ["09:30-11:30", "14:30-17:30"])


@pytest.mark.parametrize(("read_on", "state"), [(date(2026, 11, 20), State.OPEN), (date(2026, 11, 1), State.PART)])
def test_a_newer_reading_says_more_than_a_row_of_one_end(read_on, state):
    torugart = border(rule("a", BISHKEK, opens=480), told=[read_at("a", "08:00-17:00", read_on)])

    found = side_day(torugart, "a", Way("a-b"), THURSDAY, TODAY)

    assert found.state == state
    assert on_clock(found.posted, BISHKEK) == (["08:00-17:00"] if state == State.OPEN else [])


def test_a_reading_of_more_than_half_a_year_ago_is_forgotten():
    post = border(told=[read_at("b", "09:00-12:00", date(2026, 5, 1))], zone_b=BISHKEK)

    assert side_day(post, "b", Way("a-b"), THURSDAY, TODAY).state == State.UNKNOWN


def test_without_any_hours_nothing_is_known():
    found = through(border(zone_a=BEIJING, zone_b=BISHKEK), THURSDAY)

    assert (found.is_known, found.opens, found.by) == (False, None, None)


def test_without_any_clock_there_is_no_error():
    found = through(border(), THURSDAY)

    assert (found.zone, found.arrivals) == (None, [])


def test_a_zone_that_the_tz_database_does_not_know_yet_is_not_known():
    assert days.side_day(border(rule("a", "Asia/Newtown", "08:00-17:00")), "a", Way("a-b"), THURSDAY, TODAY).state == (
        State.UNKNOWN
    )


def test_what_takes_longer_than_the_posts_are_open_is_not_done_in_a_day():
    assert through(TORUGART, THURSDAY, direction="b-a", needed=(60, 600, 60)).by is None


def test_needed_times_that_nobody_told_are_counted_as_nothing():
    assert Needed(None, None, 30).is_whole is False
    assert through(TORUGART, THURSDAY, direction="b-a", needed=(None, None, None)).arrivals == (
        through(TORUGART, THURSDAY, direction="b-a").arrivals
    )


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        (BEIJING, "Beijing"), ("Asia/Urumqi", "Xinjiang"), (BISHKEK, "Bishkek"), (JUJUY, "Jujuy"), (LA_PAZ, "La Paz"),
        ("Asia/Ho_Chi_Minh", "Hanoi"),
    ],
)  # fmt: skip
def test_clocks_have_the_names_that_people_say(zone, name):
    assert zones.called(zone) == name


@pytest.mark.parametrize(
    "name", ["", "Bishkek", "EST", "Etc/GMT+5", "Asia/Nowhere", "../etc/passwd", "posix/Asia/Bishkek"]
)
def test_what_is_no_clock_on_a_wall(name):
    assert zones.zone_of(name) is None
