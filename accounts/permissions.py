from accounts.models import User
from accounts.trust_levels import allowed


def can_show_links(user: User) -> bool:
    """Newcomers' links are not shown on their profile and under their posts (accounts/trust_levels.py)."""
    return allowed(user).can_show_links
