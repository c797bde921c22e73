"""Accepting a post as an answer to its topic, and withdrawing that."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from forum.counters import increments, locks
from forum.models import Answer, Post, Topic
from forum.permissions import NotAllowed, can_accept, can_withdraw_answer
from forum.signals import answer_accepted, answer_withdrawn
from pagecache.versions import bump


@transaction.atomic
def accept_answer(user: User, post: Post) -> None:
    """Accept a post as an answer; a topic may have several. Idempotent. Raises NotAllowed."""
    post = locks.lock_post(post)
    if not can_accept(user, post):
        raise NotAllowed
    _, accepted = Answer.objects.get_or_create(
        post=post, withdrawn_at=None, defaults={"accepted_by": user, "accepted_at": timezone.now()}
    )
    if accepted:
        _count(post, +1)
        answer_accepted.send(Answer, post=post, by=user)


@transaction.atomic
def withdraw_answer(user: User, post: Post) -> None:
    """Withdraw a post's standing answer; its row stays as history. Idempotent. Raises NotAllowed."""
    post = locks.lock_post(post)
    if not can_withdraw_answer(user, post):
        raise NotAllowed
    standing = Answer.objects.filter(post=post, withdrawn_at=None)
    if standing.update(withdrawn_at=timezone.now(), withdrawn_by=user):
        _count(post, -1)
        answer_withdrawn.send(Answer, post=post, by=user)


def _count(post: Post, step: int) -> None:
    Topic.objects.filter(pk=post.topic_id).update(answers_count=F("answers_count") + step)
    bump(Post, post.pk)
    increments.raise_version(post.topic)
