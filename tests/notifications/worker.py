"""The worker's part in tests that roll back: what was enqueued is done at once, in this connection."""

from django.db.models import Q
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max


def do_tasks(path: str = "") -> None:
    """Do all tasks that are due, or those whose path contains `path`, and what they enqueue."""
    due = Q(run_after__lte=timezone.now()) | Q(run_after=get_date_max())
    waiting = DBTaskResult.objects.filter(due, status="READY", task_path__contains=path)
    while result := waiting.order_by("enqueued_at").first():
        DBTaskResult.objects.filter(pk=result.pk).update(status="SUCCESSFUL")
        result.task.call(*result.args_kwargs["args"], **result.args_kwargs["kwargs"])
