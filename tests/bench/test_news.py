"""The benchmark of news, made small: who watches is told, and its pages answer rightly and ask as much for many."""

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from bench import news
from bench.meter.inside import Inside
from bench.sample import SignedIn
from notifications.models import Notification
from notifications.news import post_news
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_connection():
    """The test's transaction lives in its connection, as Django's own test client knows."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_all_watchers_are_told_of_a_reply():
    topic = make_topic()
    news.make_watchers(topic, 7)

    post_news.tell_of_post(make_post(topic=topic).pk)

    assert Notification.objects.count() == 8  # with who asked


def test_a_reply_asks_as_much_in_a_topic_that_many_watch():
    alone, watched, writer = make_topic(), make_topic(), SignedIn(make_user(trust=1))
    news.make_watchers(watched, 7)
    inside = Inside()

    asked = [len(inside.queries(news.reply_page(topic, writer, "Reply"))) for topic in (alone, watched)]

    assert asked[0] == asked[1]


def test_the_pages_of_news_ask_as_much_for_many_as_for_few():
    user = make_user()
    for _ in range(4):
        make_post()
    news.make_news(user, 2)
    pages, inside = news.news_pages(user, "some"), Inside()
    few = [len(inside.queries(page)) for page in pages]

    Notification.objects.all().delete()
    news.make_news(user, 12)

    assert [len(inside.queries(page)) for page in pages] == few
