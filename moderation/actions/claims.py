"""Who looks at what: claims and notes on what waits. Nothing here decides anything, so nothing is logged."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from forum.permissions import NotAllowed
from moderation.models import QueueItem, QueueNote
from moderation.permissions import can_handle

# Whoever claimed something and went to sleep keeps nobody from it for longer.
CLAIM_LASTS = timedelta(hours=1)


@transaction.atomic
def claim(user: User, item: QueueItem) -> bool:
    """Tell the others that one looks at it; says whether one has it now. Twice changes nothing. Raises NotAllowed."""
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
    """Leave it to the others. Only one's own claim is given back; twice changes nothing. Raises NotAllowed."""
    item = _lock(user, item)
    QueueItem.objects.filter(pk=item.pk, claimed_by=user).update(claimed_by=None, claimed_at=None)


@transaction.atomic
def note(user: User, item: QueueItem, text: str) -> QueueNote:
    """Tell the other moderators something. The same words again right after change nothing. Raises NotAllowed."""
    item = _lock(user, item)
    last = item.notes.last()
    if last is not None and (last.by_id, last.text) == (user.pk, text):
        return last
    return QueueNote.objects.create(item=item, by=user, text=text, at=timezone.now())


def waiting(user: User) -> int:
    """How much waits for a moderator, for the head of their pages."""
    return QueueItem.objects.open().for_moderator(user).count()


def _lock(user: User, item: QueueItem) -> QueueItem:
    item = QueueItem.objects.select_for_update(no_key=True).get(pk=item.pk)
    if not can_handle(user, item):
        raise NotAllowed
    return item
