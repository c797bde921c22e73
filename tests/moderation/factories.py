"""Moderators, and what waits for them: only what matters to a test is written in the test."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from accounts.models import User
from forum.models import Post, Subforum
from moderation.actions import flags
from moderation.log.entries import Why
from moderation.models import Flag
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic

_numbers = count(1)
WHY = Why(reason="Please keep to the rules.")


def make_moderator(*subforums: Subforum, **fields) -> User:
    moderator = make_user(**({"trust": User.Trust.MEMBER} | fields))
    for subforum in subforums:
        subforum.moderators.add(moderator)
    return moderator


def make_member_of(moderator: User, **fields) -> User:
    """A member who has written in the first subforum of this moderator."""
    member = make_user(**fields)
    make_post(topic=make_topic(subforum=moderator.moderated_subforums.earliest("pk")), author=member)
    return member


def make_admin() -> User:
    return make_user(is_staff=True)


def make_flag(post: Post | None = None, *, by: User | None = None, **fields) -> Flag:
    """A member's flag, for advertising and from an address of its own unless said otherwise."""
    by = by or make_flagger()
    own = {"reason": Flag.Reason.ADVERTISING, "address": f"2001:db8:0:{next(_numbers):x}::/64"}
    return flags.flag_post(by, post or make_post(), **(own | fields))


def make_flagger(trust: User.Trust = User.Trust.MEMBER) -> User:
    """Somebody who joined in another month than all others."""
    return make_user(trust=trust, joined_at=timezone.now() - timedelta(days=40 * next(_numbers)))
