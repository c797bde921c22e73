"""What holds for all borders, days and clocks."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossings.clock import windows, zones
from crossings.clock.days import side_day
from crossings.clock.passage import LONGEST_WAIT, steps
from crossings.clock.rules import Rule, Season, Span, Way
from crossings.clock.windows import Window
from tests.chance import examples
from tests.crossings.clock.borders import border, through

ZONES = [
    "Asia/Bishkek", "Asia/Shanghai", "Asia/Almaty", "Europe/Warsaw", "America/Santiago", "America/La_Paz",
    "Asia/Kathmandu", "Asia/Jerusalem", "Asia/Amman", "Africa/Casablanca", "America/Havana", "Asia/Tehran",
]  # fmt: skip
DAYS = st.dates(date(2015, 1, 1), date(2032, 12, 31))
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
DAY_OF_YEAR = st.tuples(st.integers(1, 12), st.integers(1, 28))

quick = settings(max_examples=examples(60))


@st.composite
def rules(draw, side):
    opens = draw(st.integers(0, 1439))
    closes = draw(st.integers(1, 1440).filter(lambda minute: minute != opens))
    length = (closes - opens) % 1440 or 1440
    pause = None
    if length > 3 and draw(st.booleans()):
        begin = draw(st.integers(1, length - 2))
        end = draw(st.integers(begin + 1, length - 1))
        pause = Span((opens + begin) % 1440, (opens + end) % 1440 or 1440)
    return Rule(
        side,
        draw(st.sampled_from(ZONES)),
        opens,
        closes,
        pause,
        draw(st.frozensets(st.integers(1, 7), min_size=1)),
        heading=draw(st.sampled_from(["both", "in", "out"])),
        audience=draw(st.sampled_from(["all", "cars", "foot", "passengers", "freight"])),
        season=draw(st.one_of(st.none(), st.builds(Season, DAY_OF_YEAR, DAY_OF_YEAR))),
        true_on=draw(st.sampled_from([date(2026, 11, 1), date(2026, 1, 1), date(2019, 1, 1)])),
    )


@st.composite
def borders(draw):
    listed = [*draw(st.lists(rules("a"), max_size=3)), *draw(st.lists(rules("b"), max_size=3))]
    return border(*listed, zone_a=draw(st.sampled_from(ZONES)), zone_b=draw(st.sampled_from(ZONES)))


stretches = st.lists(
    st.builds(
        lambda start, length: Window(BEGIN + timedelta(minutes=start), BEGIN + timedelta(minutes=start + length)),
        st.integers(0, 3000), st.integers(1, 900),
    ),
    max_size=6,
)  # fmt: skip
MODES = st.sampled_from(["bicycle", "foot", "car", "bus", "train"])
PARTS = st.tuples(*[st.one_of(st.none(), st.integers(0, 300))] * 3)


def are_apart(found):
    return all(one.start < one.end for one in found) and all(one.end < other.start for one, other in pairwise(found))


def minutes_of(found):
    return {window.start + timedelta(minutes=i) for window in found for i in range(window.minutes)}


@quick
@given(stretches, stretches)
def test_windows_never_overlap_and_the_overlap_is_in_both(one, other):
    both = windows.overlap(one, other)

    assert are_apart(windows.merged(one))
    assert are_apart(both)
    assert minutes_of(both) == minutes_of(windows.merged(one)) & minutes_of(windows.merged(other))


@quick
@given(stretches, stretches)
def test_what_is_without_gaps_and_the_gaps_make_the_whole(one, gaps):
    left = windows.without(one, gaps)

    assert are_apart(left)
    assert minutes_of(left) == minutes_of(windows.merged(one)) - minutes_of(windows.merged(gaps))


@quick
@given(st.integers(1420070400 // 60, 1988150400 // 60), st.sampled_from(ZONES))
def test_conversion_there_and_back_is_the_same(minute, name):
    zone, moment = zones.zone_of(name), datetime.fromtimestamp(minute * 60, UTC)

    wall = moment.astimezone(zone)
    back = zones.instant(wall.date(), wall.hour * 60 + wall.minute, zone, is_later=bool(wall.fold))

    assert back == moment


@quick
@given(borders(), DAYS, st.sampled_from(["a-b", "b-a"]), MODES)
def test_a_day_of_a_post_has_windows_apart_and_sure_ones_within_them(hours, day, direction, mode):
    for side in "ab":
        found = side_day(hours, side, Way(direction, mode), day, date(2026, 11, 30))

        assert are_apart(found.posted)
        assert are_apart(found.sure)
        assert are_apart(found.breaks)
        assert windows.overlap(found.posted, found.sure) == found.sure
        assert windows.overlap(found.posted, found.breaks) == []


@quick
@given(borders(), DAYS, st.sampled_from(["a-b", "b-a"]), MODES, PARTS, st.integers(0, 120))
def test_whoever_comes_in_a_window_of_arrival_gets_through(hours, day, direction, mode, needed, spare):
    found = through(hours, day, direction=direction, mode=mode, needed=needed, spare=spare)

    assert are_apart(found.arrivals)
    assert are_apart(found.both)
    for window in found.arrivals:
        for moment in (window.start, window.start + (window.end - window.start) / 2, window.end):
            walked = steps(found, hours, moment, date(2026, 11, 30))
            assert walked is not None
            assert walked.arrives <= walked.leaves <= walked.reaches <= walked.begins <= walked.through
            assert walked.begins - walked.reaches <= LONGEST_WAIT


@quick
@given(borders(), DAYS, st.sampled_from(["a-b", "b-a"]), PARTS)
def test_more_time_to_spare_never_lets_one_come_later(hours, day, direction, needed):
    hurried, careful = (through(hours, day, direction=direction, needed=needed, spare=spare) for spare in (0, 45))

    assert windows.overlap(hurried.arrivals, careful.arrivals) == careful.arrivals


@quick
@given(borders(), DAYS)
def test_both_posts_work_in_the_overlap_from_either_side(hours, day):
    found = through(hours, day)

    for window in found.both:
        assert zones.bounds(day, found.zone)[0] <= window.start < window.end <= zones.bounds(day, found.zone)[1]


@pytest.mark.parametrize("name", ZONES)
def test_days_follow_each_other_without_a_gap(name):
    zone = zones.zone_of(name)
    days = [date(2026, 1, 1) + timedelta(days=i) for i in range(400)]

    bounds = [zones.bounds(day, zone) for day in days]

    assert all(one[1] == other[0] for one, other in pairwise(bounds))
