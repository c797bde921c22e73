"""One way to end kept pages: the version of what they show rises, with what changed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forum.models import Topic
from pagecache.versions import bump
from tests.forum.factories import make_topic

pytestmark = pytest.mark.django_db


def versions_of(*topics):
    return [Topic.objects.get(pk=topic.pk).version for topic in topics]


def test_a_version_rises_together_with_what_changed():
    topic, other = make_topic(), make_topic()
    before = versions_of(topic, other)

    with CaptureQueriesContext(connection) as queries:
        bump(Topic, topic.pk, posts_count=7)

    assert versions_of(topic, other) == [before[0] + 1, before[1]]
    assert Topic.objects.get(pk=topic.pk).posts_count == 7
    assert len(queries) == 1


def test_several_rows_are_locked_in_the_order_of_their_keys_before_any_changes():
    topics = [make_topic() for _ in range(3)]
    before = versions_of(*topics)

    with CaptureQueriesContext(connection) as queries:
        bump(Topic, *reversed([topic.pk for topic in topics]))

    assert versions_of(*topics) == [number + 1 for number in before]
    [lock] = [query["sql"] for query in queries if "FOR NO KEY UPDATE" in query["sql"]]
    assert "ORDER BY 1 ASC" in lock  # its only column, the primary key


def test_without_rows_nothing_is_written():
    make_topic()

    with CaptureQueriesContext(connection) as queries:
        bump(Topic)

    assert len(queries) == 0
