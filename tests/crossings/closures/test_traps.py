"""Days on which real posts are shut, or may be: what the calendar of a crossing says of them, and what it does not."""

from datetime import UTC, date, datetime, timedelta

import pytest

from crossings.clock.rules import Season
from crossings.closures import crossing_calendar, public_holidays, wording
from crossings.closures.rules import Calendar, Closure, Kind, Seen, is_known_closed, of_day
from crossings.closures.sixty_days import closures_between, sixty_days
from tests.crossings.clock.borders import TODAY, WORKDAYS, border, rule

pytestmark = pytest.mark.real_holidays
BEIJING, BISHKEK, AMMAN, JERUSALEM = "Asia/Shanghai", "Asia/Bishkek", "Asia/Amman", "Asia/Jerusalem"
NAMES = {"a": "China", "b": "Kyrgyzstan"}
TORUGART = border(
    rule("a", BEIJING, "10:00-17:00", weekdays=WORKDAYS), rule("b", BISHKEK, "08:00-17:00", weekdays=WORKDAYS)
)
NO_HOURS = border(zone_a=BEIJING, zone_b=BISHKEK)


def calendar(a="CN", b="KG", hours=TORUGART, **more):
    return Calendar(hours, {"a": a, "b": b}, **more)


def notice(first, last=None, kind=Kind.NOTICE, number=7):
    return Closure(
        kind, "ab", first, last, "Shut for repairs.", "an official notice", "https://x.example", number=number
    )


def kinds(found, side, day):
    return [one.kind.value for one in of_day(found, side, day, TODAY)]


HOLIDAYS = [
    # Naadam, of which the package knows the days from the 10th, and posts rest from the 11th.
    ("MN", date(2026, 7, 11), "holiday"), ("MN", date(2026, 7, 15), "holiday"), ("MN", date(2026, 7, 16), None),
    # The end of the year in Mongolia: two public holidays, and the days between on which posts rest.
    ("MN", date(2026, 12, 28), None), ("MN", date(2026, 12, 29), "holiday"), ("MN", date(2026, 12, 30), "rest"),
    ("MN", date(2027, 1, 1), "holiday"), ("MN", date(2027, 1, 8), "rest"), ("MN", date(2027, 1, 9), None),
    # China's week in October, with the two days that are moved for a bridge.
    ("CN", date(2026, 10, 1), "holiday"), ("CN", date(2026, 10, 6), "holiday"), ("CN", date(2026, 10, 7), "holiday"),
    ("CN", date(2026, 10, 8), None),
    # Martial law: no holidays in Ukraine.
    ("UA", date(2026, 8, 24), None),
    # A leap day, and the day after it.
    ("KG", date(2028, 2, 29), None), ("TW", date(2028, 2, 28), "holiday"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "day", "kind"), HOLIDAYS, ids=str)
def test_a_holiday_may_shut_the_post_of_its_country_alone(code, day, kind):
    found = calendar(a=code, b="XN", hours=NO_HOURS)

    assert kinds(found, "a", day) == ([kind] if kind else [])
    assert kinds(found, "b", day) == []
    assert not is_known_closed(found, day, day, TODAY, surely=True)


def test_a_bridge_day_is_called_so_and_names_no_other_day():
    assert public_holidays.on_day("CN", date(2026, 10, 6)).name == "Day off for a bridge"


def test_what_goes_by_the_moon_is_an_estimate_and_says_so():
    [eid] = of_day(calendar(a="JO", hours=NO_HOURS), "a", date(2027, 3, 9), TODAY)

    assert (eid.name, eid.is_estimated, eid.is_sure) == ("Eid al-Fitr", True, False)
    assert "estimate" in wording.source(eid)


LACKS = [
    ("XN", 2026, "has no calendar of public holidays here"),
    ("UA", 2026, "has no public holidays for 2026 in our calendar"),
    ("LK", 2027, "has no public holidays for 2027 in our calendar"),
    ("CN", 2027, "has no bridge days of 2027 in our calendar yet"),
    ("CN", 2026, ""), ("KG", 2026, ""), ("KG", 2027, ""),
    ("KG", 1066, "has no public holidays for 1066 in our calendar"),
    ("KG", 9999, "has no public holidays for 9999 in our calendar"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "year", "lacks"), LACKS)
def test_what_a_calendar_lacks_is_said(code, year, lacks):
    assert public_holidays.of_year(code, year).lacks == lacks


def test_over_the_new_year_what_either_year_lacks_is_said():
    found = sixty_days(calendar(a="CN", b="UA"), {"a": "China", "b": "Ukraine"}, date(2026, 11, 30), TODAY)

    assert found.last == date(2027, 1, 28)
    assert found.lacks == (
        "China has no bridge days of 2027 in our calendar yet.",
        "Ukraine has no public holidays for 2026 in our calendar.",
        "Ukraine has no public holidays for 2027 in our calendar.",
    )


class TestWeekends:
    def test_a_weekend_without_hours_is_sure_on_both_sides(self):
        saturday = date(2026, 12, 5)

        assert [kinds(calendar(), side, saturday) for side in "ab"] == [["weekly"], ["weekly"]]
        assert kinds(calendar(), "a", date(2026, 12, 4)) == []
        assert is_known_closed(calendar(), saturday, saturday, TODAY, surely=True)

    def test_friday_and_saturday_here_and_saturday_alone_there(self):
        """Allenby and the Jordan River: one side rests on Friday and Saturday, the other on Saturday."""
        hours = border(
            rule("a", JERUSALEM, "08:00-17:00", weekdays=frozenset({7, 1, 2, 3, 4, 5})),
            rule("b", AMMAN, "08:00-17:00", weekdays=frozenset({7, 1, 2, 3, 4})),
        )
        found = calendar("IL", "JO", hours)

        shut = {day: [kinds(found, side, date(2026, 12, day)) for side in "ab"] for day in (17, 18, 19, 20)}

        assert shut == {17: [[], []], 18: [[], ["weekly"]], 19: [["weekly"], ["weekly"]], 20: [[], []]}
        lines = sixty_days(found, {"a": "Israel", "b": "Jordan"}, date(2026, 12, 3), TODAY).lines
        assert {(line.when, line.what) for line in lines if "every week" in line.what} == {
            ("Fri", "Jordan closed, every week"), ("Sat", "Both sides closed, every week"),
        }  # fmt: skip

    def test_old_hours_say_that_they_may_be_out_of_date(self):
        hours = border(rule("a", BEIJING, "10:00-17:00", weekdays=WORKDAYS, true_on=date(2019, 5, 1)))

        [closure] = of_day(calendar(hours=hours), "a", date(2026, 12, 5), TODAY)

        assert wording.source(closure) == "Posted hours, as of May 2019, may be out of date"

    def test_days_outside_of_every_season_are_not_known_and_so_not_closed(self):
        season = Season((4, 1), (10, 31))
        hours = border(rule("a", BEIJING, "10:00-17:00", weekdays=WORKDAYS, season=season))

        cells = sixty_days(calendar(hours=hours), NAMES, date(2026, 10, 30), TODAY).cells

        assert [cell.states[0] for cell in cells[:4]] == ["works", "closed", "unknown", "unknown"]

    def test_weekends_that_begin_with_a_season_are_told_by_their_days(self):
        hours = border(
            rule("a", BEIJING, "10:00-17:00", weekdays=WORKDAYS, season=Season((12, 20), (3, 31))),
            rule("a", BEIJING, "10:00-17:00", season=Season((4, 1), (12, 19))),
        )

        lines = sixty_days(calendar(b="XN", hours=hours), NAMES, date(2026, 12, 1), TODAY).lines

        assert [line.when for line in lines if line.what == "China closed"][:2] == ["Sun 20 Dec", "26 to 27 Dec"]


class TestNotices:
    def test_a_notice_closes_both_sides_from_its_first_to_its_last_day(self):
        found = calendar(hours=NO_HOURS, notices=(notice(date(2026, 12, 10), date(2026, 12, 12)),))

        shut = [day for day in range(8, 15) if kinds(found, "b", date(2026, 12, day))]

        assert shut == [10, 11, 12]

    def test_a_season_without_an_end_is_one_line_from_the_day_on_which_it_began(self):
        found = calendar(hours=NO_HOURS, notices=(notice(date(2026, 11, 25), kind=Kind.SEASON),), b="XN")

        days = sixty_days(found, NAMES, date(2026, 11, 30), TODAY)

        season = next(line for line in days.lines if line.when.startswith("From"))
        assert (season.when, season.more) == ("From 25 Nov", "An official notice of the season")
        assert {cell.words.partition(": ")[2] for cell in days.cells} == {"both closed"}

    def test_what_is_over_or_far_ahead_is_not_among_sixty_days(self):
        past, ahead = notice(date(2026, 11, 1), date(2026, 11, 29)), notice(date(2027, 1, 29))

        listed = closures_between(calendar(notices=(past, ahead)), date(2026, 11, 30), date(2027, 1, 28), TODAY)

        assert not [one for one in listed if one.number]


class TestAYearAgo:
    def test_where_a_notice_closes_the_day_last_year_tells_no_more(self):
        shut = notice(date(2026, 12, 15), date(2026, 12, 16))
        found = calendar(b="XN", hours=NO_HOURS, notices=(shut,), seen={date(2025, 12, 16): Seen(closed=2)})

        listed = closures_between(found, date(2026, 12, 10), date(2026, 12, 20), TODAY)

        assert listed == [shut]

    def test_a_day_on_which_it_was_found_closed_may_be_one_again(self):
        found = calendar(b="XN", hours=NO_HOURS, seen={date(2025, 12, 16): Seen(closed=2)})

        [closure] = of_day(found, "b", date(2026, 12, 16), TODAY)

        assert (closure.kind, closure.is_sure, closure.source) == (Kind.SEEN, False, "2 reports of 16 December 2025")

    def test_who_got_through_says_that_it_was_no_rule(self):
        found = calendar(b="XN", hours=NO_HOURS, seen={date(2025, 12, 16): Seen(closed=1, through=1)})

        assert kinds(found, "b", date(2026, 12, 16)) == []

    def test_a_leap_day_has_no_day_a_year_ago(self):
        assert kinds(calendar(b="XN", hours=NO_HOURS, seen={date(2027, 2, 28): Seen(3)}), "b", date(2028, 2, 29)) == []

    def test_a_holiday_says_what_travellers_saw_on_it_a_year_ago(self):
        found = calendar(hours=NO_HOURS, seen={date(2026, 1, 1): Seen(closed=1), date(2026, 1, 7): Seen(through=2)})

        lines = {line.when: line.more for line in sixty_days(found, NAMES, date(2026, 12, 20), TODAY).lines}

        assert lines["Fri 1 Jan"] == "The calendar of public holidays. In 2026 one report found it closed"
        assert lines["Thu 7 Jan"].endswith("In 2026 2 reports got through")


ZONES = [
    # 20:00 in UTC: in Bishkek it is 02:00 of the next day, in Beijing 04:00.
    (datetime(2026, 11, 30, 20, 0, tzinfo=UTC), date(2026, 12, 1), datetime(2026, 12, 1, 16, 0, tzinfo=UTC)),
    # 17:00 in UTC: 23:00 in Bishkek, 01:00 of the next day in Beijing. The next midnight is Bishkek's.
    (datetime(2026, 11, 30, 17, 0, tzinfo=UTC), date(2026, 11, 30), datetime(2026, 11, 30, 18, 0, tzinfo=UTC)),
    (datetime(2026, 11, 30, 1, 0, tzinfo=UTC), date(2026, 11, 30), datetime(2026, 11, 30, 16, 0, tzinfo=UTC)),
]


@pytest.mark.parametrize(("now", "day", "until"), ZONES)
def test_the_first_day_is_the_earlier_one_of_the_two_posts_and_ends_at_the_next_midnight(now, day, until):
    assert crossing_calendar.days_at_posts(TORUGART, now) == (day, until)


def test_without_a_clock_the_day_is_that_of_utc():
    now = datetime(2026, 11, 30, 23, 59, tzinfo=UTC)

    assert crossing_calendar.days_at_posts(border(), now) == (date(2026, 11, 30), now + timedelta(minutes=1))


def test_holidays_of_all_countries_in_three_years_take_little():
    public_holidays.of_year.cache_clear()
    codes = ["CN", "KG", "MN", "UA", "XN", "LK"]

    for code in codes:
        for year in range(1900, 2200):
            public_holidays.of_year(code, year)

    assert public_holidays.of_year.cache_info().currsize == public_holidays.MOST_YEARS
