import threading

import pytest
from django.core.management import call_command
from django.db import connection
from django_tasks_db.models import DBTaskResult

from config import nightly
from config.management.commands import worker
from forum import actions, markup
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
    actions.withdraw_post(quoted.author, quoted)

    call_command("worker", "--once")

    quoting.refresh_from_db()
    assert "yak_rider" not in quoting.html
    assert not DBTaskResult.objects.ready().exists()


def test_a_second_worker_waits_for_the_first():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [worker.LOCK])
    second = threading.Thread(target=lambda: (call_command("worker", "--once"), connection.close()))
    second.start()
    second.join(2.5)
    waited = second.is_alive()

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [worker.LOCK])
    second.join(20)

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
