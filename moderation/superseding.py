"""Which later acts stand over an earlier one: what was hidden, shown and hidden again is hidden by the last act.

So acts on one thing are taken back from the newest to the oldest, and nobody takes back what another did since.
"""

from django.db.models import Q

from forum.models import Post
from moderation.models import ModerationEntry, Verb
from moderation.models.entry import EntryQuerySet

_TOPIC_HIDDEN = {Verb.HIDE_TOPIC, Verb.RESTORE_TOPIC}
_POST_HIDDEN = {Verb.HIDE_POST, Verb.RESTORE_POST, Verb.APPROVE, Verb.REJECT}
_KEPT = [
    {Verb.LOCK, Verb.UNLOCK}, {Verb.PIN, Verb.UNPIN}, {Verb.MOVE_TOPIC}, {Verb.RETITLE}, {Verb.LINK_CROSSINGS},
    {Verb.MARK_DUPLICATE, Verb.UNMARK_DUPLICATE},
]  # fmt: skip
_SUSPENDED = {Verb.SUSPEND, Verb.LIFT, Verb.BAN, Verb.UNBAN, Verb.CLEAN_SPAM}


def is_done_again(entry: ModerationEntry) -> bool:
    """Whether a later act of the same kind, on the same thing, still stands. What it is about is locked."""
    about = _about(entry)
    return about is not None and _later(entry).filter(about).exists()


def posts_judged_since(entry: ModerationEntry) -> EntryQuerySet:
    """The entries of later acts that hid or showed single posts."""
    return _later(entry).filter(verb__in=_POST_HIDDEN, post__isnull=False)


def topics_judged_since(entry: ModerationEntry) -> EntryQuerySet:
    """The same of whole topics."""
    return _later(entry).filter(_of_topic(), topic__isnull=False)


def _later(entry: ModerationEntry) -> EntryQuerySet:
    return ModerationEntry.objects.undoable().filter(pk__gt=entry.pk)


def _about(entry: ModerationEntry) -> Q | None:
    verb = Verb(entry.verb)
    if verb in _SUSPENDED:
        return Q(member=entry.member_id, verb__in=_SUSPENDED)
    if verb in _TOPIC_HIDDEN:
        return Q(_of_topic(), topic=entry.topic_id)
    if verb in _POST_HIDDEN:
        about = Q(post=entry.post_id, verb__in=_POST_HIDDEN)
        opened = Post.objects.filter(pk=entry.post_id or 0, number=1).values("topic")
        return about | Q(topic__in=opened, verb__in=_TOPIC_HIDDEN)
    return next((Q(topic=entry.topic_id, verb__in=verbs) for verbs in _KEPT if verb in verbs), None)


def _of_topic() -> Q:
    """What waits opens its topic: to approve or reject it is to show or hide the topic."""
    return Q(verb__in=_TOPIC_HIDDEN) | Q(verb__in=[Verb.APPROVE, Verb.REJECT], post__number=1)
