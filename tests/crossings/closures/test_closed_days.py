"""The closed days of a crossing: on its page, on the calculator's, and in everybody's calendar."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config import page_cache
from crossings.closures.public_calendar import events_of
from crossings.models import Crossing, Notice
from crossings.status import update
from tests.crossings.factories import make_country, make_crossing, make_hours, make_notice, make_report

pytestmark = [pytest.mark.django_db, pytest.mark.real_holidays]
BEIJING, BISHKEK = "Asia/Shanghai", "Asia/Bishkek"
PAGE, CALENDAR, WINDOW = "/crossings/torugart/", "/crossings/torugart.ics", "/crossings/torugart/window/"
# Monday, 07:40 in Bishkek.
NOW = datetime(2026, 11, 30, 1, 40, tzinfo=UTC)


class Clock:
    """The time of the site, which a test moves on."""

    def __init__(self):
        self.now = NOW

    def move_to(self, moment):
        self.now = moment


@pytest.fixture
def now(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    return clock


@pytest.fixture
def torugart(now):
    make_country("CN", "China")
    make_country("KG", "Kyrgyzstan")
    crossing = make_crossing(
        name="Torugart", slug="torugart", zone_a=BEIJING, zone_b=BISHKEK, editors_status="open", names=("吐尔尕特",)
    )
    make_hours(crossing, "a", "10:00", "17:00", weekdays="12345")
    make_hours(crossing, "b", "08:00", "17:00", weekdays="12345")
    return crossing


def said(html):
    """Without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def section(client, url=PAGE):
    html = client.get(url).content.decode()
    return re.search(r'<section class="stack closed-days".*?</section>', html, re.DOTALL)[0]


def cell(html, day):
    return re.search(
        rf'<li class="([^"]*)"><time datetime="{day}">[^<]*</time><span[^>]*>, ([^<]*)</span>', html
    ).groups()


class TestOnThePage:
    def test_sixty_days_with_weekends_holidays_and_their_sources(self, client, now, torugart):
        html = section(client)

        assert html.count("<time datetime=") >= 60
        assert cell(html, "2026-12-05") == ("side-a-closed side-b-closed", "Saturday: both closed")
        assert cell(html, "2027-01-01") == ("side-a-may-be side-b-may-be", "Friday: both may be shut")
        assert cell(html, "2027-01-07") == (
            "side-a-works side-b-may-be",
            "Thursday: China works, Kyrgyzstan may be shut",
        )
        words = said(html)
        assert "Closed days, 30 November to 28 January" in words
        assert "Both sides closed, every week" in words
        assert "Kyrgyzstan may be shut: Christmas Day" in words
        assert "China has no bridge days of 2027 in our calendar yet." in words

    def test_the_head_says_the_next_closure_that_is_sure(self, client, now, torugart):
        assert "Next closed: 5 to 6 December. All closed days" in said(client.get(PAGE).content.decode())

        make_notice(torugart, begins=2, ends=3, kind=Notice.Kind.SEASON, text="Snow.")

        assert "Next closed: 2 to 3 December. The notice" in said(client.get(PAGE).content.decode())

    def test_cells_are_no_targets(self, client, now, torugart):
        days = section(client).partition('<ol class="sheet days">')[2].partition("</ol>")[0]

        assert days.count("<time") == 60
        assert "<a" not in days
        assert "<button" not in days

    def test_more_notices_and_hours_make_no_more_queries(self, client, now, torugart):
        def queries():
            with CaptureQueriesContext(connection) as found:
                client.get(PAGE)
            return len(found)

        client.get(PAGE)
        Crossing.objects.update(version=100)
        few = queries()
        for i in range(8):
            make_notice(torugart, begins=5 + i, ends=6 + i, text=f"Notice {i}")
        Crossing.objects.update(version=200)

        assert queries() == few

    def test_a_crossing_of_which_nothing_is_known_says_so(self, client, now):
        make_country("CY", "Cyprus")
        make_country("XN", "Northern Cyprus")
        make_crossing(name="Ledra", slug="ledra", countries=("CY", "XN"))

        html = section(client, "/crossings/ledra/")

        assert cell(html, "2026-12-02") == ("side-a-unknown side-b-unknown", "Wednesday: not known")
        assert "Northern Cyprus has no calendar of public holidays here." in said(html)

    def test_what_a_notice_says_is_escaped(self, client, now, torugart):
        make_notice(torugart, begins=1, ends=2, text="<b>Snow</b> & “ice”")

        assert "&lt;b&gt;Snow&lt;/b&gt; &amp; “ice”" in section(client)

    @pytest.mark.parametrize(
        ("at", "first"),
        [
            (datetime(2026, 11, 30, 17, 59, tzinfo=UTC), "30 November"),
            (datetime(2026, 11, 30, 18, 0, tzinfo=UTC), "1 December"),
        ],
    )
    def test_the_strip_begins_on_the_day_of_the_posts(self, client, now, torugart, at, first):
        now.move_to(at)

        assert f"Closed days, {first} to" in said(section(client))

    def test_a_kept_page_ends_at_the_next_midnight_of_either_post(self, client, now, torugart):
        now.move_to(datetime(2026, 11, 30, 15, 59, 50, tzinfo=UTC))  # ten seconds before midnight in Beijing

        client.get(PAGE)

        [page] = [page for key, page in page_cache.store._cache.items() if key[1] == PAGE]
        assert 0 < page.valid_until - page_cache.time.monotonic() <= 10

    def test_the_date_stands_beside_today_and_nothing_says_in_how_many_minutes(self, client, now, torugart):
        words = said(client.get(PAGE).content.decode())

        assert "Today, Monday 30 November" in words
        assert not re.search(r"\bin \d+ (min|hours?)\b", words)


class TestInTheCalculator:
    def test_a_holiday_is_said_of_its_day_before_the_hours(self, client, now, torugart):
        words = said(client.get(WINDOW, {"to": "kg", "by": "bicycle", "day": "2027-01-07"}).content.decode())

        assert "A holiday: Kyrgyzstan may be shut: Christmas Day. The calendar of public holidays." in words

    def test_an_ordinary_day_says_nothing_of_holidays(self, client, now, torugart):
        page = client.get(WINDOW, {"to": "kg", "by": "bicycle", "day": "2026-12-03"})

        assert "A holiday:" not in said(page.content.decode())
        assert "Closed days, 30 November to 28 January" in said(page.content.decode())


def unfolded(client):
    answer = client.get(CALENDAR)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return text.replace("\r\n ", "").split("\r\n")


def uids(lines):
    return [line for line in lines if line.startswith("UID:")]


class TestInACalendar:
    def test_each_closure_is_an_event_of_whole_days_with_words_and_source(self, client, now, torugart):
        lines = unfolded(client)

        place = lines.index("UID:weekly-ab-20261205-torugart@127.0.0.1")
        assert lines[place - 1 : place + 10] == [
            "BEGIN:VEVENT", "UID:weekly-ab-20261205-torugart@127.0.0.1", "DTSTAMP:20260101T000000Z",
            "DTSTART;VALUE=DATE:20261205", "DTEND;VALUE=DATE:20261207", "SUMMARY:Torugart: Both sides closed",
            "DESCRIPTION:no hours on this day of the week\\nPosted hours\\, as of November 2026.",
            "URL:http://127.0.0.1:8000/crossings/torugart/", "TRANSP:TRANSPARENT", "CLASS:PUBLIC", "END:VEVENT",
        ]  # fmt: skip
        assert len(set(uids(lines))) == len(uids(lines))

    def test_it_is_the_same_text_all_day_long_and_asked_again_a_304(self, client, now, torugart):
        first = client.get(CALENDAR)
        now.move_to(NOW + timedelta(hours=9))
        page_cache.store.clear()

        later = client.get(CALENDAR)
        again = client.get(CALENDAR, headers={"if-none-match": later["ETag"]})

        assert first.content == later.content
        assert (again.status_code, later["Content-Type"]) == (304, "text/calendar; charset=utf-8")

    def test_on_the_second_day_of_a_weekend_its_event_is_the_same(self, client, now, torugart):
        weekend = "UID:weekly-ab-20261205-torugart@127.0.0.1"
        before = unfolded(client)
        now.move_to(datetime(2026, 12, 6, 5, 0, tzinfo=UTC))

        after = unfolded(client)

        places = [lines.index(weekend) for lines in (before, after)]
        assert before[places[0] : places[0] + 8] == after[places[1] : places[1] + 8]

    def test_a_notice_keeps_its_name_when_its_days_change(self, client, now, torugart):
        notice = make_notice(torugart, begins=3, ends=4, text="Road works; bring food, water\nand time")
        first = unfolded(client)
        Notice.objects.update(ends_on=date(2026, 12, 9))
        Crossing.objects.update(version=999)

        lines = unfolded(client)

        uid = f"UID:notice-{notice.pk}@127.0.0.1"
        assert (uid in first, uid in lines) == (True, True)
        assert "DTEND;VALUE=DATE:20261210" in lines
        assert any("Road works\\; bring food\\, water\\nand time" in line for line in lines)

    @pytest.mark.parametrize(("days", "is_told"), [(1, True), (7, True), (8, False)])
    def test_a_notice_that_is_over_stays_as_long_as_any_other_closure(self, client, now, torugart, days, is_told):
        notice = make_notice(torugart, begins=-days - 1, ends=-days)

        assert (f"UID:notice-{notice.pk}@127.0.0.1" in unfolded(client)) == is_told

    def test_a_crossing_without_a_closure_has_a_calendar_that_is_one(self, client, now):
        make_country("XN", "Northern Cyprus")
        make_crossing(name="Torugart", slug="torugart", countries=("UA", "XN"))

        assert unfolded(client)[0] == "BEGIN:VCALENDAR"
        assert "BEGIN:VTIMEZONE" in unfolded(client)

    def test_its_page_leads_to_it(self, client, now, torugart):
        assert f'<a href="{CALENDAR}">For my calendar</a>' in section(client)

    def test_making_it_asks_nothing_of_the_database(self, django_assert_num_queries, now, torugart):
        crossing = Crossing.objects.with_countries().get()
        notices = list(crossing.notices.not_over(update.today()))

        with django_assert_num_queries(0):
            assert events_of(crossing, notices, NOW)


class TestAYearAgo:
    def test_what_travellers_saw_on_a_holiday_stands_beside_the_next_one(self, client, now, torugart):
        make_report(torugart, crossed_on=date(2026, 1, 1), outcome="found-closed", reason="shut")
        make_report(torugart, crossed_on=date(2026, 1, 7))

        words = said(section(client))

        assert "In 2026 one report found it closed" in words
        assert "In 2026 one report got through" in words

    @pytest.mark.parametrize("hidden", [{"only_month": True}, {"is_hearsay": True}])
    def test_days_that_others_may_not_know_and_hearsay_are_left_out(self, client, now, torugart, hidden):
        make_report(torugart, crossed_on=date(2026, 1, 1), outcome="found-closed", reason="shut", **hidden)

        assert "found it closed" not in said(section(client))

    def test_a_delayed_day_is_left_out_until_everybody_may_know_it(self, client, now, torugart):
        make_report(torugart, days_ago=3, outcome="found-closed", reason="shut", is_delayed=True)

        torugart.refresh_from_db()
        assert "seen" not in torugart.kept_hours
