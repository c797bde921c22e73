"""Undoing acts on members."""

from django.utils import timezone

from accounts.models import User
from forum.actions import visibility
from forum.models import Post, Topic
from forum.permissions import NotAllowed
from moderation.actions import later_acts, restrictions
from moderation.actions.base import lock_all, lock_member
from moderation.actions.reversals.base import require
from moderation.filters import trust
from moderation.log.entries import Why, tell, write
from moderation.models import EntryWords, ModerationEntry, Suspension, Verb, Warning
from moderation.permissions import can_clear_profile, can_end, can_moderate_something, outranks
from moderation.queue import items


def take_back_warning(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    """Revoke a warning: restore the trust that other warnings allow, and end suspensions that its points caused."""
    if entry.post_id:
        lock_all(Topic.objects.none(), Post.objects.filter(pk=entry.post_id))
    member = _lock(entry)
    if not can_moderate_something(user) or not outranks(user, member):
        raise NotAllowed
    Warning.objects.filter(entry=entry, revoked_at=None).update(revoked_at=timezone.now())
    if member.trust < words.before["trust"]:
        member.trust = words.before["trust"]
        User.objects.filter(pk=member.pk).update(trust=member.trust)
        trust.lower(member)
    items.reopen(words.before["closed"])
    for suspension in _suspended_for(entry):
        end_suspension(user, suspension, suspension.words)
        undone = write(user, Verb.UNDO, Why(), member=member, subforum=entry.place, undoes=suspension)
        tell(undone)


def end_suspension(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    """Restore the member's restriction before the suspension or ban."""
    member = _lock_to_lift(user, entry)
    require(restrictions.is_restricted_as(member, words.after))
    Suspension.objects.filter(entry=entry).update(lifted_at=timezone.now())
    restrictions.set_back(member, words.before)


def suspend_again(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    """Restore a lifted suspension or ban."""
    member = _lock_to_lift(user, entry)
    require(restrictions.is_restricted_as(member, restrictions.snapshot()))
    restrictions.set_back(member, words.before)


def bring_back(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    """Restore exactly what the clean-up hid, unless it was hidden again since, and end the ban. Sessions stay ended."""
    topics = Topic.objects.filter(pk__in=words.before["topics"], hidden_by=entry.by_id, merged_into=None)
    posts = Post.objects.filter(pk__in=words.before["posts"], hidden_by=entry.by_id)
    locked = lock_all(topics, posts)
    require(not posts.exclude(topic__in=locked).exists())
    topics = topics.exclude(pk__in=later_acts.topics_judged_since(entry).values("topic"))
    posts = posts.exclude(pk__in=later_acts.posts_judged_since(entry).values("post"))
    for topic in topics.select_related("subforum").order_by("pk"):
        visibility.restore_topic(user, topic)
    for post in posts.select_related("topic__subforum").order_by("pk"):
        visibility.restore_post(user, post)
    items.reopen(words.before["closed"])
    member = _lock_to_lift(user, entry)
    require(restrictions.is_restricted_as(member, words.after))
    Suspension.objects.filter(entry=entry).update(lifted_at=timezone.now())
    restrictions.set_back(member, words.before)


def take_back_word(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    """Take back a moderator's word for a member: a newcomer again, unless they have been trusted since."""
    member = _lock(entry)
    if not can_moderate_something(user) or not outranks(user, member):
        raise NotAllowed
    require(member.trust == words.after["trust"])
    User.objects.filter(pk=member.pk).update(trust=words.before["trust"])


def write_profile_back(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    """Restore texts of a profile, unless its member wrote others, and the flags that were settled with them."""
    member = _lock(entry)
    if not can_clear_profile(user, member):
        raise NotAllowed
    stood = words.before["stood"]
    require(not any(getattr(member, name) for name in stood))
    User.objects.filter(pk=member.pk).update(**stood)
    items.reopen(words.before.get("closed", items.NOTHING))


def flag_profile_again(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    """Reopen the flags of a profile that were dismissed."""
    if not can_clear_profile(user, _lock(entry)):
        raise NotAllowed
    items.reopen(words.before["closed"])


def _lock(entry: ModerationEntry) -> User:
    return lock_member(User(pk=entry.member_id))


def _lock_to_lift(user: User, entry: ModerationEntry) -> User:
    """Lock the member. Raises NotAllowed."""
    member = _lock(entry)
    if not can_end(user, member, entry):
        raise NotAllowed
    return member


def _suspended_for(warning: ModerationEntry):
    entries = ModerationEntry.objects.undoable().filter(verb=Verb.SUSPEND, member=warning.member_id, pk__gt=warning.pk)
    return entries.filter(words__before__for_warning=warning.pk, suspension__lifted_at=None).select_related("words")
