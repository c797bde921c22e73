from accounts.models.badge import ExpertBadge
from accounts.models.ignored import Ignored
from accounts.models.news_version import NewsVersion
from accounts.models.rate_count import RateCount
from accounts.models.user import User

__all__ = ["ExpertBadge", "Ignored", "NewsVersion", "RateCount", "User"]
