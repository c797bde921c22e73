"""The benchmark of moderation, made small: what it plants is what a moderator finds, and its pages answer rightly."""

from datetime import timedelta

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from bench import moderation
from bench.meter.inside import Inside
from forum.models import Post, Topic
from moderation.actions import topic_acts
from moderation.log.entries import Why
from moderation.models import QueueItem
from tests.forum.factories import make_post, make_topic
from tests.moderation.factories import make_admin, make_moderator

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_connection():
    """The test's transaction lives in its connection, as Django's own test client knows."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_the_pages_of_the_queue_answer_and_ask_as_much_for_many_items_as_for_few():
    topic = make_topic()
    for _ in range(30):
        make_post(topic=topic)
    pages = moderation.queue_pages(make_admin(), make_moderator(topic.subforum))
    inside = Inside()

    moderation.make_queue(10)
    few = [len(inside.queries(page)) for page in pages]
    moderation.make_queue(20)
    many = [len(inside.queries(page)) for page in pages]

    assert QueueItem.objects.open().count() == 30
    assert few == many


def test_the_topics_that_are_merged_stand_whole():
    first = make_post()
    source, target = (moderation.make_topic("The same", 5, first, timedelta(days=days)) for days in (2, 1))

    topic_acts.merge(make_admin(), source, target, Why())

    assert list(target.posts.order_by("number").values_list("number", flat=True)) == list(range(1, 11))
    assert Topic.objects.get(pk=source.pk).merged_into_id == target.pk
    assert not Post.objects.filter(topic=source).exists()
