"""The nightly chores of the worker, in order. When each is due stands in config/worker/chores.py."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.limits import rate_limits
from accounts.signin import devices
from accounts.signup import block_lists, former_addresses, invitations, sign_in_codes
from accounts.write_first import kept_texts
from config.health import runs
from crossings.dump.write_dump import write_dump
from crossings.experts import actions, use_of_badges
from crossings.maps import drawn_maps
from crossings.similar import feedback, tasks, terms
from crossings.status import update
from forum import unread
from forum.actions import topics
from forum.search import reindex, vocabulary
from moderation import post_addresses
from moderation.actions import flags, restrictions
from moderation.filters import trust
from notifications import bookmark_reminders, closure_news, news_tasks
from notifications.letters import account_letters, bounces


def clear_sessions() -> None:
    """Delete expired sessions."""
    call_command("clearsessions")


def prune_tasks() -> None:
    """Delete results of tasks that ended well more than two weeks ago. Failed ones wait for an administrator."""
    ended = timezone.now() - timedelta(weeks=2)
    DBTaskResult.objects.successful().filter(finished_at__lte=ended).delete()


def write_missing_vectors() -> None:
    """Enqueue what reads titles without a vector, such as those of an import, part by part."""
    if settings.SIMILAR_BY_MEANING:
        tasks.write_missing_vectors.enqueue()


CHORES: list[Callable[[], object]] = [
    clear_sessions,
    devices.end_old,
    prune_tasks,
    rate_limits.delete_old,
    block_lists.forget_ended,
    kept_texts.forget_old,
    invitations.forget_addresses,
    former_addresses.forget_old,
    sign_in_codes.forget_old,
    unread.forget_old_readings,
    use_of_badges.look_after_all,
    actions.forget_old,
    update.judge_all,
    terms.look_after,
    write_missing_vectors,
    feedback.forget_old,
    reindex.index_missing,
    vocabulary.count_words,
    drawn_maps.draw_missing,
    write_dump,
    trust.promote_all,
    restrictions.convert_old_bans,
    post_addresses.forget_old,
    flags.forget_addresses,
    topics.clear_all_ended,
    bookmark_reminders.remind_all,
    closure_news.tell_of_closed_days,
    bounces.forget_old,
    runs.run,
    account_letters.forget_old,
    news_tasks.write_letters_of_the_night,
]
