from accounts.models.badge import BadgeChange, BadgeSubject, ExpertBadge
from accounts.models.former import FormerAddress, FormerName
from accounts.models.group import GroupMembership, MemberGroup
from accounts.models.ignored import Ignored
from accounts.models.invitation import Invitation, InvitedMember
from accounts.models.kept_text import KeptText
from accounts.models.member_session import MemberSession
from accounts.models.news_version import NewsVersion
from accounts.models.rate_count import RateCount
from accounts.models.sign_in_code import SignInCode
from accounts.models.signup_block import SignUpBlock
from accounts.models.signup_question import SignUpQuestion
from accounts.models.site_text import SiteText
from accounts.models.user import User

__all__ = [
    "BadgeChange",
    "BadgeSubject",
    "ExpertBadge",
    "FormerAddress",
    "FormerName",
    "GroupMembership",
    "Ignored",
    "Invitation",
    "InvitedMember",
    "KeptText",
    "MemberGroup",
    "MemberSession",
    "NewsVersion",
    "RateCount",
    "SignInCode",
    "SignUpBlock",
    "SignUpQuestion",
    "SiteText",
    "User",
]
