"""Flags of members' profiles, and what moderators decide on them. They hide nothing by themselves."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from forum.permissions import NotAllowed
from moderation.actions.base import lock_member
from moderation.actions.flags import digest_of, weight_of
from moderation.actions.member_acts import texts_of_profile
from moderation.log import entries
from moderation.log.entries import Why
from moderation.models import Flag, ModerationEntry, Verb
from moderation.permissions import can_clear_profile, can_flag_profile, can_withdraw_flags
from moderation.queue import items
from moderation.rules import text_of


@transaction.atomic
def flag_profile(
    user: User,
    member: User,
    *,
    reason: str,
    part: str = "",
    rule: int | None = None,
    words: str = "",
    address: str = "",
) -> Flag:
    """Flag a member's profile, by a rule of the whole forum if any. The user's open flag of it, if any, is returned.

    `address` is the block of addresses it comes from. Raises NotAllowed.
    """
    member = lock_member(member)
    if standing := Flag.objects.open().filter(profile=member, by=user).first():
        return standing
    if not can_flag_profile(user, member):
        raise NotAllowed
    of_rule: dict[str, Any] = {"rule": rule, "is_forum_rule": rule is not None, "rule_text": text_of(rule, True, None)}
    flag = Flag.objects.create(
        item=items.item_of_profile(member),
        profile=member,
        by=user,
        reason=reason,
        part=part,
        words=words,
        stood=texts_of_profile(member),
        weight=weight_of(user),
        address_digest=digest_of(address),
        at=timezone.now(),
        **of_rule,
    )
    items.refresh(flag.item)
    return flag


@transaction.atomic
def withdraw_profile_flag(user: User, member: User) -> None:
    """Withdraw the user's own open flag. Idempotent. Raises NotAllowed."""
    if not can_withdraw_flags(user):
        raise NotAllowed
    member = lock_member(member)
    flag = Flag.objects.open().select_related("item").filter(profile=member, by=user).first()
    if flag is None:
        return
    Flag.objects.filter(pk=flag.pk).update(closed_at=timezone.now(), closed_by=user, outcome=Flag.Outcome.WITHDRAWN)
    items.refresh(flag.item)


@transaction.atomic
def dismiss_profile_flags(user: User, member: User, why: Why) -> ModerationEntry | None:
    """Say that nothing is wrong with a profile. Idempotent: None where no flag is open. Raises NotAllowed."""
    member = lock_member(member)
    if not can_clear_profile(user, member):
        raise NotAllowed
    closed = items.settle_profile(user, member, Flag.Outcome.DISMISSED)
    if not closed["flags"]:
        return None
    entry = entries.write(user, Verb.DISMISS_PROFILE, why, member=member, before={"closed": closed})
    return entries.tell(entry)
