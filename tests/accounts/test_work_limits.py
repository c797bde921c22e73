"""Costly reads: one's own limit is a 429 with words, what is refused for others' sake a 503 with Retry-After."""

import threading

import pytest
from django.test import Client

from accounts.limits import work_limits
from accounts.models import RateCount
from tests.crossings.factories import make_crossing
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic
from tests.moderation.factories import make_admin

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_each(settings):
    settings.KEPT_SECONDS = 0
    settings.RATE_LIMITS = settings.RATE_LIMITS | dict.fromkeys(work_limits.AT_ONCE, "2/1h")


def visits(client, path, times=3, **extra):
    return [client.get(path, **extra).status_code for _ in range(times)]


@pytest.fixture
def path(request):
    crossing, topic, post = make_crossing(), make_topic(), make_post()
    return request.param.format(crossing=crossing.slug, topic=topic.pk, forum=topic.subforum.slug, post=post.pk)


PATHS = [
    ("/search/?q=bedel", "search"),
    ("/find/?q=bedel", "search"),
    ("/feed/", "feed"),
    ("/topics/{topic}/feed/", "feed"),
    ("/forums/{forum}/feed/", "feed"),
    ("/crossings/{crossing}/feed/", "feed"),
    ("/countries/kg/feed/", "feed"),
    ("/crossings/{crossing}.json", "data"),
    ("/crossings.geojson", "data"),
    ("/posts/{post}/history/", "history"),
]


@pytest.mark.parametrize(("path", "scope"), PATHS, indirect=["path"])
def test_too_much_of_ones_own_is_refused_in_words_and_nothing_is_written(client, path, scope):
    if scope == "history":
        client.force_login(make_admin())

    assert visits(client, path) == [200, 200, 429]

    answer = client.get(path)
    assert "This was too much at once" in answer.text
    assert 3500 < int(answer["Retry-After"]) <= 3600
    assert not RateCount.objects.exists()


@pytest.mark.parametrize(("path", "scope"), PATHS, indirect=["path"])
def test_what_others_use_up_is_shed_at_once(client, path, scope, monkeypatch):
    if scope == "history":
        client.force_login(make_admin())
    taken = threading.BoundedSemaphore(1)
    taken.acquire()
    monkeypatch.setitem(work_limits._permits, scope, taken)

    answer = client.get(path)

    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert "just now" in answer.text


def test_a_kept_page_costs_nothing_and_counts_nothing(client, settings):
    settings.KEPT_SECONDS = 60
    make_topic()

    assert visits(client, "/feed/", 5) == [200] * 5


def test_another_address_has_a_limit_of_its_own(client):
    visits(client, "/search/?q=bedel")

    assert visits(client, "/search/?q=bedel", 1, REMOTE_ADDR="2001:db8::1") == [200]
    assert visits(client, "/search/?q=bedel", 2, REMOTE_ADDR="2001:db8::ffff") == [200, 429]


def test_visitors_as_a_class_have_one_and_members_go_on(client, settings):
    settings.RATE_LIMITS |= {"visitors": "3/1h"}

    answers = [client.get("/search/?q=bedel", REMOTE_ADDR=f"192.0.2.{n}") for n in range(4)]
    client.force_login(make_user())

    assert [answer.status_code for answer in answers] == [200, 200, 200, 503]
    assert int(answers[3]["Retry-After"]) > 3500
    assert visits(client, "/search/?q=bedel", 1) == [200]


def test_members_behind_one_address_share_five_times_as_much():
    members = [Client() for _ in range(6)]
    for client in members:
        client.force_login(make_user())

    assert [visits(client, "/search/?q=bedel", 2) for client in members] == [[200, 200]] * 5 + [[429, 429]]


@pytest.mark.parametrize("act", ["preview", "suggest"])
def test_previews_and_suggestions_are_shed_too(client, act, monkeypatch):
    topic = make_topic()
    client.force_login(make_user())
    taken = threading.BoundedSemaphore(1)
    taken.acquire()
    monkeypatch.setitem(work_limits._permits, act, taken)

    fields = {"source": "Words that nobody may lose.", "title": "Is the Bedel open?", "preview": "1"}
    path = f"/topics/{topic.pk}/reply/" if act == "preview" else f"/forums/{topic.subforum.slug}/suggestions/"
    answer = client.post(path, fields)

    assert answer.status_code == 503
    assert "Words that nobody may lose." in answer.text


def test_a_permit_comes_back_whatever_happens(client):
    settings_of_turns = work_limits.AT_ONCE["search"] + 2

    for number in range(settings_of_turns):
        assert client.get("/search/?q=the", REMOTE_ADDR=f"192.0.2.{number}").status_code == 400

    assert client.get("/search/?q=bedel", REMOTE_ADDR="192.0.2.99").status_code == 200


def test_the_memory_of_windows_is_bounded(monkeypatch):
    monkeypatch.setattr(work_limits, "MOST_WINDOWS", 10)

    for number in range(100):
        work_limits._count(f"search 192.0.2.{number}", work_limits.Limit(1, 60))

    assert len(work_limits._windows) <= 11
