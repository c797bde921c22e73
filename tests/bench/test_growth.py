"""Big beside huge: factors, what is said of pages that miss, and that every page it asks for answers."""

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from accounts.models import User
from bench.growth import growth_factors, page_costs
from bench.meter.inside import Inside
from bench.sample import Sample, SignedIn
from demo.huge import huge_board
from demo.huge.amounts import Amounts
from demo.texts import Writer
from forum.models import Topic
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
SMALL = Amounts(posts=1_500, texts=40, titles=30, words=300, subforums=3)


def cost(title, web=0.0, database=0.0, blocks=0, problem=""):
    return {"title": title, "web": web, "database": database, "blocks": blocks, "problem": problem}


def test_the_worst_stands_first_and_what_was_not_answered_before_it():
    big = [cost("Index", 2, 2), cost("List", 2, 2), cost("Search", 2, 2), cost("Page 1 of 20,000 posts, cold", 2, 2)]
    huge = [
        cost("Index", 2, 2.5), cost("List", 4, 8, 900), cost("Search", problem="answered 503"),
        cost("Page 1 of 21,000 posts, cold", 2, 2),
    ]  # fmt: skip

    found = growth_factors.lines(big, huge)

    assert [line.huge["title"].split()[0] for line in found] == ["Search", "List", "Index", "Page"]
    assert [line.factor for line in found[1:]] == [3, 1.125, 1]
    assert "answered 503" in str(found[0])
    assert "MISSED, wanted 1.3" in str(found[1])
    assert "MISSED" not in str(found[2])


def test_a_factor_of_next_to_nothing_is_none():
    assert growth_factors.Line(cost("Feed", 0.1), cost("Feed", 0.9)).factor == 1


@pytest.fixture(scope="module")
def sample(django_db_setup, django_db_blocker):
    with made_once(django_db_blocker):
        huge_board.plant_huge(lambda told: None, SMALL)
        topic = Topic.objects.readable().filter(posts_count__gt=3).select_related("subforum").earliest("pk")
        reader = SignedIn(User.objects.filter(is_staff=False).latest("posts_count", "pk"))
        yield Sample(topic, topic, topic, reader, reader, Writer("replies"), reader)


@pytest.fixture
def one_connection():
    """The test's transaction lives in its connection, as Django's own test client knows."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_every_page_is_answered_and_has_its_cost(sample, one_connection, monkeypatch):
    monkeypatch.setattr(page_costs, "REQUESTS", 1)
    inside = Inside()

    costs = [page_costs._cost(page.title, lambda page=page: page.check(inside.request(page)), page.prepare)
             for page in page_costs.more_pages(sample)]  # fmt: skip

    assert [found.problem for found in costs if found.problem] == []
    assert all(found.web > 0 for found in costs)


def test_what_is_counted_has_its_cost(sample):
    for title, act in page_costs.acts():
        assert page_costs._cost(title, act, lambda: None).problem == ""


def test_a_page_that_answers_wrongly_is_said_to():
    def fail():
        raise page_costs.WrongAnswer("answered 503")

    assert page_costs._cost("Search", fail, lambda: None).problem == "answered 503"
