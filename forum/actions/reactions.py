"""Members' reactions to posts, and withdrawing them."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from forum.counters import increments, locks
from forum.models import Post, Reaction
from forum.models.reaction import OPPOSITES
from forum.permissions import NotAllowed, can_date, can_react
from forum.signals import reacted, reaction_withdrawn


@transaction.atomic
def react(user: User, post: Post, kind: str) -> None:
    """Add the user's reaction to a post, and remove its opposite. Idempotent. Raises NotAllowed."""
    post = _lock_post_to_react(user, post)
    if Reaction.Kind(kind) in OPPOSITES and not can_date(user, post):
        raise NotAllowed
    opposite = OPPOSITES.get(Reaction.Kind(kind))
    if opposite and Reaction.objects.filter(post=post, user=user, kind=opposite).delete()[0]:
        increments.count_reaction(post, user, opposite, -1)
        reaction_withdrawn.send(Reaction, post=post, kind=opposite, by=user)
    _, given = Reaction.objects.get_or_create(post=post, user=user, kind=kind, defaults={"given_at": timezone.now()})
    if given:
        increments.count_reaction(post, user, kind, +1)
        increments.raise_version(post.topic)
        reacted.send(Reaction, post=post, kind=kind, by=user)


@transaction.atomic
def withdraw_reaction(user: User, post: Post, kind: str) -> None:
    """Remove the user's reaction. Idempotent. Raises NotAllowed."""
    post = _lock_post_to_react(user, post)
    if Reaction.objects.filter(post=post, user=user, kind=kind).delete()[0]:
        increments.count_reaction(post, user, kind, -1)
        increments.raise_version(post.topic)
        reaction_withdrawn.send(Reaction, post=post, kind=kind, by=user)


def _lock_post_to_react(user: User, post: Post) -> Post:
    post = locks.lock_post(post)
    if not can_react(user, post):
        raise NotAllowed
    return post
