"""Tasks that failed: tried again if the error passes by itself, else kept until an administrator decides."""

from datetime import timedelta
from traceback import format_exception
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from config.database.passing_errors import passes

MOST_TRIES = 10
# Seconds until the second try, doubled for each one more: 5 s, 10 s, … 15 min; all ten take 36 minutes.
FIRST_PAUSE, LONGEST_PAUSE = 5, 900
# How often a task may be begun and not come to an end, because it may be what kills the worker.
MOST_BEGINNINGS = 3
# Stands in `worker_ids`, which has an entry for each beginning, for one that ended with a passing error.
TRIED = "tried"


def pause_after(tries: int) -> timedelta:
    return timedelta(seconds=min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE))


def note_failure(task: DBTaskResult, error: Exception) -> None:
    """Put a task off whose error passes by itself, at most MOST_TRIES times; otherwise mark it as failed.

    Nothing is changed if the task has been noted otherwise since.
    """
    now = timezone.now()
    begun = [*task.worker_ids[:-1], TRIED] if passes(error) else task.worker_ids
    tries = begun.count(TRIED)
    values = {"worker_ids": begun, "exception_class_path": _path(error), "traceback": _words(error)}
    if passes(error) and tries < MOST_TRIES:
        values |= {"status": TaskResultStatus.READY, "run_after": now + pause_after(tries)}
    else:
        values |= {"status": TaskResultStatus.FAILED, "finished_at": now}
    DBTaskResult.objects.running().filter(pk=task.pk).update(**values)


def take_up_broken_off() -> None:
    """Enqueue tasks again that an ended worker left running; after MOST_BEGINNINGS starts mark them as failed, because
    they may be what ends it. For the one worker, as it begins."""
    for task in DBTaskResult.objects.running():
        beginnings = len(task.worker_ids) - task.worker_ids.count(TRIED)
        if beginnings < MOST_BEGINNINGS:
            DBTaskResult.objects.filter(pk=task.pk).update(status=TaskResultStatus.READY)
        else:
            note_failure(task, RuntimeError(f"Begun {beginnings} times, and each time the worker ended."))


def given_up() -> QuerySet[DBTaskResult]:
    """Tasks that failed, the latest first. They stay until an administrator tries them again or drops them."""
    return DBTaskResult.objects.failed().order_by("-finished_at", "pk")


def put_off() -> QuerySet[DBTaskResult]:
    """Tasks that met a passing error and are tried again by themselves."""
    return DBTaskResult.objects.filter(status=TaskResultStatus.READY, worker_ids__contains=TRIED).order_by("run_after")


def tries_of(task: DBTaskResult) -> int:
    """How often it was begun and met an error."""
    return len(task.worker_ids)


@transaction.atomic
def try_again(task_id: UUID) -> str:
    """Enqueue a failed task again, with all its tries; returns its path, or "" if it does not wait for that."""
    task = given_up().select_for_update().filter(pk=task_id).first()
    if task is None:
        return ""
    _enqueue_again(given_up().filter(pk=task_id))
    return task.task_path


def try_all_again() -> int:
    """The same for all failed tasks; returns how many."""
    return _enqueue_again(given_up())


@transaction.atomic
def drop(task_id: UUID) -> str:
    """Delete a failed task, whose work is never done then; returns its path, or "" if it is not there."""
    task = given_up().select_for_update().filter(pk=task_id).first()
    if task is None:
        return ""
    task.delete()
    return task.task_path


def _enqueue_again(tasks: QuerySet[DBTaskResult]) -> int:
    """With run_after, because the doctor counts from then how long it waits."""
    return tasks.order_by().update(
        status=TaskResultStatus.READY, run_after=timezone.now(), worker_ids=[], finished_at=None
    )


def _path(error: Exception) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def _words(error: Exception) -> str:
    """The traceback; the database holds no NUL and no half of a surrogate pair."""
    words = "".join(format_exception(error)).replace("\0", "\\0")
    return words.encode("utf-8", "backslashreplace").decode()
