"""Cleaning up after a spammer in one act: ban, end all sessions, hide everything they wrote."""

import contextlib

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from forum.actions import visibility
from forum.models import Post, Topic
from forum.permissions import CannotBeDone, NotAllowed
from moderation import consequences
from moderation.actions import restrictions
from moderation.actions.base import lock_all, lock_member
from moderation.actions.jurisdiction import place_of
from moderation.consequences import posts_to_hide, topics_to_hide
from moderation.log import entries
from moderation.log.entries import Why
from moderation.models import Flag, Hold, ModerationEntry, Verb
from moderation.permissions import can_clean_spam
from moderation.queue import items

# How often a clean-up is retried if the member writes while their posts are being collected.
TRIES = 5


class _WroteMeanwhile(Exception):
    """The member wrote more after their posts were collected."""


@transaction.atomic
def clean_spam(user: User, member: User, why: Why) -> ModerationEntry | None:
    """Ban a member, end all sessions, and hide all they wrote in the moderator's subforums.

    A second call hides what was written since; None, without an entry, if there is nothing to do. Raises NotAllowed,
    CannotBeDone.
    """
    if not can_clean_spam(user, member, place_of(user, member)):
        raise NotAllowed
    for _ in range(TRIES):
        # Rolling back the savepoint releases its locks, because those of topics must come before those of members.
        with contextlib.suppress(_WroteMeanwhile), transaction.atomic():
            return _clean(user, member, why)
    raise CannotBeDone("They are writing at this very moment. Ban them first, and clean up then.")


def _clean(user: User, member: User, why: Why) -> ModerationEntry | None:
    member, locked = _lock(user, member)
    hides = consequences.clean_up(user, member)
    # Queried again under the locks: undoing this act must not restore what was hidden by hand concurrently.
    topics, posts = list(topics_to_hide(user, [member.pk]).filter(pk__in=locked).order_by("pk")), []
    closed: items.Closed = {"flags": [], "holds": []}
    for topic in topics:
        visibility.hide_topic(user, topic)
        if topic.opening_post is not None:
            _add(closed, _settle(user, topic.opening_post))
    for post in (
        posts_to_hide(user, [member.pk]).filter(topic__in=locked).select_related("topic__subforum").order_by("pk")
    ):
        visibility.hide_post(user, post)
        posts.append(post.pk)
        _add(closed, _settle(user, post))
    if member.is_banned and not topics and not posts:
        return None
    _add(closed, items.settle_profile(user, member, Flag.Outcome.UPHELD))
    before = restrictions.state_of(member) | {
        "topics": [topic.pk for topic in topics],
        "posts": posts,
        "closed": closed,
    }
    after = restrictions.snapshot(banned_at=timezone.now()) | {"hides": {"posts": hides.posts, "topics": hides.topics}}
    place = place_of(user, member)
    entry = entries.write(user, Verb.CLEAN_SPAM, why, subforum=place, member=member, before=before, after=after)
    if not member.is_banned:  # a standing ban stays that of its giver
        restrictions.restrict(member, None, entry)
    User.objects.filter(pk=member.pk).update(sessions_ended_at=timezone.now())
    return entries.tell(entry)


def _lock(user: User, member: User) -> tuple[User, set[int]]:
    """Lock the member and all they wrote; returns the member and the primary keys of the topics.

    Posting locks the author's row, too: once we hold it, no transaction of theirs is open, and later ones find them
    banned. Raises _WroteMeanwhile if one committed just before.
    """
    wrote = set(posts_to_hide(user, [member.pk]).values_list("pk", flat=True))
    topics = Topic.objects.filter(pk__in=topics_to_hide(user, [member.pk]))
    locked = lock_all(topics, Post.objects.filter(pk__in=wrote), more_members=[member.pk])
    member = lock_member(member)
    if not can_clean_spam(user, member, place_of(user, member)):
        raise NotAllowed
    if _is_more(user, member, locked, wrote):
        raise _WroteMeanwhile
    return member, locked


def _is_more(user: User, member: User, topics: set[int], posts: set[int]) -> bool:
    more = posts_to_hide(user, [member.pk]).exclude(pk__in=posts, topic__in=topics)
    return more.exists() or topics_to_hide(user, [member.pk]).exclude(pk__in=topics).exists()


def _settle(user: User, post: Post) -> items.Closed:
    return items.settle(user, post, flags=Flag.Outcome.UPHELD, hold=Hold.Outcome.REJECTED)


def _add(closed: items.Closed, more: items.Closed) -> None:
    for name, ids in more.items():
        closed[name] += ids
