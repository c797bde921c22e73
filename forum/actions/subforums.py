"""Changing who may read and write a subforum."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import MemberGroup, User
from forum.counters import increments, locks
from forum.models import FormerAddress, Subforum
from forum.permissions import CannotBeDone, NotAllowed, can_administer
from forum.signals import access_changed
from forum.tasks import AT_ONCE, render_quoting_subforum
from pagecache.tasks import soon


@transaction.atomic
def change_access(subforum: Subforum, access: str, group: MemberGroup | None = None) -> None:
    """Change who may read and write a subforum, and members' counters with it. Checks no permission.

    `group`: whose members read it, with the access "chosen" and no other.
    """
    increments.end_kept_pages(Subforum.objects.filter(pk=subforum.pk))
    subforum = locks.lock_subforum(subforum.pk)
    was_readable, before = subforum.is_readable_by_all, (subforum.access, subforum.group_id)
    subforum.access, subforum.group = access, group
    if subforum.is_readable_by_all != was_readable:
        increments.count_changed_access(subforum, +1 if subforum.is_readable_by_all else -1)
        soon(render_quoting_subforum, subforum.pk, AT_ONCE)
    if (access, subforum.group_id) != before:
        access_changed.send(Subforum, subforum=subforum)
    # Last, because the trigger locks the row of the site's version, which comes after members in the order of locks.
    Subforum.objects.filter(pk=subforum.pk).update(access=access, group=group)


@transaction.atomic
def lock_subforum(user: User, subforum: Subforum) -> None:
    """Let only moderators write in it; everybody reads it as before. Idempotent. Raises NotAllowed, CannotBeDone."""
    if not can_administer(user):
        raise NotAllowed
    if is_needed(subforum):
        raise CannotBeDone("Pages of crossings lead here (QUESTIONS_SUBFORUM, REPORTS_SUBFORUM). Name another first.")
    # A trigger raises the site's version, which ends all cached pages.
    Subforum.objects.filter(pk=subforum.pk, locked_at=None).update(locked_at=timezone.now())


@transaction.atomic
def unlock_subforum(user: User, subforum: Subforum) -> None:
    """Let members write in it again. Idempotent. Raises NotAllowed, and CannotBeDone while it is being removed."""
    if not can_administer(user):
        raise NotAllowed
    row = locks.lock_subforum(subforum.pk)
    if row.removed_by_id is not None:
        raise CannotBeDone("It is being removed. Its topics are on their way.")
    Subforum.objects.filter(pk=row.pk).exclude(locked_at=None).update(locked_at=None)


@transaction.atomic
def keep_old_address(subforum: Subforum, old: str) -> None:
    """Let the address that a subforum had lead to it; an address in use leads nowhere else. Idempotent."""
    FormerAddress.objects.filter(slug=subforum.slug).delete()
    if old and old != subforum.slug:
        FormerAddress.objects.update_or_create(slug=old, defaults={"subforum": subforum})


def is_needed(subforum: Subforum) -> bool:
    """Whether settings name it as the place of questions or reports about crossings."""
    return subforum.slug in {settings.QUESTIONS_SUBFORUM, settings.REPORTS_SUBFORUM}
