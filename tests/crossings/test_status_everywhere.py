"""A dispute, and what only the editors knew long ago, wherever the status of a crossing is shown."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from crossings.links import actions
from crossings.models import Crossing, Status, StatusChange
from crossings.status import update
from notifications.models import Notification, Watch
from notifications.news import crossing_news
from tests.crossings.factories import make_crossing, make_report
from tests.crossings.test_pages import words_of
from tests.factories import make_user
from tests.forum.factories import make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def disputed():
    crossing = make_crossing(name="Torugart Pass", slug="torugart", editors_status=Status.OPEN)
    make_report(crossing, days_ago=12)
    make_report(crossing, days_ago=1, outcome="found-closed", reason="shut")
    return crossing


@pytest.fixture
def stale():
    crossing = make_crossing(
        name="Dostyk", slug="dostyk", editors_status=Status.OPEN, as_of=date(2024, 6, 1), countries=("CN", "KZ")
    )
    update.judge(crossing.pk)
    return crossing


class TestDisputed:
    def test_the_head_says_it_with_the_newer_side_first(self, client, disputed):
        page = words_of(client, "/crossings/torugart/")

        assert "<b>Disputed</b>" in page
        stamp = page[page.index("versus") :]
        assert stamp.index("Closed<br>") < stamp.index("Through<br>")
        assert "One traveller found it closed on" in page
        assert "One got through before that, on" in page

    @pytest.mark.parametrize(
        "url",
        ["/crossings/", "/crossings/?status=disputed", "/countries/kg/", "/countries/", "/crossings/torugart/why/"],
    )
    def test_lists_show_word_and_shape(self, client, disputed, url):
        page = words_of(client, url)

        assert "status-disputed" in page
        assert "#disputed" in page

    def test_it_is_filtered_apart(self, client, disputed):
        assert "Torugart" not in words_of(client, "/crossings/?status=open")

    def test_data_say_what_each_side_told(self, client, disputed):
        told = client.get("/crossings/torugart.json").json()["status"]
        feature = client.get("/crossings.geojson").json()["features"][0]["properties"]["status"]

        assert told == feature
        assert told["is"] == "disputed"
        assert [(one["side"], one["travellers"]) for one in told["told"]] == [("shut", 1), ("passes", 1)]

    def test_topics_show_it_in_chip_and_card(self, client, disputed):
        topic = make_topic(title="Is it open?")
        actions.link_topic(topic, disputed, source="author", by=topic.author)

        assert "disputed, newest report" in words_of(client, topic.subforum.get_absolute_url())
        assert "status-disputed" in words_of(client, topic.get_absolute_url())

    def test_the_search_says_the_sentence(self, client, disputed):
        assert "One traveller found it closed on" in words_of(client, "/search/?q=torugart+pass")

    def test_watchers_are_told_who_said_what(self, disputed):
        Watch.objects.create(user=make_user(), crossing=disputed, watched_at=timezone.now())

        crossing_news.tell_of_status(StatusChange.objects.get().pk)

        told = Notification.objects.get()
        assert told.subject == "Torugart Pass: Open became disputed"
        assert told.words.startswith("One traveller found it closed on")


class TestStale:
    def test_the_head_says_what_it_was_and_when(self, client, stale):
        page = words_of(client, "/crossings/dostyk/")

        assert "<b>Not known</b>" in page
        assert "Open in June 2024" in page
        assert "It was open in June 2024, and that may have changed." in page
        assert "status-open" not in page[: page.index("Who gets through")]

    def test_open_counts_only_what_is_known_today(self, client, stale):
        make_crossing(editors_status=Status.OPEN)

        page = words_of(client, "/crossings/")

        assert "Open 1" in page
        assert "Not known, was known 1" in page
        assert "Dostyk" not in words_of(client, "/crossings/?status=open")
        assert "Dostyk" in words_of(client, "/crossings/?status=stale")
        assert "#stale-open" in words_of(client, "/crossings/?status=stale")

    def test_data_tell_it_apart_from_what_was_never_known(self, client, stale):
        make_crossing(slug="never", editors_status=Status.UNKNOWN)

        was, never = (client.get(f"/crossings/{slug}.json").json()["status"] for slug in ("dostyk", "never"))

        assert (was["is"], was["stale"]) == ("unknown", {"was": "open", "in": "2024-06"})
        assert (never["is"], never["stale"]) == ("unknown", None)

    @pytest.mark.parametrize(("in_conflict_zone", "days"), [(False, 90), (True, 30)])
    def test_the_day_ends_what_editors_say(self, in_conflict_zone, days):
        crossing = make_crossing(editors_status=Status.CLOSED, in_conflict_zone=in_conflict_zone)
        last = crossing.as_of + timedelta(days=days)

        statuses = [
            Crossing.objects.with_status(day).get(pk=crossing.pk).shown_status
            for day in (last, last + timedelta(days=1))
        ]

        assert statuses == [Status.CLOSED, Status.STALE]

    def test_a_kept_page_ends_with_the_day(self, client, monkeypatch):
        make_crossing(name="Dostyk", slug="dostyk", editors_status=Status.OPEN)
        assert "<b>Open</b>" in words_of(client, "/crossings/dostyk/")
        later = timezone.now() + timedelta(days=125)
        monkeypatch.setattr("django.utils.timezone.now", lambda: later)

        assert "<b>Not known</b>" in words_of(client, "/crossings/dostyk/")

    def test_a_report_speaks_again(self, client, stale):
        make_report(stale)

        assert "<b>Open</b>" in words_of(client, "/crossings/dostyk/")
