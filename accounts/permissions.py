from accounts.models import User


def can_show_links(user: User) -> bool:
    """Only members who have earned some trust show links on their profile and under their posts."""
    return user.trust > User.Trust.NEW or user.is_staff
