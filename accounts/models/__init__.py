from accounts.models.badge import ExpertBadge
from accounts.models.user import User

__all__ = ["ExpertBadge", "User"]
