from typing import Any

from accounts.models import User
from accounts.trust_levels import allowed


def can_show_links(user: User) -> bool:
    """Newcomers' links are not shown on their profile and under their posts (accounts/trust_levels.py)."""
    return allowed(user).can_show_links


def can_ignore(user: Any, member: User) -> bool:
    """Members ignore each other, but no administrator: somebody must be able to reach everybody."""
    return user.is_authenticated and user.pk != member.pk and not member.is_staff
