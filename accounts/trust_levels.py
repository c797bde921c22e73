"""Limits of members by trust level, and what it takes to be promoted. The figures are those of docs/trust.md."""

from datetime import timedelta
from typing import NamedTuple

from accounts.models import User
from accounts.readers import ReaderFacts

Trust = User.Trust


class Allowed(NamedTuple):
    """Limits of one trust level. None: no limit."""

    # Links and pictures in one post above which it is held for a moderator; 0 in a newcomer's FIRST_POSTS.
    links: int | None
    # Mentions in one post above which it is held.
    mentions: int | None
    # How long authors may edit a post: newcomers a day, so that a harmless post cannot be turned into spam later.
    edit_window: timedelta | None
    # The weight of one flag for the order of the queue, and the rate limit of flags (docs/settings.md).
    flag_weight: float
    # Whether flags can hold a post before a moderator has looked (moderation/actions/flags.py).
    flags_hold: bool
    flag_limit: str
    # Whether their links are shown on the profile and under posts.
    can_show_links: bool


TABLE = {
    Trust.NEW: Allowed(2, 3, timedelta(days=1), 0.5, False, "flag_new", False),
    Trust.MEMBER: Allowed(10, 10, timedelta(days=90), 1.0, True, "flag_member", True),
    Trust.TRUSTED: Allowed(None, None, None, 2.0, True, "flag_trusted", True),
}
# A newcomer's posts count as first posts until this many can be read by everybody.
FIRST_POSTS = 3


def allowed(user: ReaderFacts) -> Allowed:
    """The limits of a member; administrators have those of trusted members."""
    return TABLE[Trust.TRUSTED if user.is_staff else Trust(user.trust)]


class Earned(NamedTuple):
    """What it takes to be promoted to a trust level."""

    days: int
    # Posts that everybody can read.
    posts: int
    topics_read: int
    # Reactions "helpful", and from how many members of age they came.
    thanks: int
    thanked_by: int
    # No flag upheld and no suspension for this long, and no standing warning.
    without_incident: timedelta


EARNED = {
    Trust.MEMBER: Earned(3, 5, 10, 2, 2, timedelta(days=30)),
    Trust.TRUSTED: Earned(60, 50, 50, 20, 5, timedelta(days=90)),
}
# Members are of age so long after they joined: only their thanks and reports speak for others.
OF_AGE = timedelta(days=30)
# Instead of thanks, a newcomer of this age becomes a member by a report that the next one at its crossing confirms.
CONFIRMED_REPORT_AFTER = timedelta(days=30)
CONFIRMED_WITHIN = timedelta(days=90)
# What a member of age told no longer ago than this is no news when a newcomer repeats it.
NEWS_AFTER = timedelta(days=30)
