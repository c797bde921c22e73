"""An expert says that an answer still holds; a moderator, that a post is out of date."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from crossings.links.actions import end_pages_linked_with
from crossings.models import AnswerConfirmation, Crossing
from crossings.permissions import can_confirm
from crossings.signals import answer_confirmed
from forum.counters import increments, locks
from forum.models import Post
from forum.permissions import NotAllowed, can_moderate
from pagecache.versions import bump


@transaction.atomic
def confirm_answer(user: User, post: Post) -> None:
    """The answer speaks for today from now on. Twice on one day changes nothing. Raises NotAllowed."""
    post = locks.lock_post(post)
    crossings = Crossing.objects.filter(links__topic=post.topic_id, links__removed_at=None)
    if not post.is_readable or not can_confirm(user, post.topic, crossings, post.author_id):
        raise NotAllowed
    now = timezone.now()
    found, is_new = AnswerConfirmation.objects.get_or_create(post=post, by=user, defaults={"confirmed_at": now})
    if not is_new:
        if found.confirmed_at.date() == now.date():
            return
        AnswerConfirmation.objects.filter(pk=found.pk).update(confirmed_at=now)
    bump(Post, post.pk, confirmed_at=now)
    increments.raise_version(post.topic)
    end_pages_linked_with(post.topic_id)
    answer_confirmed.send(AnswerConfirmation, post=post, by=user, on=now.date().isoformat())


@transaction.atomic
def mark_outdated(user: User, post: Post) -> None:
    """Mark a post as out of date, as a moderator of its subforum. Idempotent. Raises NotAllowed."""
    post = locks.lock_post(post)
    if post.marked_outdated_at is None:
        _mark(user, post, timezone.now())


@transaction.atomic
def unmark_outdated(user: User, post: Post) -> None:
    """Take the mark off again. Idempotent. Raises NotAllowed."""
    post = locks.lock_post(post)
    if post.marked_outdated_at is not None:
        _mark(user, post, None)


def _mark(user: User, post: Post, at: datetime | None) -> None:
    if not can_moderate(user, post.topic.subforum):
        raise NotAllowed
    bump(Post, post.pk, marked_outdated_at=at)
    increments.raise_version(post.topic)
    end_pages_linked_with(post.topic_id)
