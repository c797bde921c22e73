"""Giving, changing and withdrawing experts' badges. Who may do so, callers ask: administrators only."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import BadgeChange, ExpertBadge, User
from forum.experts import history
from forum.experts.tasks import count_replies
from pagecache.tasks import soon

# A reply that was begun before a badge was given may be committed after it.
REPLIES_END_WITHIN = timedelta(minutes=1)


def save_badge(badge: ExpertBadge, by: User) -> None:
    """Save a badge that is new, or changed; the counts of the replies of its member follow."""
    kind = BadgeChange.Kind.CHANGED if badge.pk else BadgeChange.Kind.GIVEN
    with _counts_following(badge.user):
        badge.save()
        history.note(badge, kind, by=by, reason=badge.reason)


def withdraw_badge(badge: ExpertBadge, by: User, reason: str = "") -> None:
    """End a badge; its row stays. Idempotent."""
    with _counts_following(badge.user):
        if ExpertBadge.objects.standing().filter(pk=badge.pk).update(withdrawn_at=timezone.now()):
            history.note(badge, BadgeChange.Kind.WITHDRAWN, by=by, reason=reason)


@contextmanager
def _counts_following(member: User) -> Iterator[None]:
    """A transaction with the member's lock alone: what follows in topics is counted in parts, the first right after it,
    and once more when replies have ended that were being written just then."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).only("pk").get(pk=member.pk)
        yield
        soon(count_replies, member.pk, 0, False)
        count_replies.using(run_after=timezone.now() + REPLIES_END_WITHIN).enqueue(member.pk)
