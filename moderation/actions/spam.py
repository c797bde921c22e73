"""Cleaning up after somebody who came to advertise: banned, signed out, and all they wrote hidden, in one act."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.models.user import FOR_EVER
from forum import hiding
from forum.models import Post, Topic
from forum.models.subforum import moderated_subforum_ids
from forum.permissions import NotAllowed
from moderation import log, queueing
from moderation.actions.acting import lock_all, lock_member
from moderation.actions.members import state_of, stop_writing, written
from moderation.log import Why
from moderation.models import Flag, Hold, ModerationEntry, Verb
from moderation.permissions import can_clean_spam


@transaction.atomic
def clean_spam(user: User, member: User, why: Why) -> ModerationEntry | None:
    """Ban a member, end all sessions, and hide what they wrote where one moderates. Raises NotAllowed.

    Twice hides what was written meanwhile; where there is nothing left to do, nothing is logged.
    """
    if not can_clean_spam(user, member):
        raise NotAllowed
    locked = lock_all(Topic.objects.filter(pk__in=_topics(user, member)), _posts(user, member))
    # Asked again now that they are locked: what was hidden by hand meanwhile is not this act's to restore.
    topics, posts = list(_topics(user, member).filter(pk__in=locked).order_by("pk")), []
    closed: queueing.Closed = {"flags": [], "holds": []}
    for topic in topics:
        hiding.hide_topic(user, topic)
        if topic.opening_post is not None:
            _add(closed, _settle(user, topic.opening_post))
    for post in _posts(user, member).filter(topic__in=locked).select_related("topic__subforum").order_by("pk"):
        hiding.hide_post(user, post)
        posts.append(post.pk)
        _add(closed, _settle(user, post))
    member = lock_member(member)
    if not can_clean_spam(user, member):
        raise NotAllowed
    if member.is_banned and not topics and not posts:
        return None
    before = state_of(member) | {"topics": [topic.pk for topic in topics], "posts": posts, "closed": closed}
    after = {"suspended_until": written(FOR_EVER)}
    entry = log.write(user, Verb.CLEAN_SPAM, why, member=member, before=before, after=after)
    stop_writing(member, FOR_EVER, entry)
    User.objects.filter(pk=member.pk).update(sessions_ended_at=timezone.now())
    return log.tell(entry)


def _topics(user: User, member: User):
    topics = Topic.objects.filter(author=member, hidden_at=None, merged_into=None)
    return topics if user.is_staff else topics.filter(subforum__in=moderated_subforum_ids(user))


def _posts(user: User, member: User):
    """What they wrote in topics of others; their own topics are hidden as a whole."""
    posts = Post.objects.filter(author=member, hidden_at=None, topic__hidden_at=None, number__gt=1)
    return posts if user.is_staff else posts.filter(topic__subforum__in=moderated_subforum_ids(user))


def _settle(user: User, post: Post) -> queueing.Closed:
    return queueing.settle(user, post, flags=Flag.Outcome.UPHELD, hold=Hold.Outcome.REJECTED)


def _add(closed: queueing.Closed, more: queueing.Closed) -> None:
    for name, ids in more.items():
        closed[name] += ids
