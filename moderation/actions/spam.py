"""Cleaning up after somebody who came to advertise: banned, signed out, and all they wrote hidden, in one act."""

import contextlib

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.readers import as_reader
from forum.actions import visibility
from forum.models import Post, Topic
from forum.permissions import CannotBeDone, NotAllowed
from moderation.actions import restrictions
from moderation.actions.base import lock_all, lock_member
from moderation.log import entries
from moderation.log.entries import Why
from moderation.models import Flag, Hold, ModerationEntry, Verb
from moderation.permissions import can_clean_spam
from moderation.queue import items

# So often does a clean-up begin anew because its member wrote on while it looked for what they wrote.
TRIES = 5


class _WroteMeanwhile(Exception):
    """More was written since it was looked for."""


@transaction.atomic
def clean_spam(user: User, member: User, why: Why) -> ModerationEntry | None:
    """Ban a member, end all sessions, and hide what they wrote where one moderates. Raises NotAllowed, CannotBeDone.

    Twice hides what was written meanwhile; where there is nothing left to do, nothing is logged.
    """
    if not can_clean_spam(user, member):
        raise NotAllowed
    for _ in range(TRIES):
        # A savepoint that is left lets go of its locks: those of topics come before those of members.
        with contextlib.suppress(_WroteMeanwhile), transaction.atomic():
            return _clean(user, member, why)
    raise CannotBeDone("They are writing at this very moment. Ban them first, and clean up then.")


def _clean(user: User, member: User, why: Why) -> ModerationEntry | None:
    member, locked = _lock(user, member)
    # Asked again now that they are locked: what was hidden by hand meanwhile is not this act's to restore.
    topics, posts = list(_topics(user, member).filter(pk__in=locked).order_by("pk")), []
    closed: items.Closed = {"flags": [], "holds": []}
    for topic in topics:
        visibility.hide_topic(user, topic)
        if topic.opening_post is not None:
            _add(closed, _settle(user, topic.opening_post))
    for post in _posts(user, member).filter(topic__in=locked).select_related("topic__subforum").order_by("pk"):
        visibility.hide_post(user, post)
        posts.append(post.pk)
        _add(closed, _settle(user, post))
    if member.is_banned and not topics and not posts:
        return None
    before = restrictions.state_of(member) | {
        "topics": [topic.pk for topic in topics],
        "posts": posts,
        "closed": closed,
    }
    after = restrictions.snapshot(banned_at=timezone.now())
    entry = entries.write(user, Verb.CLEAN_SPAM, why, member=member, before=before, after=after)
    restrictions.restrict(member, None, entry)
    User.objects.filter(pk=member.pk).update(sessions_ended_at=timezone.now())
    return entries.tell(entry)


def _lock(user: User, member: User) -> tuple[User, set[int]]:
    """The member and all they wrote, locked; gives the topics by pk.

    Whoever writes takes the lock of their own row, too: once it is ours nothing of theirs is on its way any more, and
    what comes later finds them banned. What came just before was not looked for.
    """
    wrote = set(_posts(user, member).values_list("pk", flat=True))
    topics = Topic.objects.filter(pk__in=_topics(user, member))
    locked = lock_all(topics, Post.objects.filter(pk__in=wrote), more_members=[member.pk])
    member = lock_member(member)
    if not can_clean_spam(user, member):
        raise NotAllowed
    if _is_more(user, member, locked, wrote):
        raise _WroteMeanwhile
    return member, locked


def _is_more(user: User, member: User, topics: set[int], posts: set[int]) -> bool:
    more = _posts(user, member).exclude(pk__in=posts, topic__in=topics)
    return more.exists() or _topics(user, member).exclude(pk__in=topics).exists()


def _topics(user: User, member: User):
    reader, topics = as_reader(user), _own_topics(member)
    return topics if reader.is_staff else topics.filter(subforum__in=reader.moderates_ids)


def _own_topics(member: User):
    return Topic.objects.filter(author=member, hidden_at=None, merged_into=None, is_running=False)


def _posts(user: User, member: User):
    """What they wrote but for opening posts, which their topics hide. Also where the topic is hidden already: who
    restores it restores nothing of theirs."""
    reader, posts = as_reader(user), Post.objects.filter(author=member, hidden_at=None)
    posts = posts.filter(Q(number__gt=1) | Q(topic__is_running=True))
    return posts if reader.is_staff else posts.filter(topic__subforum__in=reader.moderates_ids)


def _settle(user: User, post: Post) -> items.Closed:
    return items.settle(user, post, flags=Flag.Outcome.UPHELD, hold=Hold.Outcome.REJECTED)


def _add(closed: items.Closed, more: items.Closed) -> None:
    for name, ids in more.items():
        closed[name] += ids
