"""What members do about other members for themselves alone: ignore them, and read them again."""

from django.db import transaction
from django.utils import timezone

from accounts.models import Ignored, User
from accounts.permissions import can_ignore

# Their primary keys are loaded with every page of the user.
MOST_IGNORED = 200


class CannotIgnore(Exception):
    """The member may not be ignored, or the user ignores too many already; the message says which."""


@transaction.atomic
def ignore(user: User, member: User) -> None:
    """Fold the member's posts for the user, and tell the user nothing of them. Idempotent. Raises CannotIgnore."""
    if not can_ignore(user, member):
        raise CannotIgnore("You cannot ignore yourself, or an administrator.")
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # so that two requests at once do not pass the limit
    ignored = Ignored.objects.filter(user=user)
    if ignored.filter(member=member).exists():
        return
    if ignored.count() >= MOST_IGNORED:
        raise CannotIgnore(f"You ignore {MOST_IGNORED} members already. Read some of them again first.")
    Ignored.objects.create(user=user, member=member, ignored_at=timezone.now())


def stop_ignoring(user: User, member: User) -> None:
    """Show the member's posts to the user again. Idempotent."""
    Ignored.objects.filter(user=user, member=member).delete()
