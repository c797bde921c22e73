"""Badges fall asleep after a year without use, and wake by an answer or a "still true" where they speak.

A sleeping badge is not shown beside posts, and its member is no expert (`ExpertBadge.is_awake`). What counts as
answered stays so: a reply by which it would count wakes the badge (docs/counters.md).
"""

from collections.abc import Callable
from datetime import timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.utils import timezone

from accounts.models import BadgeChange, ExpertBadge, User
from forum.experts import history
from forum.models import Topic
from forum.models.subforum import speaks_here

SLEEPS_AFTER = timedelta(days=365)


@transaction.atomic
def wake_where_used(user_id: int, topic_id: int) -> None:
    """Wake the sleeping badges of a member that speak in a topic. Idempotent."""
    _lock_member(user_id)
    sleeping = ExpertBadge.objects.asleep().filter(speaks_here(), user=user_id).values("pk")
    for ids in Topic.objects.filter(pk=topic_id).values_list(ArraySubquery(sleeping), flat=True):
        for badge in ExpertBadge.objects.filter(pk__in=ids):
            _wake(badge)


@transaction.atomic
def wake_if(pk: int, is_used: Callable[[ExpertBadge], bool]) -> bool:
    """Wake a sleeping badge that is in use; whether it was. Idempotent."""
    badge = _lock(pk)
    if badge.withdrawn_at or badge.is_awake or not is_used(badge):
        return False
    _wake(badge)
    return True


@transaction.atomic
def put_to_sleep_unless(pk: int, is_used: Callable[[ExpertBadge], bool]) -> bool:
    """Put a badge to sleep that is not in use; whether it was put. Idempotent.

    `is_used` is asked under the lock of the member, for which a waking task waits (wake_where_used).
    """
    badge = _lock(pk)
    if not badge.is_awake or is_used(badge):
        return False
    badge.asleep_at = timezone.now()
    badge.save(update_fields=["asleep_at"])
    history.note(badge, BadgeChange.Kind.ASLEEP)
    return True


def _wake(badge: ExpertBadge) -> None:
    badge.asleep_at, badge.woken_at = None, timezone.now()
    badge.save(update_fields=["asleep_at", "woken_at"])
    history.note(badge, BadgeChange.Kind.WOKEN)


def _lock(pk: int) -> ExpertBadge:
    """The badge as it is under the lock of its member."""
    _lock_member(ExpertBadge.objects.values_list("user", flat=True).get(pk=pk))
    return ExpertBadge.objects.get(pk=pk)


def _lock_member(user_id: int) -> None:
    User.objects.select_for_update(no_key=True).only("pk").get(pk=user_id)
