"""What is done about members: they ignore each other; administrators put chosen members into groups."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.models import GroupMembership, Ignored, MemberGroup, User
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


@transaction.atomic
def add_to_group(user: User, group: MemberGroup, members: Iterable[User]) -> list[User]:
    """Add members to a group, and return those who were not in it. Idempotent. Checks no permission."""
    MemberGroup.objects.select_for_update(no_key=True).get(pk=group.pk)  # so that two requests at once add nobody twice
    known = set(group.memberships.standing().values_list("member", flat=True))
    new = sorted({member.pk: member for member in members if member.pk not in known}.values(), key=lambda m: m.pk)
    now = timezone.now()
    GroupMembership.objects.bulk_create(
        GroupMembership(group=group, member=member, added_by=user, added_at=now) for member in new
    )
    return new


def remove_from_group(user: User, group: MemberGroup, member_id: int) -> bool:
    """End a membership, which stays in the group's history; whether it stood. Idempotent. Checks no permission."""
    standing = group.memberships.standing().filter(member=member_id)
    return bool(standing.update(removed_by=user, removed_at=timezone.now()))
