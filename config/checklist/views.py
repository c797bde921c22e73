"""Staff pages of the site as a whole: the checklist, loading crossings, and the doctor's result."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.tasks import Task
from django_tasks_db.models import DBTaskResult

from accounts.limits import rate_limits
from config.checklist import points
from config.health import runs
from config.health.tasks import run_doctor
from crossings.editorial import loaded
from crossings.editorial.tasks import load_crossings
from forum.views.staff import administrators_only


@administrators_only
def checklist(request):
    shown = points.shown()
    context = {
        "points": [row for row in shown if not row.is_put_away],
        "put_away": [row for row in shown if row.is_put_away],
        "settled_count": sum(row.is_settled for row in shown),
        "count": len(shown),
        "nav": "staff",
    }
    return render(request, "config/checklist.html", context)


@administrators_only
def put_away(request, key: str):
    return _change(request, key, points.put_away)


@administrators_only
def bring_back(request, key: str):
    return _change(request, key, points.bring_back)


@administrators_only
def crossings(request):
    """How many of the crossings that come with the software are here, and a button that loads the others."""
    if request.method == "POST":
        rate_limits.take("edit", request)
        is_new = _enqueue_once(load_crossings)
        messages.success(request, "The crossings are being loaded." if is_new else "They are being loaded already.")
        return redirect("site:crossings")
    count, total = loaded.progress()
    context = {"count": count, "total": total, "is_running": _waits(load_crossings), "nav": "staff"}
    return render(request, "config/crossings.html", context)


@administrators_only
def doctor(request):
    """What the doctor found last, and a button that lets it look again."""
    if request.method == "POST":
        rate_limits.take("edit", request)
        is_new = _enqueue_once(run_doctor)
        messages.success(
            request, "The doctor looks. Load this page again in a while." if is_new else "It looks already."
        )
        return redirect("site:doctor")
    found = runs.latest()
    context = {
        "run": found,
        "is_old": found is not None and runs.is_old(found),
        "is_running": _waits(run_doctor),
        "nav": "staff",
    }
    return render(request, "config/doctor.html", context)


def _change(request, key: str, change: Callable):
    """A GET, as after signing in, goes on to the checklist."""
    if key not in points.BY_KEY:
        raise Http404
    if request.method == "POST":
        change(request.user, key)
    return redirect("site:checklist")


def _enqueue_once(task: Task) -> bool:
    """Enqueue a task unless it waits or runs already; returns whether it did. Both tasks may run twice."""
    if _waits(task):
        return False
    task.enqueue()
    return True


def _waits(task: Task) -> bool:
    return DBTaskResult.objects.filter(task_path=task.module_path, status__in=["READY", "RUNNING"]).exists()
