"""Members hear that a crossing is closed, or may be, on the day on which they plan to be there."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from config.worker import nightly
from notifications.closure_news import tell_of_closed_days
from notifications.feeds import secret_addresses
from notifications.letters.causes import crossings_of
from notifications.models import Notification, PrivateFeed, Watch
from notifications.watches.actions import watch
from tests.crossings.factories import make_country, make_crossing, make_hours, make_notice
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.real_holidays]
SATURDAY, THURSDAY, HOLIDAY = date(2026, 12, 5), date(2026, 12, 3), date(2027, 1, 7)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    class Clock:
        now = datetime(2026, 11, 30, 1, 40, tzinfo=UTC)

    monkeypatch.setattr(timezone, "now", lambda: Clock.now)
    return Clock


@pytest.fixture
def torugart(clock):
    make_country("CN", "China")
    make_country("KG", "Kyrgyzstan")
    crossing = make_crossing(name="Torugart", slug="torugart", zone_a="Asia/Shanghai", zone_b="Asia/Bishkek")
    make_hours(crossing, "a", "10:00", "17:00", weekdays="12345")
    make_hours(crossing, "b", "08:00", "17:00", weekdays="12345")
    return crossing


def news_of(user):
    return list(Notification.objects.filter(user=user).order_by("pk").values_list("subject", "words"))


def test_a_weekend_is_told_once_with_its_source_and_goes_into_a_letter(torugart):
    user = make_user()
    watch(user, torugart, travel_on=SATURDAY)

    for _ in range(2):
        tell_of_closed_days()

    [(subject, words)] = news_of(user)
    assert subject == "Torugart: closed on the day you plan to cross"
    assert words == (
        "Saturday 5 December 2026. Both sides closed: no hours on this day of the week. "
        "Posted hours, as of November 2026."
    )
    [news] = Notification.objects.all()
    assert crossings_of([news]) == {news.pk: torugart.pk}
    assert news.kind == Notification.Kind.NOTICE


def test_a_holiday_may_shut_it_and_a_notice_that_comes_later_makes_it_sure(torugart):
    user = make_user()
    watch(user, torugart, travel_on=HOLIDAY)
    tell_of_closed_days()
    make_notice(torugart, begins_on=HOLIDAY, ends_on=HOLIDAY, text="Shut for Christmas.")

    tell_of_closed_days()

    assert [subject for subject, _ in news_of(user)] == [
        "Torugart: perhaps shut on the day you plan to cross", "Torugart: closed on the day you plan to cross",
    ]  # fmt: skip
    assert "Both sides closed: Shut for Christmas. An official notice." in " ".join(news_of(user)[1])


@pytest.mark.parametrize(
    ("day", "level"),
    [(THURSDAY, Watch.Level.WATCHING), (SATURDAY, Watch.Level.MUTED), (date(2027, 2, 6), Watch.Level.WATCHING)],
    ids=["it works", "muted", "far ahead"],
)
def test_nobody_else_hears_of_it(torugart, day, level):
    watch(make_user(), torugart, travel_on=day, level=level)
    watch(make_user(), torugart)

    tell_of_closed_days()

    assert not Notification.objects.exists()


def test_what_is_told_grows_by_no_query_a_member(torugart, django_assert_max_num_queries):
    for _ in range(30):
        watch(make_user(), torugart, travel_on=SATURDAY)
    tell_of_closed_days()

    with django_assert_max_num_queries(10):  # all were told: four to read, and what telling one crossing takes
        tell_of_closed_days()

    assert Notification.objects.count() == 30


def test_the_night_tells_it_before_it_writes_letters():
    names = [chore.__name__ for chore in nightly.CHORES]

    assert names.index("tell_of_closed_days") < names.index("write_letters_of_the_night")


def test_who_chooses_such_a_day_reads_it_at_once(client, torugart):
    client.force_login(make_user())

    page = client.post("/crossings/torugart/watch/", {"travel_on": "2026-12-05"}, follow=True)

    assert "On Saturday 5 December: Both sides closed: no hours on this day of the week." in page.text


def test_an_ordinary_day_says_nothing(client, torugart):
    client.force_login(make_user())

    page = client.post("/crossings/torugart/watch/", {"travel_on": "2026-12-03"}, follow=True)

    assert "On Thursday 3 December" not in page.text


def test_ones_own_calendar_says_it_beside_the_day(client, torugart):
    user = make_user()
    watch(user, torugart, travel_on=SATURDAY)

    text = client.get(secret_addresses.make_address(user, PrivateFeed.Kind.DATES)).text.replace("\r\n ", "")

    assert (
        "DESCRIPTION:Both sides closed: no hours on this day of the week. Posted hours\\, as of November 2026.\\n"
        in text
    )
