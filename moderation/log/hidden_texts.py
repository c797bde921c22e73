"""Texts that a moderator hid or rejected, for their author to read and copy.

What a clean-up hid is only in its entry's words; once they are erased, it is unknown.
"""

from django.db.models import Q

from accounts.models import User
from forum.models import Post
from forum.models.post import PostQuerySet
from moderation.models import ModerationEntry, Verb

GIVE_BACK = {Verb.HIDE_POST, Verb.REJECT, Verb.HIDE_TOPIC, Verb.CLEAN_SPAM}


def gives_back(entry: ModerationEntry, user: User) -> bool:
    """Whether the act hid texts of the member, and is not undone. Uses the entry's `undone_by` and `words`."""
    if entry.verb not in GIVE_BACK or entry.member_id != user.pk or getattr(entry, "undone_by", None):
        return False
    return entry.verb != Verb.CLEAN_SPAM or bool(_cleaned(entry))


def posts_of(entry: ModerationEntry, user: User) -> PostQuerySet:
    """The member's posts that the act hid, oldest first."""
    taken = Post.objects.filter(_taken(entry), author=user)
    return taken.select_related("topic").order_by("pk")


def _taken(entry: ModerationEntry) -> Q:
    if entry.verb == Verb.CLEAN_SPAM:
        return Q(topic__in=entry.words.before.get("topics", [])) | Q(pk__in=entry.words.before.get("posts", []))
    return Q(topic=entry.topic_id) if entry.verb == Verb.HIDE_TOPIC else Q(pk=entry.post_id)


def _cleaned(entry: ModerationEntry) -> list[int]:
    return entry.words.before.get("topics", []) + entry.words.before.get("posts", [])
