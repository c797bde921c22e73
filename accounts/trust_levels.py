"""What members of each trust may do: one table, told to people in docs/trust.md."""

from datetime import timedelta
from typing import NamedTuple

from accounts.models import User
from accounts.readers import ReaderFacts

Trust = User.Trust


class Allowed(NamedTuple):
    """What the members of one trust may do. None: as much as they like."""

    # Links and pictures in one post, before it waits for a moderator; none at all in the first posts of a newcomer.
    links: int | None
    # Members called by name in one post, before it waits.
    mentions: int | None
    # How long they may change a post: newcomers for a day, so that a harmless text cannot become an advertisement.
    edit_window: timedelta | None
    # What one flag counts, and the limit on how many they make (docs/settings.md).
    flag_weight: float
    flag_limit: str
    # Whether links stand on their profile and under their posts.
    can_show_links: bool


TABLE = {
    Trust.NEW: Allowed(2, 3, timedelta(days=1), 0.5, "flag_new", False),
    Trust.MEMBER: Allowed(10, 10, timedelta(days=90), 1.0, "flag_member", True),
    Trust.TRUSTED: Allowed(None, None, None, 2.0, "flag_trusted", True),
}
# A newcomer's first posts are those until so many of them can be read by all.
FIRST_POSTS = 3


def allowed(user: ReaderFacts) -> Allowed:
    """What a member may do; administrators what trusted members may."""
    return TABLE[Trust.TRUSTED if user.is_staff else Trust(user.trust)]


class Earned(NamedTuple):
    """What it takes to have the next trust: time, reading and writing, without incident."""

    days: int
    # Those that everybody can read.
    posts: int
    topics_read: int
    thanks: int
    # No flag upheld and no suspension for so long, and no warning that still counts.
    without_incident: timedelta


EARNED = {
    Trust.MEMBER: Earned(3, 5, 10, 0, timedelta(days=30)),
    Trust.TRUSTED: Earned(60, 50, 50, 20, timedelta(days=90)),
}
