"""The page of tasks that failed, and of chores that are late, for administrators."""

import json

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.limits import rate_limits
from accounts.logs import security_log
from config.models import chore_run
from config.worker import tries
from forum.views.staff import administrators_only

MOST_SHOWN = 100


@administrators_only
@never_cache
def tasks(request):
    """What failed for good, with buttons; what is tried again by itself; which chores are late."""
    given_up = tries.given_up()
    context = {
        "rows": [_row(task) for task in given_up[:MOST_SHOWN]],
        "count": given_up.count(),
        "put_off": [_row(task) for task in tries.put_off()[:MOST_SHOWN]],
        "late": chore_run.late_chores(),
        "now": timezone.now(),
        "most_tries": tries.MOST_TRIES,
        "nav": "staff",
    }
    return render(request, "config/tasks.html", context)


@administrators_only
def try_again(request, task_id):
    if request.method == "POST":
        rate_limits.take("edit", request)
        if path := tries.try_again(task_id):
            security_log.note("task-tried-again", request, task=path, number=task_id)
            messages.success(request, "It is tried again.")
        else:
            messages.info(request, "It does not wait for that any more.")
    return redirect("site:tasks")


@administrators_only
def try_all_again(request):
    if request.method == "POST":
        rate_limits.take("edit", request)
        if count := tries.try_all_again():
            security_log.note("tasks-tried-again", request, count=count)
        messages.success(request, f"Tried again: {count}." if count else "None waits for that any more.")
    return redirect("site:tasks")


@administrators_only
def drop_task(request, task_id):
    if request.method == "POST":
        rate_limits.take("edit", request)
        if path := tries.drop(task_id):
            security_log.note("task-dropped", request, task=path, number=task_id)
            messages.success(request, "It is dropped.")
        else:
            messages.info(request, "It is not there any more.")
    return redirect("site:tasks")


def _row(task):
    arguments = [*task.args_kwargs.get("args", []), *task.args_kwargs.get("kwargs", {}).values()]
    return {
        "pk": task.pk,
        "name": task.task_path,
        "arguments": ", ".join(json.dumps(value, ensure_ascii=False) for value in arguments)[:200],
        "why": task.traceback.strip().rpartition("\n")[2][:300] or task.exception_class_path,
        "at": task.finished_at or task.started_at or task.enqueued_at,
        "tries": max(tries.tries_of(task), 1),
        "run_after": task.run_after,
    }
