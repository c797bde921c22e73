"""The queue stores the same rows as the backend of django_tasks_db, which stores them by the ORM."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.tasks.signals import task_enqueued
from django.utils import timezone
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.models import DBTaskResult

from config.worker.task_queue import TaskQueue
from forum import tasks

pytestmark = pytest.mark.django_db


def row_by(backend, task):
    backend("default", {}).enqueue(task, (1, "two"), {"three": [3]})
    row = DBTaskResult.objects.values().latest("enqueued_at")
    assert row.pop("id")
    assert timezone.now() - row.pop("enqueued_at") < timedelta(minutes=1)
    return row


@pytest.mark.parametrize("in_minutes", [None, 10])
def test_a_task_has_the_same_row(in_minutes):
    task = tasks.render_naming.using(priority=7)
    if in_minutes:
        task = task.using(run_after=timezone.now() + timedelta(minutes=in_minutes))

    ours, theirs = row_by(TaskQueue, task), row_by(DatabaseBackend, task)

    assert ours == theirs
    assert ours["args_kwargs"] == {"args": [1, "two"], "kwargs": {"three": [3]}}


def test_who_listens_hears_of_a_task_and_finds_it():
    heard = []
    task_enqueued.connect(hear := lambda sender, task_result, **kwargs: heard.append(task_result))

    result = tasks.render_naming.enqueue(1)

    task_enqueued.disconnect(hear)
    assert heard == [result]
    assert tasks.render_naming.get_result(result.id).args == [1]


def test_a_task_goes_back_with_its_cause():
    with transaction.atomic():
        tasks.render_naming.enqueue(1)
        transaction.set_rollback(True)

    assert not DBTaskResult.objects.exists()
