"""Weekends and holidays of the next days on the home page, beside what notices announce."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pagecache.store import clear_all
from tests.crossings.factories import make_country, make_crossing, make_hours, make_notice, make_report

pytestmark = [pytest.mark.django_db, pytest.mark.real_holidays]
# A Monday; Kyrgyzstan has New Year's holidays from 1 to 7 January.
NOW = datetime(2026, 12, 28, 6, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    make_country("CN", "China")
    make_country("KG", "Kyrgyzstan")
    make_country("XN", "Northern Cyprus")


def closures(client):
    html = client.get("/").text
    found = re.search(r'<section aria-labelledby="closures">.*?</section>', html, re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[0])).split()) if found else ""


def make_resting(name, countries=("CN", "KG"), **fields):
    crossing = make_crossing(name=name, countries=countries, zone_a="Asia/Shanghai", zone_b="Asia/Bishkek", **fields)
    make_hours(crossing, "a", weekdays="12345")
    return crossing


def test_weekends_of_several_crossings_are_one_row(client):
    for name in ("Torugart", "Kulma"):
        make_resting(name)

    assert "2 to 3 Jan Kulma , Torugart No hours on these days, every week" in closures(client).replace(
        "Torugart , Kulma", "Kulma , Torugart"
    )


def test_holidays_may_shut_the_posts_of_a_country(client):
    make_report(make_crossing(name="Irkeshtam"), days_ago=3)

    words = closures(client)

    assert "Fri 1 Jan Irkeshtam New Year's Day in" in words
    assert "posts may be shut" in words


def test_a_crossing_of_which_nobody_tells_is_not_named(client):
    make_crossing(name="Irkeshtam")

    assert closures(client) == ""


def test_what_is_official_has_its_place_first_and_all_of_it_is_in_order(client):
    make_resting("Torugart")
    for i in range(5):
        make_notice(make_crossing(name=f"Shut {i}", countries=("CN", "XN")), begins=9 + i, text=f"Notice {i}")

    words = closures(client)

    assert [f"Notice {i}" in words for i in range(5)] == [True] * 5
    assert words.index("Torugart") < words.index("Notice 0")


def test_more_crossings_make_no_more_statements(client):
    def statements():
        clear_all()
        with CaptureQueriesContext(connection) as found:
            client.get("/")
        return len(found)

    make_report(make_resting("Torugart"), days_ago=1)
    statements()  # the first one asks once for what all pages share
    few = statements()
    for i in range(8):
        make_report(make_resting(f"Other {i}"), days_ago=1)

    assert statements() == few
