"""Hours in the syntax of OpenStreetMap: what it says is what our clock says, read back by a small parser."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossings.clock.rules import Season, in_season, spans_of
from crossings.hours.opening_hours import MONTHS, WEEKDAYS, opening_hours
from tests.chance import examples
from tests.crossings.clock.borders import WORKDAYS, rule
from tests.crossings.clock.test_properties import DAY_OF_YEAR, rules

ZONE = "Asia/Bishkek"
WINTER = Season((12, 8), (4, 30))
CASES = [
    ([rule("a", ZONE, "00:00-24:00")], "24/7"),
    ([rule("a", ZONE, "08:00-17:00")], "08:00-17:00"),
    ([rule("a", ZONE, "08:00-17:00", "12:00-13:00", weekdays=WORKDAYS)], "Mo-Fr 08:00-12:00,13:00-17:00; Sa-Su off"),
    ([rule("a", ZONE, "20:00-04:00")], "20:00-04:00"),
    ([rule("a", ZONE, "06:00-07:00"), rule("a", ZONE, "12:00-14:00")], "06:00-07:00,12:00-14:00"),
    (
        [rule("a", ZONE, "09:00-16:00", weekdays=WORKDAYS), rule("a", ZONE, "10:00-12:00", weekdays=frozenset({6}))],
        "Mo-Fr 09:00-16:00; Sa 10:00-12:00; Su off",
    ),
    ([rule("a", ZONE, "09:00-16:00", weekdays=frozenset({1, 3, 7}))], "Mo,We,Su 09:00-16:00; Tu,Th-Sa off"),
    ([rule("a", ZONE, "07:00-21:00", season=WINTER)], "May 01-Dec 07 unknown; Dec 08-Apr 30 07:00-21:00"),
    (
        [rule("a", ZONE, "08:00-17:00"), rule("a", ZONE, "07:00-20:00", season=Season((6, 1), (8, 31)))],
        "Jun-Aug 07:00-20:00; Sep-May 08:00-17:00",
    ),
    ([rule("a", ZONE, opens=480, closes=None)], "08:00+"),
    ([rule("a", ZONE, opens=None, closes=1320)], 'unknown "until 22:00"'),
    ([rule("a", ZONE, "08:00-17:00", season=Season((2, 29), (2, 29)))], "Feb 29 08:00-17:00; Mar 01-Feb 28 unknown"),
    ([], ""),
]  # fmt: skip


@pytest.mark.parametrize(("listed", "said"), CASES, ids=[said or "nothing" for _, said in CASES])
def test_hours_of_real_posts(listed, said):
    assert opening_hours(tuple(listed)) == said


class Parser:
    """As much of the syntax as ours needs; anything else is an error."""

    RULE = re.compile(
        r"(?:(?P<dates>[A-Z][a-z]{2}(?: \d\d)?(?:-[A-Z][a-z]{2}(?: \d\d)?)?) ?)?"
        r"(?:(?P<days>(?:Mo|Tu|We|Th|Fr|Sa|Su)(?:[-,](?:Mo|Tu|We|Th|Fr|Sa|Su))*) ?)?"
        r"(?P<times>off|unknown(?: \"[^\"]*\")?|\d\d:\d\d\+|\d\d:\d\d-\d\d:\d\d(?:,\d\d:\d\d-\d\d:\d\d)*)"
    )

    def __init__(self, text):
        self.rules = []
        for part in ["00:00-24:00"] if text == "24/7" else text.split("; "):
            found = self.RULE.fullmatch(part)
            assert found, part
            self.rules.append((found["dates"], found["days"], found["times"]))

    def on(self, day):
        """The last rule that holds for it, as in the specification; no rule is "off"."""
        held = [times for dates, days, times in self.rules if self._in(dates, day) and self._of(days, day)]
        return held[-1] if held else "off"

    def _in(self, dates, day):
        if not dates:
            return True
        first, _, last = dates.partition("-")
        begin, end = self._bound(first, 1), self._bound(last or first, 31)
        now = (day.month, day.day)
        return begin <= now <= end if begin <= end else now >= begin or now <= end

    def _bound(self, text, day):
        month, _, number = text.partition(" ")
        return MONTHS.index(month) + 1, int(number or day)

    def _of(self, days, day):
        if not days:
            return True
        for part in days.split(","):
            first, _, last = part.partition("-")
            if WEEKDAYS.index(first) <= day.weekday() <= WEEKDAYS.index(last or first):
                return True
        return False


def by_the_clock(listed, day):
    """What the rules of one group say of a day, as the clock chooses them."""
    seasonal = in_season(listed, day)
    if not seasonal:
        return "unknown"
    today = [one for one in seasonal if day.isoweekday() in one.weekdays]
    today = [one for one in today if one.season] or today
    spans = spans_of(today)
    written = (f"{o // 60:02}:{o % 60:02}-{c // 60:02}:{c % 60:02}" for o, c in spans)
    return ",".join(written) if today else "off"


@settings(max_examples=examples(150))
@given(st.lists(rules("a"), min_size=1, max_size=4), st.dates(date(2016, 1, 1), date(2032, 12, 31)))
def test_read_back_it_says_of_every_day_what_the_clock_says(listed, first):
    parser = Parser(opening_hours(tuple(listed)))

    for i in range(0, 370, 7):
        day = first + timedelta(days=i + i // 7 % 7)
        assert parser.on(day) == by_the_clock(listed, day)


@settings(max_examples=examples(60))
@given(st.builds(Season, DAY_OF_YEAR, DAY_OF_YEAR))
def test_a_season_has_its_first_and_its_last_day(season):
    parser = Parser(opening_hours((rule("a", ZONE, "08:00-17:00", season=season),)))
    days = [date(2028, *season.first), date(2028, *season.last)]

    assert {parser.on(day) for day in days} == {"08:00-17:00"}
