"""Official notices of a crossing: entered, changed and withdrawn by the staff; they begin and end by themselves.

What was done with them, by whom and when, stands in the history of the crossing.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from crossings import signals
from crossings.editorial import wording
from crossings.editorial.actions import keep_edit, lock_crossing, refuse_stale
from crossings.models import Crossing, Notice
from crossings.permissions import can_enter_notice
from crossings.status import update

Values = Mapping[str, Any]


@transaction.atomic
def enter_notice(user: User, crossing: Crossing, *, values: Values) -> Notice:
    """A new notice. The same that stands already is given back. Raises NotAllowed."""
    crossing = lock_crossing(crossing, user, can_enter_notice)
    if standing := crossing.notices.standing().filter(**values).first():
        return standing
    notice = Notice.objects.create(crossing=crossing, entered_by=user, entered_at=timezone.now(), **values)
    _keep(user, crossing, "Notice entered", wording.changes({}, wording.of_notice(notice)))
    signals.notice_entered.send(Notice, notice=notice)
    return notice


@transaction.atomic
def change_notice(user: User, notice: Notice, *, values: Values, based_on: str) -> Notice:
    """Change what a notice says. The same again changes nothing. Raises NotAllowed and actions.ChangedMeanwhile."""
    crossing = lock_crossing(notice.crossing, user, can_enter_notice)
    notice = Notice.objects.get(pk=notice.pk)
    before, stood = wording.of_notice(notice), notice.withdrawn_at is None
    for name, value in values.items():
        setattr(notice, name, value)
    after = wording.of_notice(Notice(**values))
    lines = wording.changes(before, after)
    if stood and not lines:
        return notice
    refuse_stale(based_on if stood else "", before, lines)
    notice.save(update_fields=[*values])
    _keep(user, crossing, "Notice changed", lines)
    return notice


@transaction.atomic
def withdraw_notice(user: User, notice: Notice) -> Notice:
    """Take a notice back before its end. Twice changes nothing. Raises NotAllowed."""
    crossing = lock_crossing(notice.crossing, user, can_enter_notice)
    notice = Notice.objects.get(pk=notice.pk)
    if notice.withdrawn_at is not None:
        return notice
    before = wording.of_notice(notice)
    notice.withdrawn_by, notice.withdrawn_at = user, timezone.now()
    notice.save(update_fields=["withdrawn_by", "withdrawn_at"])
    _keep(user, crossing, "Notice withdrawn", wording.changes(before, wording.of_notice(notice)))
    return notice


def _keep(user: User, crossing: Crossing, reason: str, lines: list[list[str]]) -> None:
    keep_edit(user, crossing, reason, lines)
    update.judge(crossing.pk)
