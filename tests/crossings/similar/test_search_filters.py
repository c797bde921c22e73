"""Filters of the search by transport and first-hand reports, and hits that may be out of date."""

from datetime import timedelta

import pytest

from crossings.models import Matter
from crossings.similar import search_filters, terms
from forum.models import Topic
from tests.crossings.factories import make_crossing, make_report
from tests.forum.factories import make_topic, now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("matters")]


def search(client, **query):
    answer = client.get("/search/", query)
    assert answer.status_code == 200, answer.text
    return answer.context["found"], answer.text


def titles(found):
    return sorted(post.topic.title for post in found.hits)


@pytest.fixture
def asked():
    """Two questions, and a topic with a report by bicycle."""
    topics = [
        make_topic(title="Zumbolat by bicycle", source="Is it open?"),
        make_topic(title="Zumbolat by bus", source="Is it open? My bicycle is on its roof."),
        make_topic(title="Zumbolat in winter", source="How deep is the snow?"),
    ]
    terms.write([topic.pk for topic in topics])
    return topics


def test_each_transport_has_its_number_of_topics_and_filters(client, asked):
    found, page = search(client, q="zumbolat")
    assert found.counted.topics["transport"] == {"bicycle": 2, "bus": 1}
    assert "Any transport" in page
    assert "Motorbike" not in page

    bus, _ = search(client, q="zumbolat", transport="bus")

    assert titles(bus) == ["Zumbolat by bus"]
    assert bus.counted.topics["transport"] == {"bicycle": 2, "bus": 1}


@pytest.mark.parametrize("transport", ["bicycle", "motorbike", "bus"])
def test_the_number_of_another_choice_is_what_it_finds(client, asked, transport):
    found, _ = search(client, q="zumbolat roof", transport=transport)

    assert found.counted.topics["transport"] == {"bicycle": 1, "bus": 1}
    for option, count in found.counted.topics["transport"].items():
        assert search(client, q="zumbolat roof", transport=option)[0].count == count


def test_where_nothing_has_all_words_what_has_fewer_is_counted(client, asked):
    found, _ = search(client, q="zumbolat snow", transport="bus")

    assert titles(found) == ["Zumbolat by bus"]
    assert found.counted.topics["transport"] == {"bicycle": 2, "bus": 1}


def test_first_hand_reports_are_counted_by_themselves_and_by_their_transport(client, asked):
    crossing = make_crossing(name="Kulma Pass")
    make_report(crossing, mode="train", source="The zumbolat train is slow.")
    make_report(crossing, mode="train", source="The zumbolat train is late.", is_hearsay=True)

    found, _ = search(client, q="zumbolat")

    assert found.counted.topics["firsthand"] == {"on": 1}
    assert found.counted.topics["transport"]["train"] == 1
    told, _ = search(client, q="zumbolat", firsthand="on")
    assert [post.html for post in told.hits] == ['<p dir="auto">The zumbolat train is slow.</p>']
    both, _ = search(client, q="zumbolat", firsthand="on", transport="bus")
    assert both.hits == []
    assert both.counted.topics["transport"] == {"train": 1}
    assert both.counted.topics["firsthand"].get("on", 0) == 0


@pytest.mark.parametrize("transport", ["rocket", "bicycle'", "on", "0"])
def test_a_wrong_transport_is_left_out(client, asked, transport):
    found, page = search(client, q="zumbolat", transport=transport)

    assert len(titles(found)) == 3
    assert "a choice that is not there (transport)" in page


def test_nothing_in_a_filter_leads_back_to_all(client, asked):
    page = client.get("/search/", {"q": "zumbolat", "transport": "boat"}).text

    assert "Nothing found for" in page
    assert "Search without the filters." in page


def test_every_transport_has_its_matter():
    names = {matter for _, matter, _ in search_filters.TRANSPORT.values()}

    assert names <= set(Matter.objects.values_list("name", flat=True))


def test_old_topics_without_an_answer_may_be_out_of_date(client):
    old, new = make_topic(title="Zumbolat long ago"), make_topic(title="Zumbolat now")
    Topic.objects.filter(pk=old.pk).update(last_post_at=now() - timedelta(days=400))

    found, page = search(client, q="zumbolat")

    assert {post.topic_id: post.may_be_out_of_date for post in found.hits} == {old.pk: True, new.pk: False}
    assert page.count("May be out of date") == 1
