"""Who may get letters at all."""

from accounts.models import User
from notifications.models import Category


def may_get_letters(user: User, category: Category | None = None) -> bool:
    """Whether a member may get letters: active, address confirmed; if suspended, only about moderators' acts."""
    if not user.is_active or user.email_confirmed_at is None:
        return False
    return category == Category.ACTS or not user.is_suspended
