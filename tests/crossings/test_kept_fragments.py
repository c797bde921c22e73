"""Fragments of a crossing's page and of lists are kept by the rows that they show: a change of any of these is seen.

The rows are changed past the actions here, which raise no version: nothing but the values tells of the change.
"""

import json
from datetime import timedelta

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from accounts.models import ExpertBadge
from crossings.dump import open_data
from crossings.links import actions
from crossings.models import (
    Country,
    Crossing,
    CrossingEdit,
    CrossingFact,
    CrossingName,
    CrossingTopic,
    Notice,
    ReportFee,
    StatusChange,
)
from crossings.status.update import today
from forum.models import Post, Topic
from tests.crossings.factories import make_crossing, make_notice, make_report
from tests.factories import make_user
from tests.forum.factories import make_topic

pytestmark = pytest.mark.django_db

FEES = [["bicycle", "USD", 1234, 3, "2026-01-01", "2026-02-01"]]


def words_of(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


@pytest.fixture
def member(client):
    """Whose pages are never kept as a whole."""
    client.force_login(make_user())
    return client


@pytest.fixture
def crossing():
    """With a row of everything that its page shows."""
    crossing = make_crossing(name="Torugart", names=("Turugart",), towns=["Naryn"], latitude=40.5)
    make_crossing(name="Irkeshtam", latitude=39.7)
    report = make_report(crossing, days_ago=3, source="Quick and friendly.")
    ReportFee.objects.create(report=report, amount=20, currency="USD", purpose="visa")
    make_notice(crossing, begins=5, ends=6, text="A holiday.", kind=Notice.Kind.HOLIDAY)
    CrossingFact.objects.create(
        crossing=crossing, kind=CrossingFact.Kind.PAPERS, text="A visa is needed.", as_of=today(),
        source="general knowledge", confidence="medium",
    )  # fmt: skip
    CrossingEdit.objects.create(
        crossing=crossing, edited_by=make_user(), edited_at=timezone.now(), reason="A better map.", changes=[]
    )
    StatusChange.objects.create(
        crossing=crossing, changed_on=today() - timedelta(days=40), before="closed", after="open", source="editors",
        noted_at=timezone.now(),
    )  # fmt: skip
    topic = make_topic(title="Is it slow?")
    actions.link_topic(topic, crossing, source=CrossingTopic.Source.AUTHOR, by=topic.author)
    crossing.refresh_from_db()
    return crossing


@pytest.mark.parametrize(
    ("rows", "change", "words"),
    [
        (Crossing.objects.filter(slug__gt=""), {"altitude_m": 3752}, "3,752 m"),
        (Crossing.objects.filter(slug__gt=""), {"towns": ["Kashgar"]}, "Kashgar"),
        (Crossing.objects.filter(slug__gt=""), {"clock_note": "Two clocks.", "zone_a": "Asia/Shanghai"}, "Two clocks."),
        (Crossing.objects.filter(slug__gt=""), {"figures": {"fees": FEES}}, "1,234 USD"),
        (Crossing.objects.filter(slug__gt=""), {"cells": []}, "No report says yet who gets through"),
        (Crossing.objects.filter(name="Irkeshtam"), {"name": "Erkech-Tam"}, "Erkech-Tam"),
        (CrossingName.objects.filter(text="Turugart"), {"text": "Topa"}, "Topa"),
        (Country.objects.filter(code="KG"), {"name": "Kyrgyz Republic"}, "Kyrgyz Republic"),
        (CrossingFact.objects.all(), {"text": "Nothing is needed."}, "Nothing is needed."),
        (CrossingFact.objects.all(), {"confidence": "high"}, "reliable"),
        (Notice.objects.all(), {"text": "Another holiday."}, "Another holiday."),
        (Post.objects.all(), {"html": "<p>Slow and rude.</p>"}, "Slow and rude."),
        (StatusChange.objects.all(), {"before": "limited"}, "Restricted became"),
        (CrossingEdit.objects.all(), {"reason": "A better name."}, "A better name."),
        (Topic.objects.filter(title="Is it slow?"), {"title": "Is it quick?"}, "Is it quick?"),
        (Topic.objects.filter(title="Is it slow?"), {"posts_count": 42}, "41 replies"),
    ],
)
def test_the_page_of_a_crossing_shows_a_row_as_it_is_now(member, crossing, rows, change, words):
    before = words_of(member, crossing.get_absolute_url())

    rows.update(**change)

    assert words not in before
    assert words in words_of(member, crossing.get_absolute_url())


def test_the_page_of_a_crossing_shows_rows_that_are_added_and_taken_away(member, crossing):
    words_of(member, crossing.get_absolute_url())

    make_report(crossing, source="Nobody was there.", outcome="turned-back", reason="closed")
    CrossingFact.objects.all().delete()
    after = words_of(member, crossing.get_absolute_url())

    assert "Nobody was there." in after
    assert "A visa is needed." not in after


def test_a_way_has_fragments_of_its_own(member, crossing):
    url = crossing.get_absolute_url()
    words_of(member, url)

    chosen = words_of(member, f"{url}?to=kg&by=bicycle")
    wrong = words_of(member, f"{url}?by=rocket")

    assert "To Country KG by bicycle" in chosen
    assert "That is no way across here." in wrong
    assert "That is no way across here." not in words_of(member, url)


def test_the_page_speaks_of_the_day_on_which_it_is_read(member, crossing, monkeypatch):
    words_of(member, crossing.get_absolute_url())

    later = today() + timedelta(days=900)
    monkeypatch.setattr("crossings.status.update.today", lambda: later)

    assert "May be out of date" in words_of(member, crossing.get_absolute_url())


def test_each_reader_has_the_buttons_of_their_own(client, crossing):
    """Which stand between the fragments that all readers share."""
    url = crossing.get_absolute_url()
    client.force_login(make_user(is_staff=True))
    for_staff = words_of(client, url)
    client.force_login(make_user())
    for_members = words_of(client, url)
    client.logout()

    assert "/edit/" in for_staff
    assert "/edit/" not in for_members
    assert 'details class="more"' not in words_of(client, url)


# --- Lists and data ---


@pytest.mark.parametrize(
    ("rows", "change", "words"),
    [
        (Crossing.objects.filter(name="Irkeshtam"), {"name": "Erkech-Tam"}, "Erkech-Tam"),
        (Crossing.objects.filter(name="Irkeshtam"), {"is_territory_disputed": True}, "disputed"),
        (Crossing.objects.filter(name="Irkeshtam"), {"editors_status": "limited"}, "Restricted"),
        (Country.objects.filter(code="KG"), {"name": "Kyrgyz Republic"}, "Kyrgyz Republic"),
    ],
)
@pytest.mark.parametrize("url", ["/crossings/", "/crossings/?order=name", "/countries/cn/"])
def test_a_list_shows_a_row_as_it_is_now(member, crossing, url, rows, change, words):
    before = words_of(member, url)

    rows.update(**change)

    assert words_of(member, url).count(words) > before.count(words)


def test_a_list_shows_a_crossing_that_is_new_and_one_that_was_moved(member, crossing):
    words_of(member, "/crossings/?region=central-asia")

    make_crossing(name="Kulma")
    Crossing.objects.filter(name="Irkeshtam").update(latitude=-33.0, longitude=-70.0)
    page = words_of(member, "/crossings/?region=central-asia")

    assert "Kulma" in page
    assert "Irkeshtam" not in page


def test_a_country_shows_its_article_and_experts_as_they_are_now(member, crossing):
    words_of(member, "/countries/kg/")

    article = {"article": "Mountains.", "article_html": "<p>Mountains.</p>", "article_as_of": today()}
    Country.objects.filter(code="KG").update(**article)
    ExpertBadge.objects.create(
        user=make_user(username="ainura"), title="Kyrgyzstan expert", countries=["KG"], given_by=make_user(),
        given_at=timezone.now(),
    )  # fmt: skip
    page = words_of(member, "/countries/kg/")

    assert "<p>Mountains.</p>" in page
    assert "ainura" in page


@pytest.mark.parametrize(
    ("rows", "change", "words"),
    [
        (Crossing.objects.filter(name="Irkeshtam"), {"name": "Erkech-Tam"}, "Erkech-Tam"),
        (Crossing.objects.filter(name="Irkeshtam"), {"clock_note": "Two clocks."}, "Two clocks."),
        (Crossing.objects.filter(name="Irkeshtam"), {"longitude": 73.25}, "73.25"),
        (Crossing.objects.filter(name="Irkeshtam"), {"editors_status": "limited"}, '"limited"'),
        (Country.objects.filter(code="KG"), {"name": "Kyrgyz Republic"}, "Kyrgyz Republic"),
    ],
)
def test_the_data_of_all_crossings_have_a_row_as_it_is_now(member, crossing, rows, change, words):
    before = words_of(member, "/crossings.geojson")

    rows.update(**change)

    assert words not in before
    assert words in words_of(member, "/crossings.geojson")


def test_the_text_of_all_crossings_is_the_json_of_what_is_told_of_each(crossing):
    rows = Crossing.objects.with_status(today()).with_countries().order_by("slug")
    told = open_data.as_geojson(list(rows), today())

    for _ in range(2):
        text = open_data.geojson_of(open_data.ask_for_all(today()), today())
        assert text == json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False)
