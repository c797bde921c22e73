"""Claims and notes on queue items. They decide nothing, so they are not logged."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from forum.permissions import NotAllowed
from moderation.models import QueueItem, QueueNote
from moderation.permissions import can_handle
from moderation.queue import items

# A claim expires, in case its moderator went away.
CLAIM_LASTS = timedelta(hours=1)


@transaction.atomic
def claim(user: User, item: QueueItem) -> bool:
    """Claim an open queue item; returns whether the user has it now. Idempotent. Raises NotAllowed."""
    item = _lock(user, item)
    if item.closed_at is not None:
        return False
    now = timezone.now()
    if item.claimed_by_id not in {None, user.pk} and item.claimed_at and item.claimed_at > now - CLAIM_LASTS:
        return False
    QueueItem.objects.filter(pk=item.pk).update(claimed_by=user, claimed_at=now)
    return True


@transaction.atomic
def release(user: User, item: QueueItem) -> None:
    """Release the user's own claim. Idempotent. Raises NotAllowed."""
    item = _lock(user, item)
    QueueItem.objects.filter(pk=item.pk, claimed_by=user).update(claimed_by=None, claimed_at=None)


@transaction.atomic
def note(user: User, item: QueueItem, text: str) -> QueueNote:
    """Add a note for the other moderators; repeating the last one returns that. Raises NotAllowed."""
    item = _lock(user, item)
    last = item.notes.last()
    if last is not None and (last.by_id, last.text) == (user.pk, text):
        return last
    return QueueNote.objects.create(item=item, by=user, text=text, at=timezone.now())


def waiting(user: User) -> int:
    """Number of open queue items of a moderator, for the header of their pages. One query."""
    return items.waiting_for(user).count()


def _lock(user: User, item: QueueItem) -> QueueItem:
    item = QueueItem.objects.select_for_update(no_key=True).get(pk=item.pk)
    if not can_handle(user, item):
        raise NotAllowed
    return item
