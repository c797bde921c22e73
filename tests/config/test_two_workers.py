"""Two real workers, and an administrator of the database who ends the connection with the lock again and again."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from itertools import pairwise

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult

from config.worker.lock import LOCK
from tests.config.noted_tasks import note
from tests.processes.servers import ROOT, database_url

pytestmark = [pytest.mark.rehearsal, pytest.mark.django_db(transaction=True)]
WORKER = ["manage.py", "worker"]
CARELESS_WORKER = ["tests/config/careless_worker.py"]
TASKS = 40
HOLDER = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND granted"


@contextmanager
def two_workers(command):
    environment = {**os.environ, "DATABASE_URL": database_url(), "DATABASE_ROLE": "app"}
    made = [
        subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
        for _ in range(2)
    ]
    try:
        yield
    finally:
        for process in made:
            process.kill()
            process.wait()


def holder():
    with connection.cursor() as cursor:
        cursor.execute(HOLDER, [LOCK])
        return next((pid for (pid,) in cursor.fetchall()), None)


def end_guard_in_the_middle_of_a_task(log):
    wait_until(lambda: len(lines(log)) % 2 == 1 or not is_left())
    before = holder()
    if before is None:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 60000)", [before])
    wait_until(lambda: holder() not in {None, before})


def is_left():
    return DBTaskResult.objects.exclude(status="SUCCESSFUL").exists()


def lines(log):
    return log.read_text().split("\n")[:-1] if log.exists() else []


def overlaps(found):
    """Whether a task began before the one before it had ended."""
    return any(line.split()[0] == before.split()[0] for before, line in pairwise(found))


def wait_until(holds):
    deadline = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def work(log, command, *, rounds):
    for number in range(TASKS):
        note.enqueue(str(log), number)
    with two_workers(command):
        wait_until(lambda: lines(log))
        for _ in range(rounds):
            end_guard_in_the_middle_of_a_task(log)
        wait_until(lambda: not is_left())
    return lines(log)


def test_never_two_are_at_work_and_each_task_is_done_once(tmp_path):
    found = work(tmp_path / "log", WORKER, rounds=5)

    assert not overlaps(found)
    assert sorted(int(line.split()[1]) for line in found if line.startswith("begin")) == list(range(TASKS))
    assert len({line.split()[2] for line in found}) == 2, "one worker did everything, so this proves nothing"


def test_control_workers_that_do_not_look_at_their_locks_work_at_the_same_time(tmp_path):
    found = work(tmp_path / "log", CARELESS_WORKER, rounds=1)

    assert overlaps(found)
