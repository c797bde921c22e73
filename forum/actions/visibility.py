"""Hiding and restoring posts and topics, holding them for a moderator, and approving them. Nothing is ever deleted."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from forum.counters import locks
from forum.counters.differences import counters_following
from forum.models import Post, Topic
from forum.permissions import CannotBeDone, NotAllowed, can_moderate
from forum.signals import post_hidden, post_published, post_restored, topic_hidden, topic_restored
from forum.tasks import AT_ONCE, render_referrers
from pagecache.tasks import soon
from pagecache.versions import bump


@transaction.atomic
def hide_post(user: User, post: Post) -> None:
    """Hide a post as a moderator; hiding a held post rejects it. Idempotent.

    Raises NotAllowed, and CannotBeDone for an opening post.
    """
    post = _lock_to_moderate(user, post)
    if post.hidden_at is not None:
        return
    if post.is_opening_post:
        raise CannotBeDone("This post opens its topic. Hide the topic instead.")
    hide(user, post)


@transaction.atomic
def restore_post(user: User, post: Post) -> None:
    """Restore a hidden post, which is held again if it was held. Idempotent.

    Raises NotAllowed, and CannotBeDone if its author has withdrawn it.
    """
    post = _lock_to_moderate(user, post)
    if post.hidden_at is None:
        return
    if post.is_withdrawn:
        raise CannotBeDone("Its author has withdrawn this post. Only moderators' own acts can be taken back.")
    with counters_following([post.topic_id], _only(post)):
        bump(Post, post.pk, hidden_at=None, hidden_by=None)
    soon(render_referrers, post.pk, AT_ONCE)
    if post.held_at is None:
        post_restored.send(Post, post=_fresh(post), by=user)


@transaction.atomic
def hide_topic(user: User, topic: Topic) -> None:
    """Hide a topic with all its posts, as a moderator. Idempotent. Raises NotAllowed, CannotBeDone."""
    topic = _lock_topic_to_moderate(user, topic)
    if topic.hidden_at is None:
        hide_whole(user, topic)


@transaction.atomic
def restore_topic(user: User, topic: Topic) -> None:
    """Restore a hidden topic. Idempotent. Raises NotAllowed, CannotBeDone."""
    topic = _lock_topic_to_moderate(user, topic)
    if topic.hidden_at is None:
        return
    if topic.hidden_by_id == topic.author_id and not topic.is_running:
        raise CannotBeDone("Its author has withdrawn this topic. Only moderators' own acts can be taken back.")
    with counters_following([topic.pk]):
        Topic.objects.filter(pk=topic.pk).update(hidden_at=None, hidden_by=None)
    _render_quotes_of(topic)
    topic.hidden_at = topic.hidden_by = None
    if topic.held_at is None:
        topic_restored.send(Topic, topic=topic, by=user)


@transaction.atomic
def approve_post(user: User, post: Post) -> None:
    """Publish a held post, and with an opening post its topic. Idempotent. Raises NotAllowed, CannotBeDone."""
    post = _lock_to_moderate(user, post)
    if post.held_at is None:
        return
    if post.hidden_at is not None or post.topic.hidden_at is not None:
        raise CannotBeDone("This was hidden. Restore it first.")
    with counters_following([post.topic_id], None if post.is_opening_post else _only(post)):
        bump(Post, post.pk, held_at=None)
        if post.is_opening_post:
            Topic.objects.filter(pk=post.topic_id).update(held_at=None)
    soon(render_referrers, post.pk, AT_ONCE)
    post_published.send(Post, post=_fresh(post))


@transaction.atomic
def hold_post(user: User | None, post: Post) -> None:
    """Hold a post, and with an opening post its topic, until a moderator approves it. Idempotent; does nothing to what
    is hidden. A reply can be held in a topic that is held itself.

    `user=None` for members' flags and filters. Raises NotAllowed.
    """
    post = locks.lock_post(post)
    if user is not None and not can_moderate(user, post.topic.subforum):
        raise NotAllowed
    if not post.is_readable or post.topic.hidden_at is not None:
        return
    now = timezone.now()
    with counters_following([post.topic_id], None if post.is_opening_post else _only(post)):
        bump(Post, post.pk, held_at=now)
        if post.is_opening_post:
            Topic.objects.filter(pk=post.topic_id).update(held_at=now)
    soon(render_referrers, post.pk, AT_ONCE)
    if post.is_opening_post:
        topic_hidden.send(Topic, topic=post.topic, by=user)
    else:
        post_hidden.send(Post, post=post, by=user)


def hide(user: User, post: Post) -> None:
    """Hide a post without checking permissions; the caller has locked it and its topic."""
    with counters_following([post.topic_id], _only(post)):
        bump(Post, post.pk, hidden_at=timezone.now(), hidden_by=user)
    soon(render_referrers, post.pk, AT_ONCE)
    post_hidden.send(Post, post=post, by=user)


def hide_whole(user: User, topic: Topic) -> None:
    """Hide a topic without checking permissions; the caller has locked it."""
    with counters_following([topic.pk]):
        Topic.objects.filter(pk=topic.pk).update(hidden_at=timezone.now(), hidden_by=user)
    _render_quotes_of(topic)
    topic_hidden.send(Topic, topic=topic, by=user)


def _lock_to_moderate(user: User, post: Post) -> Post:
    post = locks.lock_post(post)
    if not can_moderate(user, post.topic.subforum):
        raise NotAllowed
    return post


def _lock_topic_to_moderate(user: User, topic: Topic) -> Topic:
    topic = locks.lock_topic(topic)
    if not can_moderate(user, topic.subforum):
        raise NotAllowed
    if topic.merged_into_id is not None:
        raise CannotBeDone("This topic was merged into another. Take back the merging instead.")
    return topic


def _render_quotes_of(topic: Topic) -> None:
    if topic.opening_post_id:
        soon(render_referrers, topic.opening_post_id, AT_ONCE)


def _only(post: Post):
    return Post.objects.filter(pk=post.pk)


def _fresh(post: Post) -> Post:
    return Post.objects.select_related("topic__subforum").get(pk=post.pk)
