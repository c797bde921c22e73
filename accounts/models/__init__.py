from accounts.models.badge import ExpertBadge
from accounts.models.rate_count import RateCount
from accounts.models.user import User

__all__ = ["ExpertBadge", "RateCount", "User"]
