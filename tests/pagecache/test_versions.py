"""One way to end kept pages: the version of what they show rises, with what changed."""

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from forum.models import Topic
from pagecache import versions
from pagecache.versions import Kept, Question, bump, keepable, read_versions
from tests.forum.factories import make_topic

pytestmark = pytest.mark.django_db


def versions_of(*topics):
    return [Topic.objects.get(pk=topic.pk).version for topic in topics]


def test_who_wants_to_know_a_number_is_told_by_its_place(monkeypatch):
    monkeypatch.setattr(versions, "_of_every_page", [])
    monkeypatch.setattr(versions, "_told", {})

    versions.all_depend_on("one")
    versions.all_depend_on("two", told=print)

    assert (versions._of_every_page, versions._told) == (["one", "two"], {1: print})


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


def test_what_is_not_there_has_no_versions():
    topic = make_topic()

    assert read_versions(Question("topic", topic.pk)) is not None
    assert read_versions(Question("topic", topic.pk + 1_000)) is None


def of(*question, stamp=(5,)):
    return Kept(Question(*question), stamp)


@pytest.mark.parametrize(
    ("request_has", "argument", "kept", "reads"),
    [
        ({"may_be_kept": True}, "pk", of("topic", 7), 1),
        ({"may_be_kept": True}, "", of("topic"), 1),
        ({}, "pk", None, 0),
        ({"may_be_kept": False}, "pk", None, 0),
        ({"may_be_kept": True, "stamp": of("topic", 7, stamp=(4,))}, "pk", of("topic", 7, stamp=(4,)), 0),
        ({"may_be_kept": True, "stamp": of("topic", 8, stamp=(4,))}, "pk", of("topic", 7), 1),
        ({"may_be_kept": True, "stamp": of("topic", 7, stamp=None)}, "pk", None, 0),
        ({"may_be_kept": True, "unfinished": True}, "pk", None, 1),
    ],
)
def test_a_view_marks_what_may_be_kept_with_the_versions_of_before(rf, monkeypatch, request_has, argument, kept, reads):
    asked = []
    monkeypatch.setattr(versions, "read_versions", lambda question: asked.append(question) or (5,))
    request = rf.get("/")
    for name, value in request_has.items():
        setattr(request, name, value)

    @keepable("topic", argument)
    def view(request, pk):
        response = HttpResponse("A page", headers={"X-Own": "b"})
        response.is_unfinished = getattr(request, "unfinished", False)
        return response

    response = view(request, pk=7)

    assert getattr(response, "kept", None) == kept
    assert len(asked) == reads
    assert getattr(response, "headers_of_view", {}).get("X-Own") == ("b" if kept else None)
