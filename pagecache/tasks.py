"""How a task follows a change: with it, and right after it."""

from django.db import transaction
from django.tasks import Task


def soon(work: Task, argument: object, *limits: object) -> None:
    """Enqueue a task with the change that causes it, and run it as soon as that is committed.

    The worker takes a second to begin. `limits` are further arguments of the run right after the commit, such as how
    much it does before the response goes out; the worker does the rest.
    """
    work.enqueue(argument)
    transaction.on_commit(lambda: work.call(argument, *limits), robust=True)
