"""The queue of tasks: rows of the database, stored by a prepared statement."""

from typing import Any

from django.tasks import Task
from django.tasks.signals import task_enqueued
from django.utils.json import normalize_json
from django_tasks_db.backend import DatabaseBackend, TaskResult

from pagecache.prepared import insert


class TaskQueue(DatabaseBackend):
    """django_tasks_db's backend, whose rows are not stored by the ORM: a reply enqueues one, however many watch."""

    def enqueue(self, task: Task, args: Any, kwargs: Any) -> TaskResult:
        from django_tasks_db.models import DBTaskResult, get_date_max  # apps are loaded later than backends

        self.validate_task(task)
        row: DBTaskResult = DBTaskResult(
            id=self._get_id(),
            args_kwargs=normalize_json({"args": args, "kwargs": kwargs}),
            priority=task.priority,
            task_path=task.module_path,
            queue_name=task.queue_name,
            run_after=task.run_after or get_date_max(),
            backend_name=self.alias,
        )
        insert(row)
        result = row.task_result
        task_enqueued.send(type(self), task_result=result)
        return result
