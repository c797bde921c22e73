from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings


class RankReminder(NamedTuple):
    due_at: datetime
    is_over: bool


def rank_reminder(user: Any) -> RankReminder | None:
    """For moderators and administrators without a second step: until when they have time; None for others."""
    if not settings.SECOND_STEP_FOR_STAFF or not user.is_authenticated:
        return None
    if user.second_step_at is not None or user.second_step_due_at is None:
        return None
    return RankReminder(user.second_step_due_at, user.lacks_second_step)
