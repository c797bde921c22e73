"""What moderation adds to the forum's pages."""

from collections.abc import Sequence
from typing import cast

from accounts.models import User
from forum.models import Post, Topic
from forum.parts import PageParts, Part, PostLike
from moderation.permissions import can_flag


def of_page(user: User, topic: Topic, rows: Sequence[PostLike]) -> PageParts:
    """A flag under every post that a member may flag; asks nothing of the database."""
    if not user.is_authenticated:
        return PageParts()
    # A row has all that permissions look at.
    return PageParts(by_post={row.pk: [_flag(row.pk)] for row in rows if can_flag(user, cast(Post, row))})


def _flag(post_id: int) -> Part:
    return {"template": "moderation/_flag.html", "key": ("flag", post_id), "is_act": True, "pk": post_id}
