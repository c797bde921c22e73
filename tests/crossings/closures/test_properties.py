"""What holds for the sixty days of every border: they say what the clock says, on each post's own day."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossings.clock.days import State, is_shut, side_day
from crossings.clock.rules import Way
from crossings.closures.rules import Calendar, Closure, Kind, Seen, a_year_before, both_sides, of_days, runs
from crossings.closures.sixty_days import DAYS, closures_between, sixty_days
from tests.chance import examples
from tests.crossings.clock.borders import TODAY
from tests.crossings.clock.test_properties import borders

pytestmark = pytest.mark.real_holidays
quick = settings(max_examples=examples(40))
FIRST = st.dates(date(2015, 1, 1), date(2032, 12, 31))
WAYS = st.builds(Way, st.sampled_from(["a-b", "b-a", ""]), st.sampled_from(["", "bicycle", "car", "bus"]))
COUNTRIES = st.sampled_from([("CN", "KG"), ("JO", "PS"), ("MN", "RU"), ("UA", "XN"), ("AR", "CL")])


def calendar(hours, codes=("XN", "XN")):
    return Calendar(hours, dict(zip("ab", codes, strict=True)))


@quick
@given(borders(), WAYS, FIRST)
def test_a_day_is_shut_where_the_clock_says_closed_and_known_where_it_knows_it(hours, way, first):
    for side in "ab":
        for i in range(0, 30, 3):
            day = first + timedelta(days=i)
            state = side_day(hours, side, way, day, TODAY).state

            said = {True: {State.CLOSED}, False: {State.OPEN, State.PART}, None: {State.UNKNOWN}}
            assert state in said[is_shut(hours, side, way, day, TODAY)]


@quick
@given(borders(), FIRST)
def test_a_side_that_is_hatched_has_no_window_on_that_day_and_one_that_works_has_one(hours, first):
    for cell in sixty_days(calendar(hours), {"a": "A", "b": "B"}, first, TODAY).cells[::5]:
        for side, state in zip("ab", cell.states, strict=True):
            found = side_day(hours, side, Way(""), cell.day, TODAY)

            assert (state == "closed") == (found.state == State.CLOSED)
            assert not (state == "closed" and found.posted)
            assert (state == "unknown") == (found.state == State.UNKNOWN)


@quick
@given(borders(), FIRST, COUNTRIES)
def test_sixty_days_follow_each_other_and_begin_on_the_first(hours, first, codes):
    found = sixty_days(calendar(hours, codes), {"a": "A", "b": "B"}, first, TODAY)

    assert [cell.day for cell in found.cells] == [first + timedelta(days=i) for i in range(DAYS)]
    assert len(found.before) == first.weekday()


@quick
@given(borders(), FIRST, COUNTRIES)
def test_each_closed_day_of_a_side_is_in_exactly_one_stretch_of_its_kind_and_name(hours, first, codes):
    last = first + timedelta(days=DAYS - 1)
    known = calendar(hours, codes)
    stretches = closures_between(known, first, last, TODAY)

    for side in "ab":
        for day, found in of_days(known, side, first, last, TODAY).items():
            for one in found:
                same = [
                    each
                    for each in stretches
                    if side in each.sides and each.covers(day) and (each.kind, each.name) == (one.kind, one.name)
                ]
                assert len(same) == 1


@quick
@given(borders(), FIRST, COUNTRIES, st.data())
def test_the_list_and_the_days_say_the_same_also_with_notices_and_what_was_seen(hours, first, codes, data):
    last = first + timedelta(days=DAYS - 1)
    places = st.integers(-3, DAYS + 3)
    told = data.draw(st.lists(st.tuples(places, st.none() | st.integers(0, 9)), max_size=3))
    seen = [a_year_before(first + timedelta(days=i)) for i in data.draw(st.sets(places, max_size=6))]
    known = replace(
        calendar(hours, codes),
        notices=tuple(
            notice(number, first + timedelta(days=begins), length) for number, (begins, length) in enumerate(told, 1)
        ),
        seen={day: Seen(closed=1) for day in seen if day},
    )

    listed = closures_between(known, first, last, TODAY)

    for side in "ab":
        for day, found in of_days(known, side, first, last, TODAY).items():
            stretches = [one for one in listed if side in one.sides and one.covers(day)]
            assert sorted(map(what, stretches)) == sorted(map(what, found))


def notice(number, begins, length):
    ends = None if length is None else begins + timedelta(days=length)
    return Closure(Kind.NOTICE, "ab", begins, ends, "Shut", "an official notice", number=number)


def what(closure):
    return closure.kind, closure.name, closure.source, closure.number


@quick
@given(borders(), FIRST)
def test_stretches_of_one_kind_never_touch(hours, first):
    days = of_days(calendar(hours), "a", first, first + timedelta(days=59), TODAY)
    weekly = [
        one for one in runs(both_sides(one for found in days.values() for one in found)) if one.kind == Kind.WEEKLY
    ]

    for one, other in pairwise(weekly):
        assert other.first - one.last > timedelta(days=1) or other.source != one.source
