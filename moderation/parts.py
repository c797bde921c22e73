"""What moderation adds to the forum's pages."""

from collections.abc import Sequence
from typing import cast

from accounts.models import User
from forum.models import Post, Topic
from forum.parts import PageParts, Part, PostLike
from forum.permissions import can_moderate
from moderation import in_topic
from moderation.permissions import can_flag


def of_page(user: User, topic: Topic, rows: Sequence[PostLike]) -> PageParts:
    """What moderators did here; a flag under every post that a member may flag; for moderators the way to act."""
    parts = PageParts(above=in_topic.parts_above(user, topic))
    if not user.is_authenticated:
        return parts
    moderates = can_moderate(user, topic.subforum)
    if moderates:
        parts.beside.append({"template": "moderation/_moderate.html", "key": ("moderate", topic.pk), "pk": topic.pk})
    for row in rows:
        # A row has all that permissions look at.
        acts = [_flag(row.pk)] if can_flag(user, cast(Post, row)) else []
        if moderates:
            acts.append(_moderate(topic, row))
        if acts:
            parts.by_post[row.pk] = acts
    return parts


def _flag(post_id: int) -> Part:
    return {"template": "moderation/_flag.html", "key": ("flag", post_id), "is_act": True, "pk": post_id}


def _moderate(topic: Topic, row: PostLike) -> Part:
    return {
        "template": "moderation/_moderate_post.html", "key": ("moderate", topic.pk, row.pk), "is_act": True,
        "topic_id": topic.pk, "pk": row.pk,
    }  # fmt: skip
