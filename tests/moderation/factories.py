"""Moderators, and what waits for them: only what matters to a test is written in the test."""

from accounts.models import User
from forum.models import Post, Subforum
from moderation.actions import flags
from moderation.log.entries import Why
from moderation.models import Flag
from tests.factories import make_user
from tests.forum.factories import make_post

WHY = Why(reason="Please keep to the rules.")


def make_moderator(*subforums: Subforum, **fields) -> User:
    moderator = make_user(**({"trust": User.Trust.MEMBER} | fields))
    for subforum in subforums:
        subforum.moderators.add(moderator)
    return moderator


def make_admin() -> User:
    return make_user(is_staff=True)


def make_flag(post: Post | None = None, *, by: User | None = None, **fields) -> Flag:
    """A member's flag, for advertising unless said otherwise."""
    by = by or make_user(trust=User.Trust.MEMBER)
    return flags.flag_post(by, post or make_post(), **({"reason": Flag.Reason.ADVERTISING} | fields))
