"""The lock of a topic that moderators move to another subforum while a writer waits for it."""

import threading
import time

import pytest
from django.db import OperationalError, connection, transaction

from forum.counters import locks
from forum.models import Subforum, Topic
from pagecache.prepared import Statement
from tests.forum.factories import make_subforum, make_topic
from tests.forum.test_at_once import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def move(topic, subforum):
    Topic.objects.filter(pk=topic.pk).update(subforum=subforum)


def until_blocked(connections):
    """Polls until so many connections wait for a lock."""
    question = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # or a transaction sees the same answer each time
            cursor.execute(question)
            if cursor.fetchone()[0] >= connections:
                return
    raise AssertionError("Nobody waits.")


def move_twice_while_waiting(topic, wait):
    """Two moderators move the topic, one after the other; the job begins to wait after both.

    PostgreSQL does not promise that the second of them comes before the job: it sees one move at least.
    """
    places = [make_subforum(), make_subforum()]
    is_moved, second_waits = threading.Event(), threading.Event()

    def first():
        with transaction.atomic():
            move(topic, places[0])
            is_moved.set()
            until_blocked(1)
            second_waits.set()
            until_blocked(2)

    def second():
        assert is_moved.wait(60)
        move(topic, places[1])

    def third():
        assert second_waits.wait(60)
        with transaction.atomic():
            wait()

    assert at_once(first, second, third) == []
    return places[1]


def test_a_topic_that_moves_twice_is_locked_where_it_stands():
    topic, found = make_topic(), []
    began = topic.subforum_id

    def lock():
        locked = locks.lock_topic(topic)
        stands = Topic.objects.values_list("subforum", flat=True).get(pk=topic.pk)
        found.append((locked.subforum_id, locked.subforum.pk, stands))

    place = move_twice_while_waiting(topic, lock)

    [(of_topic, of_subforum, stands)] = found
    assert of_topic == of_subforum == stands
    assert stands != began
    assert Topic.objects.get(pk=topic.pk).subforum_id == place.pk


def test_control_one_query_of_the_topic_with_its_subforum_finds_nothing():
    topic, found = make_topic(), []
    rows = Topic.objects.filter(pk=topic.pk).select_related("subforum").select_for_update(of=["self"], no_key=True)

    move_twice_while_waiting(topic, lambda: found.extend(rows))

    assert found == []


def test_the_query_that_finds_nothing_has_locked_the_topic_so_that_a_second_query_is_enough(monkeypatch):
    topic, answers, rows = make_topic(), [], Statement.rows
    other = make_topic()

    def spy(statement, *values):
        answers.append((len(found := rows(statement, *values)), is_free(topic), is_free(other)))
        return found

    monkeypatch.setattr(Statement, "rows", spy)
    move_twice_while_waiting(topic, lambda: locks.lock_topic(topic))

    assert answers == [(0, False, True), (1, False, True)]


def is_free(topic):
    """Whether another connection could lock it."""
    found = []

    def lock():
        with transaction.atomic():
            list(Topic.objects.select_for_update(no_key=True, nowait=True).filter(pk=topic.pk))
            found.append(True)

    failures = at_once(lock)
    assert all(isinstance(error, OperationalError) for error in failures)
    return bool(found)


def test_a_topic_that_is_gone_is_not_found():
    with pytest.raises(Topic.DoesNotExist), transaction.atomic():
        locks.lock_topic(Topic(pk=0, subforum=Subforum()))
