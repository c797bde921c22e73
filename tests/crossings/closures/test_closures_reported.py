"""A closure on a day on which the calendar has a crossing shut turns and disputes nothing, and stands all the same."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from crossings.hours import actions
from crossings.models import Crossing, Status
from crossings.models.hours import SAID
from crossings.status import update
from tests.crossings.factories import make_country, make_crossing, make_hours, make_notice, make_report
from tests.factories import make_user
from tests.pages import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.real_holidays]
RESTS = "The post rests on that day"
SATURDAY, THURSDAY = date(2026, 11, 28), date(2026, 11, 26)
REPORTS, WHY = "/crossings/torugart/reports/", "/crossings/torugart/why/"


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """Monday, 07:40 in Bishkek."""
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 30, 1, 40, tzinfo=UTC))


@pytest.fixture
def torugart():
    """Open, as two credible reports of October say; both posts rest at the weekend."""
    make_country("CN", "China")
    make_country("KG", "Kyrgyzstan")
    crossing = make_crossing(
        name="Torugart", slug="torugart", zone_a="Asia/Shanghai", zone_b="Asia/Bishkek", editors_status="open"
    )
    make_hours(crossing, "a", "10:00", "17:00", weekdays="12345")
    make_hours(crossing, "b", "08:00", "17:00", weekdays="12345")
    for day in (12, 18):
        make_report(crossing, crossed_on=date(2026, 11, day), trust=2)
    return crossing


def found_closed(crossing, on=SATURDAY, reason="shut", **more):
    return make_report(crossing, crossed_on=on, outcome="found-closed", reason=reason, trust=2, **more)


def status(crossing):
    return Crossing.objects.with_status(update.today()).get(pk=crossing.pk).shown_status


@pytest.mark.parametrize("reason", ["", "shut", "hours", "other"])
def test_a_gate_found_closed_on_a_weekend_disputes_nothing(client, torugart, reason):
    for _ in range(3):
        found_closed(torugart, reason=reason)

    assert status(torugart) == Status.OPEN
    assert words_of(client, REPORTS).count(RESTS) == 3
    assert words_of(client, "/crossings/torugart/").count(RESTS) == 3
    assert words_of(client, WHY).count("None: the post rests on that day") == 3


def test_on_a_thursday_it_does(client, torugart):
    found_closed(torugart, THURSDAY)

    assert status(torugart) == Status.DISPUTED
    assert RESTS not in words_of(client, REPORTS)


@pytest.mark.parametrize("reason", ["road", "danger", "transport", "papers", "passport"])
def test_what_no_calendar_explains_is_no_rest(client, torugart, reason):
    found_closed(torugart, reason=reason)

    assert RESTS not in words_of(client, REPORTS)
    assert "None:" not in words_of(client, WHY)


def test_who_got_through_on_a_day_of_rest_is_news(client, torugart):
    make_report(torugart, crossed_on=SATURDAY, trust=2)

    torugart.refresh_from_db()
    assert torugart.confirmed_on == SATURDAY
    assert RESTS not in words_of(client, REPORTS)


def test_a_holiday_of_either_country_is_a_day_of_rest(torugart, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 10, 12, tzinfo=UTC))
    make_report(torugart, crossed_on=date(2026, 9, 25), trust=2)
    before = status(torugart)

    found_closed(torugart, date(2026, 10, 1))
    found_closed(torugart, date(2026, 10, 7))

    assert (before, status(torugart)) == (Status.OPEN, Status.OPEN)


def test_hours_that_are_entered_later_explain_it_at_once(torugart):
    torugart.hours.update(withdrawn_at=timezone.now())
    torugart.kept_hours = {}
    torugart.save(update_fields=["kept_hours"])
    found_closed(torugart)
    disputed = status(torugart)
    row = torugart.hours.first()
    values = {name: getattr(row, name) for name in SAID}

    actions.enter_hours(make_user(is_staff=True), torugart, values=values, reason="Seen")

    assert (disputed, status(torugart)) == (Status.DISPUTED, Status.OPEN)


class TestDaysThatOthersMayNotKnow:
    def test_of_a_week_with_a_weekend_nobody_learns_whether_it_was_on_it(self, client, torugart):
        """Two reports of one week, of a Thursday and of a Saturday, look and count the same."""
        found_closed(torugart, SATURDAY, is_delayed=True)
        found_closed(torugart, THURSDAY, is_delayed=True)

        assert words_of(client, REPORTS).count(RESTS) == 2
        assert status(torugart) == Status.OPEN

    def test_when_the_day_may_be_known_it_counts_as_what_it_is(self, torugart, monkeypatch):
        found_closed(torugart, THURSDAY, is_delayed=True)
        monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 12, 11, tzinfo=UTC))

        update.judge_all()

        assert status(torugart) == Status.DISPUTED

    def test_a_month_says_nothing_of_weekends(self, client, torugart):
        found_closed(torugart, SATURDAY, only_month=True)

        assert RESTS not in words_of(client, REPORTS)

    def test_a_notice_of_some_days_in_the_week_that_is_told_explains_it(self, torugart):
        torugart.hours.all().delete()
        update.judge(torugart.pk)
        make_notice(torugart, begins=-3, ends=-3)
        found_closed(torugart, THURSDAY, is_delayed=True)

        assert status(torugart) == Status.OPEN
