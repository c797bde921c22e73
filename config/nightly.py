"""What the worker's clock does once a night."""

from collections.abc import Callable

from django.core.management import call_command

from accounts import rate_limits
from crossings import judging, terms
from crossings.maps import stored
from forum import unread
from moderation import addresses, trusting
from notifications import letters, watch_tasks


def clear_sessions() -> None:
    """Sessions that ended by time."""
    call_command("clearsessions")


def prune_tasks() -> None:
    """Tasks that were done more than two weeks ago."""
    call_command("prune_db_task_results")


CHORES: list[Callable[[], object]] = [
    clear_sessions,
    prune_tasks,
    rate_limits.delete_old,
    unread.forget_old_readings,
    judging.judge_all,
    terms.look_after,
    stored.draw_missing,
    trusting.promote_all,
    addresses.forget_old,
    letters.send_waiting,
    watch_tasks.write_letters_of_the_night,
]
