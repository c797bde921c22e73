"""A search finds a crossing by any spelling, and posts under all its names."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from crossings.gazetteer import query_expansion
from crossings.models import Status
from forum.models import Subforum
from tests.crossings.factories import make_crossing, make_notice
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def crossing():
    names = ("Turugart", "Торугарт", "吐尔尕特")
    return make_crossing(name="Torugart Pass", slug="torugart", names=names, editors_status=Status.LIMITED)


def search(client, query, **more):
    return client.get("/search/", {"q": query, **more}).content.decode()


@pytest.mark.parametrize(
    "query", ["torugart", "Torugrat", "Torrugart", "Tourougart", "Toru-gart pass", "Торугарт", "吐尔尕特"]
)
def test_the_crossing_leads_the_results_by_any_spelling(client, crossing, query):
    make_topic(title="The arch in May", source="Торугарт is windy.")
    make_topic(title="Turugart by truck", source="Slow.")
    make_topic(title="Torugart by train", source="There is none.")

    page = search(client, query)

    assert page.index(crossing.get_absolute_url()) < page.index("Results")
    assert "Restricted" in page
    assert "The arch in May" in page
    assert "Turugart by truck" in page
    assert "Torugart by train" in page


def marks_of(client, query):
    """What is marked in the passages that were found."""
    hits = client.get("/search/", {"q": query}).context["found"].hits
    return sorted(mark for hit in hits for mark in re.findall("<mark>(.*?)</mark>", hit.found_words))


@pytest.mark.parametrize(
    ("source", "marked"),
    [
        ("A pass by any name: Turugart in snow.", ["Turugart"]),
        ("Torugart Pass in snow, my pass in the pocket.", ["Torugart Pass"]),
        ("Torugart in snow, my pass in the pocket.", ["Torugart"]),
        ("我们过吐尔尕特口岸, 特别", ["吐尔尕特"]),
    ],
)
def test_a_name_that_is_meant_as_well_is_marked_as_a_whole_or_not_at_all(client, crossing, source, marked):
    make_topic(title="The arch in May", source=source)

    assert marks_of(client, "Torugart") == marked


def test_every_word_that_was_typed_is_marked_in_any_form(client, crossing):
    make_topic(title="The arch in May", source="Over the passes: Torugart, by bicycle and with bicycles.")

    assert marks_of(client, "torugart pass bicycle") == ["Torugart", "bicycle", "bicycles", "passes"]


def test_the_other_words_of_the_query_still_count(client, crossing):
    make_topic(title="Turugart by truck", source="Slow.")
    make_topic(title="Turugart by bicycle", source="Slow.")

    page = search(client, "Torugrat bicycle")

    assert "Turugart by bicycle" in page
    assert "Turugart by truck" not in page


def test_what_is_left_out_stays_left_out(client, crossing):
    make_topic(title="Turugart by truck", source="Slow.")
    make_topic(title="Turugart by bicycle", source="Slow.")

    page = search(client, "Torugart -truck")

    assert "Turugart by bicycle" in page
    assert "Turugart by truck" not in page


def test_a_crossing_leads_also_where_no_post_speaks_of_it(client, crossing):
    page = search(client, "Torugart")

    assert crossing.get_absolute_url() in page
    assert "Nothing found" in page


def test_an_everyday_word_that_is_a_name_is_found_when_nothing_else_is_asked(client):
    bridge = make_crossing(name="Red Bridge")

    assert query_expansion.leads(make_user(), "red bridge")[0]["crossing"] == bridge
    assert query_expansion.leads(make_user(), "a photo of a red bridge") == []


def test_all_crossings_of_one_name_lead(client):
    made = {make_crossing(name="Dostyk One", names=("Dostyk",)), make_crossing(name="Dostyk Two", names=("Dostyk",))}

    assert {part["crossing"] for part in query_expansion.leads(make_user(), "Dostyk")} == made


@pytest.mark.parametrize("query", ["bread", "-torugart", '"', "or", "a" * 200])
def test_what_names_no_crossing_has_no_lead(client, crossing, query):
    assert query_expansion.leads(make_user(), query) == []
    assert client.get("/search/", {"q": query}).status_code in {200, 400}


def test_posts_under_other_names_obey_the_readers_access(client, crossing):
    staff = make_subforum(access=Subforum.Access.STAFF)
    topic = make_topic(title="Turugart for staff", subforum=staff, author=make_user(is_staff=True))
    make_post(topic=topic, author=topic.author)

    assert "for staff" not in search(client, "Торугарт")


def test_the_second_page_of_results_is_not_led(client, crossing):
    assert crossing.get_absolute_url() not in search(client, "Torugart", after="0.1_5")


def test_a_lead_says_on_the_next_day_what_holds_then_and_no_cache_may_keep_the_other(client, crossing, monkeypatch):
    make_notice(crossing, begins=1)
    (today,) = query_expansion.leads(make_user(), "Torugart")
    assert "Restricted" in search(client, "Torugart")
    tomorrow = timezone.now() + timedelta(days=1)

    with monkeypatch.context() as patch:
        patch.setattr(timezone, "now", lambda: tomorrow)
        (next_day,) = query_expansion.leads(make_user(), "Torugart")
        page = search(client, "Torugart")

    assert "Closed" in page
    assert "Restricted" not in page.split("Results")[0]
    assert today["crossing"].version == next_day["crossing"].version
    assert today["key"] != next_day["key"]


def test_on_one_day_a_lead_has_one_cache_key_until_its_crossing_changes(crossing):
    (first,), (second,) = (query_expansion.leads(make_user(), "Torugart") for _ in range(2))
    make_notice(crossing)
    (changed,) = query_expansion.leads(make_user(), "Torugart")

    assert first["key"] == second["key"] != changed["key"]
