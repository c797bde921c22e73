"""Running a background task both from the queue and right after the commit."""

from django.db import transaction
from django.tasks import Task


def soon(work: Task, argument: object, *limits: object) -> None:
    """Enqueue a task in the transaction of its cause, and also call it in this process right after the commit.

    The worker polls once a second, so it may begin later than the next page is read. `limits` are further arguments of
    the call after the commit, such as how many rows it handles before the response; the worker does the rest. The task
    must be idempotent: it runs twice. Exceptions of the call after the commit are logged, not raised.
    """
    work.enqueue(argument)
    transaction.on_commit(lambda: work.call(argument, *limits), robust=True)
