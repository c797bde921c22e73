import threading

import pytest
from django.core.management import call_command
from django.db import connection
from django_tasks_db.models import DBTaskResult

from config.management.commands import worker
from config.worker import nightly
from config.worker.lock import LOCK
from forum import markup
from forum.actions import posts
from forum.tasks import render_referrers
from tests.factories import make_user
from tests.forum.factories import make_post

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_signals(monkeypatch):
    """Only a main thread may set them."""
    monkeypatch.setattr(worker.Worker, "configure_signals", lambda self: None)


def test_the_worker_does_what_was_enqueued_and_only_what_was_committed():
    quoted = make_post(author=make_user(username="yak_rider"))
    quoting = make_post(topic=quoted.topic, source=markup.quote("yak_rider", quoted.pk, "Bring cash.") + "Yes.")
    posts.withdraw_post(quoted.author, quoted)

    call_command("worker", "--once")

    quoting.refresh_from_db()
    assert "yak_rider" not in quoting.html
    assert not DBTaskResult.objects.ready().exists()


def test_a_second_worker_waits_for_the_first():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    second = threading.Thread(target=lambda: (call_command("worker", "--once"), connection.close()))
    second.start()
    second.join(2.5)
    waited = second.is_alive()

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    second.join(60)

    assert waited
    assert not second.is_alive()


def test_a_chore_that_fails_does_not_keep_the_others_from_being_done(monkeypatch):
    done = []

    def broken():
        raise ValueError("broken")

    monkeypatch.setattr(worker, "CHORES", [broken, lambda: done.append("the next")])

    worker.do_chores()

    assert done == ["the next"]


def test_the_chores_of_the_night_can_all_be_done():
    for chore in nightly.CHORES:
        chore()


def broken_off(*, beginnings):
    """A task that was being done when its worker was killed."""
    result = render_referrers.enqueue(0)
    DBTaskResult.objects.filter(pk=result.id).update(status="RUNNING", worker_ids=["borderpost"] * beginnings)
    return DBTaskResult.objects.get(pk=result.id)


def test_a_task_that_was_broken_off_is_done_by_the_next_worker():
    task = broken_off(beginnings=1)

    call_command("worker", "--once")

    task.refresh_from_db()
    assert task.status == "SUCCESSFUL"


def test_a_task_that_was_broken_off_again_and_again_counts_as_failed():
    task, another = broken_off(beginnings=3), render_referrers.enqueue(0)

    call_command("worker", "--once")

    task.refresh_from_db()
    assert task.status == "FAILED"
    assert "Begun 3 times" in task.traceback
    assert DBTaskResult.objects.get(pk=another.id).status == "SUCCESSFUL"


def test_a_worker_that_waits_for_its_turn_leaves_the_tasks_of_the_other_alone():
    task = broken_off(beginnings=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    second = threading.Thread(target=lambda: (call_command("worker", "--once"), connection.close()))
    second.start()
    second.join(2.5)
    status = DBTaskResult.objects.get(pk=task.pk).status
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    second.join(60)

    assert status == "RUNNING"
    assert DBTaskResult.objects.get(pk=task.pk).status == "SUCCESSFUL"
