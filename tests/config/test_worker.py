import signal
import threading
import time
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from config.health.doctor import work
from config.health.doctor.results import Level
from config.management.commands import worker
from config.worker import task_worker
from config.worker.lock import LOCK, LOCK_OF_WORK
from config.worker.turn import TurnIsOver, turn
from forum import markup
from forum.actions import posts, references
from forum.tasks import render_referrers
from notifications.letters import delivery
from notifications.models import Letter
from tests.factories import make_user
from tests.forum.factories import make_post
from tests.notifications.letters.factories import tell_of
from tests.races import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_signals(monkeypatch):
    """Only a main thread may set them."""
    monkeypatch.setattr(task_worker.Worker, "configure_signals", lambda self: None)


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
    said = StringIO()
    second = threading.Thread(target=lambda: (call_command("worker", "--once", stdout=said), connection.close()))
    second.start()
    wait_until(lambda: "Waiting for it to stop" in said.getvalue())
    waited = second.is_alive()

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    second.join(60)

    assert waited
    assert not second.is_alive()


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
    said = StringIO()
    second = threading.Thread(target=lambda: (call_command("worker", "--once", stdout=said), connection.close()))
    second.start()
    wait_until(lambda: "Waiting for it to stop" in said.getvalue())
    status = DBTaskResult.objects.get(pk=task.pk).status
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    second.join(60)

    assert status == "RUNNING"
    assert DBTaskResult.objects.get(pk=task.pk).status == "SUCCESSFUL"


# --- The turn ---


def take(lock):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [lock])


def release(lock):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [lock])


def end_guards():
    """As an administrator of the database, or a restart of it, would end them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 60000) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [LOCK],
        )


def test_a_worker_whose_guard_was_ended_claims_nothing(settings):
    with turn(lambda: True, print) as held:
        worker = task_worker.Worker()
        worker.begin(held)
        task = render_referrers.enqueue(0)
        end_guards()

        with pytest.raises(TurnIsOver):
            worker.run()

    assert DBTaskResult.objects.get(pk=task.id).status == "READY"


def test_control_while_its_guard_is_there_it_claims():
    with turn(lambda: True, print) as held:
        worker = task_worker.Worker()
        worker.begin(held)
        task = render_referrers.enqueue(0)

        worker.run()

    assert DBTaskResult.objects.get(pk=task.id).status == "SUCCESSFUL"


def test_the_next_worker_begins_when_the_task_of_one_that_lost_its_guard_has_ended():
    """It has the guard's lock at once; the connection that works holds the other until its task ends."""
    take(LOCK_OF_WORK)
    task = broken_off(beginnings=1)
    second = threading.Thread(target=lambda: (call_command("worker", "--once"), connection.close()))
    second.start()
    wait_for(lambda: work.worker().level == Level.RIGHT)
    second.join(1.5)
    status = DBTaskResult.objects.get(pk=task.pk).status
    release(LOCK_OF_WORK)
    second.join(60)

    assert status == "RUNNING"
    assert DBTaskResult.objects.get(pk=task.pk).status == "SUCCESSFUL"


def test_a_task_that_goes_on_with_a_new_connection_does_so_only_while_nobody_else_works():
    with turn(lambda: True, print):
        connection.close()
        with connection.cursor() as cursor:  # the guard is there, so another connection may work
            cursor.execute("SELECT 1")
        end_guards()
        connection.close()

        with pytest.raises(TurnIsOver), connection.cursor() as cursor:
            cursor.execute("SELECT 1")


def test_at_the_end_nothing_is_locked():
    call_command("worker", "--once")

    wait_for(lambda: advisory_locks() == 0)  # the server may hear of a closed connection a little later


def advisory_locks():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
            " WHERE locktype = 'advisory' AND datname = current_database()"
        )
        return cursor.fetchone()[0]


# --- Errors ---


class Interrupted(Exception):
    pass


def broken_rounds(monkeypatch, *errors):
    """Let the worker meet these errors in its first rounds, and tell it to stop in the next. The pauses it makes."""
    left, pauses = list(errors), []

    def run(worker):
        if left:
            raise left.pop(0)
        worker.running = False

    monkeypatch.setattr(task_worker.Worker, "run", run)
    monkeypatch.setattr(worker.time, "sleep", pauses.append)
    call_command("worker")
    return pauses


@pytest.mark.parametrize("error", [OperationalError("the connection is closed"), Interrupted("a bug")])
def test_an_error_between_tasks_does_not_end_the_worker(monkeypatch, caplog, error):
    broken_rounds(monkeypatch, error)

    assert "was interrupted" in caplog.text
    assert "at work again" in caplog.text


def test_a_database_that_is_away_when_the_worker_starts_is_waited_for(monkeypatch, caplog):
    away = [OperationalError("nobody answers"), OperationalError("nobody answers")]

    def refuse():
        if away:
            raise away.pop()

    monkeypatch.setattr(worker.half_restored, "refuse", refuse)

    assert broken_rounds(monkeypatch)[:2] == [1, 2]
    assert "at work again" in caplog.text


def test_it_waits_longer_each_time_up_to_a_quarter_of_a_minute(monkeypatch):
    pauses = broken_rounds(monkeypatch, *[OperationalError("the connection is closed") for _ in range(6)])

    assert pauses[:6] == [1, 2, 4, 8, 15, 15]


def test_what_is_run_once_says_its_error(monkeypatch):
    def refuse(*arguments, **options):
        raise Interrupted

    monkeypatch.setattr(task_worker.Worker, "run", refuse)

    with pytest.raises(Interrupted):
        call_command("worker", "--once")


def test_told_to_stop_it_ends_with_the_letter_in_hand(monkeypatch):
    stopping = task_worker.Worker()
    sent = []

    def send_due(goes_on):
        stopping.shutdown(signal.SIGTERM, None)
        sent.append(goes_on())
        return 1

    monkeypatch.setattr(delivery, "send_due", send_due)

    stopping.send_letters()

    assert sent == [False]
    assert not stopping.running


def test_told_to_stop_it_ends_with_the_chore_in_hand(monkeypatch):
    stopping, done = task_worker.Worker(), []

    def do_next():
        stopping.shutdown(signal.SIGTERM, None)  # would exit here
        done.append("all of it")
        return True

    monkeypatch.setattr(task_worker.chores, "do_next", do_next)

    assert stopping.do_chore()
    assert done == ["all of it"]
    assert not stopping.running


# --- Letters and chores between tasks ---


@pytest.fixture
def tasks_without_end(monkeypatch):
    """Each task enqueues another, up to so many that a worker that waits for their end is found out."""
    done = []

    def render(*arguments):
        done.append(1)
        if len(done) < 20:
            render_referrers.enqueue(0)

    monkeypatch.setattr(references, "render_all_anew", render)
    render_referrers.enqueue(0)
    return done


def test_letters_are_sent_also_where_members_post_without_pause(tasks_without_end, monkeypatch):
    letter = tell_of(make_user()).letter
    Letter.objects.filter(pk=letter.pk).update(due_at=timezone.now())
    monkeypatch.setattr(task_worker, "LONGEST_ROUND", 0)
    tasks_before, send_due = [], delivery.send_due

    def send(**words):
        tasks_before.append(len(tasks_without_end))
        return send_due(**words)

    monkeypatch.setattr(delivery, "send_due", send)

    call_command("worker", "--once")

    assert tasks_before[:3] == [1, 2, 3]
    assert len(mail.outbox) == 1
    assert len(tasks_without_end) == 20  # told to work once, it does all


def test_chores_are_done_also_where_members_post_without_pause(tasks_without_end, monkeypatch):
    monkeypatch.setattr(task_worker, "LONGEST_ROUND", 0)
    tasks_before = []

    def do_chore(worker):
        tasks_before.append(len(tasks_without_end))
        worker.running = False
        return True

    monkeypatch.setattr(task_worker.Worker, "do_chore", do_chore)

    call_command("worker")

    assert tasks_before == [1]


def test_a_letter_that_was_handed_over_while_the_database_went_away_is_noted_and_not_sent_twice(monkeypatch):
    letter = tell_of(make_user()).letter
    Letter.objects.filter(pk=letter.pk).update(due_at=timezone.now())
    with monkeypatch.context() as away:

        def note_sent(letter):
            raise OperationalError("the connection is closed")

        away.setattr(Letter, "note_sent", note_sent)
        with pytest.raises(OperationalError):
            delivery.send_due()

    call_command("worker", "--once")

    letter.refresh_from_db()
    assert letter.sent_at is not None
    assert letter.beginnings_count == 1
    assert len(mail.outbox) == 1


def wait_for(holds):
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)
