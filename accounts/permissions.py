from accounts.models import User
from accounts.trust_levels import allowed


def can_show_links(user: User) -> bool:
    """Only members who have earned some trust show links on their profile and under their posts."""
    return allowed(user).can_show_links
