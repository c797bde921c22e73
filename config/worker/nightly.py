"""The nightly chores of the worker, in order."""

from collections.abc import Callable

from django.core.management import call_command

from accounts.limits import rate_limits
from crossings.maps import drawn_maps
from crossings.similar import terms
from crossings.status import update
from forum import unread
from moderation import post_addresses
from moderation.actions import flags, restrictions
from moderation.filters import trust
from notifications import bookmark_reminders, news_tasks
from notifications.letters import bounces


def clear_sessions() -> None:
    """Delete expired sessions."""
    call_command("clearsessions")


def prune_tasks() -> None:
    """Delete results of tasks that ended more than two weeks ago."""
    call_command("prune_db_task_results")


CHORES: list[Callable[[], object]] = [
    clear_sessions,
    prune_tasks,
    rate_limits.delete_old,
    unread.forget_old_readings,
    update.judge_all,
    terms.look_after,
    drawn_maps.draw_missing,
    trust.promote_all,
    restrictions.convert_old_bans,
    post_addresses.forget_old,
    flags.forget_addresses,
    bookmark_reminders.remind_all,
    bounces.forget_old,
    news_tasks.write_letters_of_the_night,
]
