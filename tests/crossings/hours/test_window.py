"""When one has to be at the gate: on the crossing's page, and in the calculator with everything in its address."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crossings.hours import wording
from crossings.hours.panels import todays_hours
from crossings.status.update import today
from tests.crossings.factories import make_country, make_crossing, make_hours, make_notice, make_report
from tests.factories import make_user
from tests.pages import words_of

pytestmark = pytest.mark.django_db
BEIJING, BISHKEK = "Asia/Shanghai", "Asia/Bishkek"
PAGE = "/crossings/torugart/window/"
MONDAY = datetime(2026, 11, 30, 1, 40, tzinfo=UTC)  # 07:40 in Bishkek


def make_torugart(**fields):
    make_country("CN", "China")
    make_country("KG", "Kyrgyzstan")
    fields = {"zone_a": BEIJING, "zone_b": BISHKEK, "editors_status": "open"} | fields
    return make_crossing(name="Torugart", slug="torugart", **fields)


@pytest.fixture
def torugart():
    crossing = make_torugart()
    make_hours(crossing, "a", "10:00", "17:00", pause="13:30-15:30", weekdays="12345")
    make_hours(crossing, "b", "08:00", "17:00", pause="12:00-13:00", weekdays="12345")
    make_report(crossing, direction="b-a", minutes_at_exit=40, minutes_between=150, minutes_at_entry=60)
    crossing.refresh_from_db()
    return crossing


def next_weekday(iso):
    """A day ahead, by its ISO number."""
    return next(day for day in (today() + timedelta(days=i) for i in range(1, 8)) if day.isoweekday() == iso)


def test_thursday_from_kyrgyzstan_to_china_by_bicycle(client, torugart):
    thursday = next_weekday(4)

    page = words_of(client, f"{PAGE}?to=cn&by=bicycle&day={thursday}&spare=30")

    assert "to China, by bicycle" in page
    assert "Be at the gate of Kyrgyzstan by 10:20 in Bishkek (12:20 in Beijing)" in page
    assert "Then you are through in China at 14:30 in Bishkek (16:30 in Beijing), 30 min before the post shuts." in page
    assert "Both work 08:00 to 11:30 10:00 to 13:30" in page


def test_on_a_weekend_it_says_the_next_day(client, torugart):
    page = words_of(client, f"{PAGE}?to=cn&by=bicycle&day={next_weekday(6)}")

    assert "Closed on this day: Kyrgyzstan and China" in page
    assert "The next day is Monday" in page


def test_the_same_answer_has_one_address_and_is_not_kept(client, torugart):
    answer = client.get(PAGE)

    assert answer.status_code == 200
    assert f"?to=kg&amp;by=bicycle&amp;day={answer.context['form'].data['day']}&amp;spare=30" in answer.text
    assert not hasattr(answer, "kept")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("to=zz", "Choose one of the two countries"),
        ("by=camel", "Choose a way of travelling"),
        ("day=tomorrow", "This is no day"),
        ("day=2026-02-30", "This is no day"),
        ("day=1999-01-01", "Choose a day of the last year"),
        ("day=9999-12-31", "Choose a day of the last year"),
        ("day=0001-01-01", "Choose a day of the last year"),
        ("spare=17", "Choose a time from the list"),
    ],
)
def test_what_cannot_be_asked_gets_the_form_with_words(client, torugart, query, words):
    answer = client.get(f"{PAGE}?{query}")

    assert answer.status_code == 400
    assert words in answer.text


def test_without_hours_it_says_that_nobody_told(client):
    make_torugart()

    page = words_of(client, f"{PAGE}?to=cn&by=bicycle")

    assert "Hours not known" in page
    assert "Nobody has told us the hours of China." in page
    assert "Nobody has told us the hours of Kyrgyzstan." in page


def test_without_any_clock_there_is_a_page_too(client):
    make_torugart(zone_a="", zone_b="")

    assert "Hours not known" in words_of(client, PAGE)


def test_with_one_side_known_it_says_which_is_not(client):
    crossing = make_torugart()
    make_hours(crossing, "b", "08:00", "17:00")

    page = words_of(client, f"{PAGE}?to=cn&by=bicycle")

    assert "Be at the gate of Kyrgyzstan by 17:00 in Bishkek (19:00 in Beijing)" in page
    assert "Nobody has told us the hours of China." in page


def test_with_half_an_hour_known_it_says_which_half(client):
    crossing = make_torugart()
    make_hours(crossing, "b", "08:00", "")

    page = words_of(client, f"{PAGE}?to=cn&by=bicycle")

    assert "Kyrgyzstan opens at 08:00 in Bishkek (10:00 in Beijing); nobody has told us when it shuts." in page


def test_day_and_night_it_is_any_time(client):
    crossing = make_torugart()
    for side in "ab":
        make_hours(crossing, side, "00:00", "24:00")

    page = words_of(client, f"{PAGE}?to=cn&by=car")

    assert "Any time: both posts work day and night" in page
    assert "round the clock" in page


def test_an_hour_less_is_not_any_time(client):
    crossing = make_torugart(zone_a=BISHKEK)
    for side in "ab":
        make_hours(crossing, side, "00:00", "23:30")

    page = words_of(client, f"{PAGE}?to=cn&by=car&spare=0")

    assert "Be at the gate of Kyrgyzstan by 23:30" in page
    assert "Any time" not in page


def test_a_night_that_goes_on_after_midnight_is_of_the_evening_before(client):
    crossing = make_torugart(zone_a=BISHKEK)
    for side in "ab":
        make_hours(crossing, side, "20:00", "04:00", weekdays="12345")

    page = words_of(client, f"{PAGE}?to=cn&by=car&spare=0&day={next_weekday(6)}")

    assert "Be at the gate of Kyrgyzstan by 04:00" in page
    assert "These are the hours of the evening before, which go on after midnight." in page
    assert "closed" in page.split("open by the hours of the evening before")[1]


def test_a_notice_that_closes_the_day_is_said_first(client, torugart):
    make_notice(torugart, begins=5, ends=9, text="Power line renewed.")
    day = (datetime.now(UTC).date()).toordinal() + 6

    page = words_of(client, f"{PAGE}?to=cn&by=bicycle&day={date.fromordinal(day)}")

    assert "A notice says that it is shut on this day. Power line renewed." in page


def test_what_was_read_at_the_gate_last_month_narrows_the_answer(client, torugart):
    torugart.hours.update(as_of=date(2025, 1, 1))
    make_report(torugart, days_ago=3, direction="a-b", gate_hours_a="10:00-14:00")

    page = words_of(client, f"{PAGE}?to=cn&by=bicycle&day={next_weekday(4)}")

    assert "A traveller read 10:00 to 14:00 at the gate of China" in page
    assert "The hours of Kyrgyzstan are of January 2025 and may be out of date" in page


def test_hours_that_meet_only_as_posted_are_said_to_be_too_old(client):
    crossing = make_torugart(zone_a=BISHKEK)
    for side, opens, closes in (("a", "08:00", "12:30"), ("b", "12:00", "18:00")):
        make_hours(crossing, side, opens, closes, as_of=date(2020, 1, 1))

    page = words_of(client, f"{PAGE}?to=cn&by=bicycle")

    assert "The posted hours are too old to count on" in page
    assert "never work at the same time" not in page
    assert "there is no day" not in page
    assert "too old to count on." in todays_hours(crossing, "cn", "bicycle", MONDAY).notes[0]


def test_a_closed_day_before_hours_that_are_too_old(client):
    crossing = make_torugart(zone_a=BISHKEK)
    for side, opens, closes in (("a", "08:00", "12:30"), ("b", "12:00", "18:00")):
        make_hours(crossing, side, opens, closes, as_of=date(2020, 1, 1), weekdays="12345")

    page = words_of(client, f"{PAGE}?to=cn&by=bicycle&day={next_weekday(7)}")

    assert "Closed on this day" in page
    assert "too old to count on" in page
    assert "there is no day" not in page


def test_where_nobody_told_how_long_it_takes_the_time_to_spare_is_what_lacks(client):
    crossing = make_torugart(zone_a=BISHKEK)
    for side, opens, closes in (("a", "08:00", "12:20"), ("b", "12:00", "18:00")):
        make_hours(crossing, side, opens, closes)

    page = words_of(client, f"{PAGE}?to=kg&by=bicycle&spare=30")
    note = todays_hours(crossing, "kg", "bicycle", MONDAY).notes

    assert "needed 0 min" not in page
    assert "Be at the gate of China by 12:20" in page
    assert note == []


def test_a_short_window_of_the_second_post_is_less_than_the_time_to_spare(client):
    crossing = make_torugart(zone_a=BISHKEK)
    for side, opens, closes in (("a", "08:00", "18:00"), ("b", "12:00", "12:20")):
        make_hours(crossing, side, opens, closes)

    page = words_of(client, f"{PAGE}?to=kg&by=bicycle&spare=30")
    note = todays_hours(crossing, "kg", "bicycle", MONDAY).notes[0]

    assert "Both work for only 20 min, less than the time to spare. It may take two days." in page
    assert note == "Both work for only 20 min, less than the time to spare: come as it opens."


def test_a_member_sees_the_own_clock_as_well(client, torugart):
    client.force_login(make_user(time_zone="Europe/Berlin"))

    assert "Yours, Berlin" in words_of(client, f"{PAGE}?to=cn&by=bicycle")


def test_where_both_clocks_show_the_same_there_is_one_column(client):
    crossing = make_crossing(
        name="Oybek", slug="oybek", countries=("TJ", "UZ"), zone_a="Asia/Dushanbe", zone_b="Asia/Tashkent"
    )
    for side in "ab":
        make_hours(crossing, side)

    page = words_of(client, "/crossings/oybek/window/?to=tj&by=foot")

    assert "Tashkent, Dushanbe" in page


@pytest.mark.parametrize(
    ("zones", "words"),
    [
        (("Asia/Shanghai", "Asia/Singapore"), "Beijing in China; Singapore, the same time on 30 November"),
        (("Asia/Shanghai", "Asia/Kolkata"), "Beijing in China; Delhi in Singapore, 2 h 30 min behind on 30 November"),
        (("Asia/Nowhere", "Asia/Singapore"), "Singapore"),
        (("", ""), ""),
    ],
)
def test_clocks_are_said_with_how_far_they_are_apart(zones, words):
    make_country("CN", "China")
    make_country("SG", "Singapore")
    crossing = make_crossing(countries=("CN", "SG"), zone_a=zones[0], zone_b=zones[1])

    assert wording.clocks(crossing, MONDAY.date()) == words


def test_the_crossing_page_has_today_with_its_date(torugart):
    box = todays_hours(torugart, "", "", MONDAY)

    assert box.today == "Today, Monday 30 November"
    assert [clock.name for clock in box.clocks] == ["Beijing", "Bishkek"]
    assert [(row.label, [cell.words for cell in row.cells]) for row in box.rows] == [
        ("Both work", ["10:00 to 13:30", "08:00 to 11:30"]),
        ("and again", ["15:30 to 17:00", "13:30 to 15:00"]),
        ("China", ["10:00 to 17:00", "08:00 to 15:00"]),
        ("Kyrgyzstan", ["10:00 to 19:00", "08:00 to 17:00"]),
    ]


def test_a_crossing_that_is_closed_has_no_hours_in_its_head_and_its_page_ends_with_the_day(torugart):
    box = todays_hours(torugart, "", "", MONDAY, status="closed")

    assert (box.is_shown, box.is_known, list(box.rows)) == (False, False, [])
    assert box.until == todays_hours(torugart, "", "", MONDAY).until


def test_of_ones_own_way_it_says_by_when(torugart):
    box = todays_hours(torugart, "cn", "bicycle", MONDAY)

    assert [clock.name for clock in box.clocks] == ["Bishkek", "Beijing"]
    assert (box.rows[0].label, [cell.words for cell in box.rows[0].cells]) == ("Be there by", ["10:20", "12:20"])


def test_today_is_the_day_of_the_gate_and_ends_with_it(torugart):
    """At 19:00 UTC it is Tuesday in Bishkek."""
    box = todays_hours(torugart, "cn", "bicycle", datetime(2026, 11, 30, 19, tzinfo=UTC))

    assert box.today == "Today, Tuesday 1 December"
    assert box.until == datetime(2026, 12, 1, 18, tzinfo=UTC)


def test_on_a_closed_day_it_says_the_next_one(torugart):
    box = todays_hours(torugart, "cn", "bicycle", datetime(2026, 12, 5, 3, tzinfo=UTC))

    assert [row.words for row in box.rows] == ["closed", "closed"]
    assert box.notes[0] == "Next open: Monday 7 December, from 08:00 in Bishkek (10:00 in Beijing)."


def test_the_page_shows_it_and_never_in_minutes(client, torugart):
    page = words_of(client, "/crossings/torugart/?to=cn&by=bicycle")

    assert "When must I be there?" in page
    assert "Today, " in page


@pytest.mark.parametrize("status", ["closed"])
def test_a_closed_crossing_has_no_hours_in_its_head(client, status):
    crossing = make_torugart(editors_status=status)
    make_hours(crossing, "a")

    assert "When must I be there?" not in words_of(client, "/crossings/torugart/")


def test_more_hours_make_no_more_queries(client):
    few, many = make_torugart(), make_crossing(name="Many", slug="many", zone_a=BEIJING, zone_b=BISHKEK)
    for opens in range(8, 18):
        make_hours(many, "a", f"{opens:02}:00", f"{opens:02}:30")
        make_hours(many, "b", f"{opens:02}:00", f"{opens:02}:30")

    costs = []
    for page in ("", "window/", "hours/"):
        for crossing in (few, many):
            with CaptureQueriesContext(connection) as queries:
                client.get(f"{crossing.get_absolute_url()}{page}")
            costs.append(len(queries))

    assert costs[0] == costs[1]
    assert costs[2] == costs[3]
    assert costs[4] == costs[5]
