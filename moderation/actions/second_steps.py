"""Taking a lost second step off the account of a member."""

from django.db import transaction

from accounts.models import User
from accounts.signin.reset_second_step import reset_second_step
from forum.permissions import NotAllowed
from moderation.actions.base import lock_member
from moderation.log import entries
from moderation.log.entries import Why
from moderation.models import ModerationEntry, Verb
from moderation.permissions import can_reset_second_step


@transaction.atomic
def take_off(user: User, member: User, why: Why) -> ModerationEntry | None:
    """Reset the member's second step. Idempotent: None if there is none. It cannot be undone. Raises NotAllowed."""
    member = lock_member(member)
    if not can_reset_second_step(user, member):
        raise NotAllowed
    if not reset_second_step(member):
        return None
    return entries.tell(entries.write(user, Verb.RESET_SECOND_STEP, why, member=member))
