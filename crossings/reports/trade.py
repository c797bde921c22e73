"""Accounts of businesses at the border: what they report of crossings does not count for the status."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from crossings.status import update
from forum.permissions import NotAllowed, can_administer


@transaction.atomic
def mark_trade_account(user: User, member: User, *, is_trade: bool) -> None:
    """Say that an account is one of a business, or none. The same again changes nothing. Raises NotAllowed."""
    if not can_administer(user):
        raise NotAllowed
    member = User.objects.select_for_update(no_key=True).get(pk=member.pk)
    if (member.trade_at is not None) == is_trade:
        return
    member.trade_at = timezone.now() if is_trade else None
    member.save(update_fields=["trade_at"])
    update.judge(*update.crossings_of_reports_by([member]))
