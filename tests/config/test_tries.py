"""A task that meets an error which passes by itself is tried again, ten times at most; others wait for somebody."""

from datetime import timedelta

import pytest
from django.db import DataError, OperationalError, connection, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from psycopg import errors as postgres

from config.worker import tries
from config.worker.task_worker import Worker
from forum.actions import references
from forum.tasks import render_referrers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def failing(monkeypatch):
    """Let the task fail with these errors, one after the other, and then go well. How often it was begun."""
    begun = []

    def fail_with(*errors):
        left = list(errors)

        def render(*arguments):
            begun.append(1)
            if left:
                raise left.pop(0)

        monkeypatch.setattr(references, "render_all_anew", render)
        return begun

    return fail_with


def locked():
    error = OperationalError("canceling statement due to lock timeout")
    error.__cause__ = postgres.LockNotAvailable()
    return error


def work(rounds=1):
    """What the worker does, as if each task that was put off were due."""
    for _ in range(rounds):
        DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())
        Worker().run()


def enqueued():
    return DBTaskResult.objects.get(pk=render_referrers.enqueue(0).id)


@pytest.mark.parametrize("error", [locked, lambda: OperationalError("the connection is closed"), ConnectionResetError])
def test_a_task_that_meets_a_passing_error_is_done_later(failing, error):
    begun, task = failing(error()), enqueued()

    work()
    task.refresh_from_db()
    first = task.status
    work()
    task.refresh_from_db()

    assert (first, task.status, len(begun)) == ("READY", "SUCCESSFUL", 2)
    assert task.traceback == ""


def test_it_is_put_off_for_longer_each_time_up_to_a_quarter_of_an_hour(failing):
    failing(*[locked() for _ in range(9)])
    task, pauses = enqueued(), []

    for _ in range(9):
        work()
        task.refresh_from_db()
        pauses.append(round((task.run_after - timezone.now()).total_seconds() / 5) * 5)

    assert pauses == [5, 10, 20, 40, 80, 160, 320, 640, 900]


def test_a_task_that_is_put_off_is_not_begun_before(failing):
    begun = failing(locked())
    enqueued()

    Worker().run()
    Worker().run()

    assert len(begun) == 1


def test_it_is_tried_ten_times_and_then_waits_for_somebody(failing):
    begun, task = failing(*[locked() for _ in range(50)]), enqueued()

    work(rounds=15)

    task.refresh_from_db()
    assert (len(begun), task.status) == (10, "FAILED")
    assert "lock timeout" in task.traceback
    assert list(tries.given_up()) == [task]


def test_an_error_that_does_not_pass_is_not_tried_again(failing):
    begun, task = failing(ValueError("a name\0of ours")), enqueued()

    work(rounds=3)

    task.refresh_from_db()
    assert (len(begun), task.status) == (1, "FAILED")
    assert task.exception_class_path == "builtins.ValueError"
    assert r"a name\0of ours" in task.traceback


def test_an_error_with_half_of_a_surrogate_pair_is_noted():
    """As of a name of a file, or of a header, that is no UTF-8. Without the worker, whose log pytest cannot pass on."""
    task = enqueued()
    task.claim("borderpost")

    tries.note_failure(task, ValueError("a name \udcff of a file"))

    task.refresh_from_db()
    assert task.status == "FAILED"
    assert r"a name \udcff of a file" in task.traceback


@pytest.mark.parametrize("is_away_first", [False, True])
def test_an_error_that_cannot_be_noted_stops_no_worker_for_ever(failing, monkeypatch, is_away_first):
    """It is noted by its name, at once or when the database is there again, and the next task is done."""
    begun = failing(ValueError("odd"))
    task, following, worker, note = enqueued(), enqueued(), Worker(), tries.note_failure
    away = [OperationalError("the connection is closed")] if is_away_first else []

    def note_failure(task, error):
        if away:
            raise away.pop()
        if "odd" in str(error):
            raise DataError("it has no room")
        note(task, error)

    monkeypatch.setattr(tries, "note_failure", note_failure)
    if is_away_first:
        with pytest.raises(OperationalError):
            worker.run()
        worker.begin(None)

    worker.run()

    task.refresh_from_db()
    following.refresh_from_db()
    assert (task.status, following.status, len(begun)) == ("FAILED", "SUCCESSFUL", 2)
    assert "ValueError, whose text cannot be noted" in task.traceback


@pytest.mark.parametrize("path", ["forum.no_such_module.task", "forum.tasks.no_such_task", "forum.tasks.AT_ONCE"])
def test_a_task_whose_code_is_gone_fails_and_stops_no_other(failing, path):
    begun, gone = failing(), enqueued()
    DBTaskResult.objects.filter(pk=gone.pk).update(task_path=path)
    enqueued()

    work()

    gone.refresh_from_db()
    assert (gone.status, len(begun)) == ("FAILED", 1)


def test_tries_do_not_count_as_ends_of_the_worker(failing):
    """Five passing errors, then the worker is killed: it is begun again, because it never ended a worker before."""
    failing(*[locked() for _ in range(5)])
    task = enqueued()
    work(rounds=5)
    task.refresh_from_db()
    task.claim("borderpost")

    tries.take_up_broken_off()

    task.refresh_from_db()
    assert task.status == "READY"


def test_a_task_that_ends_the_worker_three_times_waits_for_somebody_also_between_tries(failing):
    task = enqueued()
    DBTaskResult.objects.filter(pk=task.pk).update(status="RUNNING", worker_ids=["borderpost", tries.TRIED] * 3)

    tries.take_up_broken_off()

    task.refresh_from_db()
    assert task.status == "FAILED"
    assert "Begun 3 times, and each time the worker ended" in task.traceback


def test_what_a_task_wrote_before_the_error_is_not_there(failing, monkeypatch):
    failing()

    def half(*arguments):
        with transaction.atomic():
            DBTaskResult.objects.all().update(priority=7)
            raise locked()

    monkeypatch.setattr(references, "render_all_anew", half)
    task = enqueued()

    work()

    task.refresh_from_db()
    assert task.priority == 0


def test_a_connection_that_is_cut_within_a_task_costs_one_try(failing, monkeypatch):
    cut = []

    def lose_connection(*arguments):
        if not cut:
            cut.append(1)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(references, "render_all_anew", lose_connection)
    task = enqueued()

    work()
    task.refresh_from_db()
    first = task.status
    work()
    task.refresh_from_db()

    assert (first, task.status) == ("READY", "SUCCESSFUL")


def test_a_failure_that_could_not_be_noted_is_noted_when_the_turn_comes_again(failing, monkeypatch):
    begun = failing(locked())
    task, worker = enqueued(), Worker()
    with monkeypatch.context() as away:

        def note(*arguments):
            raise OperationalError("the connection is closed")

        away.setattr(tries, "note_failure", note)
        with pytest.raises(OperationalError):
            worker.run()

    worker.begin(None)

    task.refresh_from_db()
    assert (task.status, task.worker_ids, len(begun)) == ("READY", [tries.TRIED], 1)
    assert task.run_after > timezone.now() + timedelta(seconds=2)
