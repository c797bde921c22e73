"""Permissions of moderators. Pure functions: no request, and no query about the session's user.

They are per subforum. Its moderators keep all its topics in order; but they judge members, and what these wrote, only
if they outrank them: moderators outrank members, administrators outrank both, and nobody outranks administrators.
"""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from accounts.readers import ReaderFacts, as_reader
from accounts.trust_levels import Trust
from forum.models import Subforum, Topic
from forum.permissions import PostFacts, can_moderate, outranks
from moderation.models import Appeal, ModerationEntry, QueueItem, Verb

# Longer suspensions are for administrators.
MODERATORS_SUSPEND_FOR = timedelta(days=30)


def can_moderate_something(user: ReaderFacts) -> bool:
    """Whether the user moderates any subforum at all."""
    if not user.is_authenticated or not user.can_write:
        return False
    return as_reader(user).is_moderator


def can_keep_topic(user: ReaderFacts, topic: Topic) -> bool:
    """Pin, lock, move, merge, split, retitle, link: any topic of a subforum that the user moderates."""
    return can_moderate(user, topic.subforum)


def can_judge_post(user: ReaderFacts, post: PostFacts) -> bool:
    """Hide, restore, edit, approve, reject: the user's own posts, and those of members they outrank."""
    if not can_moderate(user, post.topic.subforum):
        return False
    return user.pk == post.author_id or outranks(user, post.author, post.topic.subforum)


def can_judge_topic(user: ReaderFacts, topic: Topic) -> bool:
    """As can_judge_post, for a whole topic, by its author."""
    if not can_moderate(user, topic.subforum):
        return False
    return topic.is_running or user.pk == topic.author_id or outranks(user, topic.author, topic.subforum)


def can_warn(user: ReaderFacts, member: User, post: PostFacts | None = None) -> bool:
    """Moderators warn members they outrank, about a post in a subforum they moderate, or without a post."""
    if not can_moderate_something(user) or not outranks(user, member):
        return False
    return post is None or (post.author_id == member.pk and can_moderate(user, post.topic.subforum))


def can_suspend(user: ReaderFacts, member: User, span: timedelta | None = None) -> bool:
    """Moderators suspend for at most a month, administrators for longer."""
    if not can_moderate_something(user) or not outranks(user, member):
        return False
    return user.is_staff or span is None or span <= MODERATORS_SUSPEND_FOR


def can_lift(user: ReaderFacts, member: User) -> bool:
    """End or replace a suspension. Bans, and suspensions longer than moderators may give, only administrators."""
    if not can_suspend(user, member):
        return False
    until, most = member.suspended_until, timezone.now() + MODERATORS_SUSPEND_FOR
    return user.is_staff or (not member.is_banned and (until is None or until <= most))


def can_end(user: ReaderFacts, member: User, given_by: int | None) -> bool:
    """Users who may lift it, and whoever gave it: moderators end their own ban of a newcomer."""
    is_own = user.pk == given_by and can_moderate_something(user) and outranks(user, member)
    return is_own or can_lift(user, member)


def can_ban(user: ReaderFacts, member: User) -> bool:
    """Administrators ban; moderators only newcomers, that is spammers."""
    if not can_suspend(user, member):
        return False
    return user.is_staff or member.trust == Trust.NEW


def can_vouch(user: ReaderFacts, member: User) -> bool:
    """Moderators vouch for newcomers, whom this makes members."""
    is_newcomer = member.trust == Trust.NEW and member.can_write
    return is_newcomer and can_moderate_something(user) and outranks(user, member)


def can_clean_spam(user: ReaderFacts, member: User) -> bool:
    """Users who may ban a member may clean up after them, in the subforums they moderate."""
    return can_ban(user, member)


def can_read_notes(user: ReaderFacts, member: User) -> bool:
    """Moderators read notes about members they outrank, administrators all notes."""
    return can_moderate_something(user) and (user.is_staff or outranks(user, member))


def can_handle(user: ReaderFacts, item: QueueItem) -> bool:
    """Moderators handle queue items of their subforums, but never items about themselves."""
    if not can_moderate_something(user) or user.pk == item.member_id:
        return False
    return as_reader(user).is_moderator_of(item.subforum_id)


def can_watch_words(user: ReaderFacts, subforum: Subforum | None) -> bool:
    """Moderators edit the watched words of their subforums, administrators those of the whole forum."""
    if subforum is None:
        return user.is_authenticated and user.can_write and user.is_staff
    return can_moderate(user, subforum)


def can_undo(user: ReaderFacts, entry: ModerationEntry) -> bool:
    """The moderator who did it, and administrators. Each undo function also checks the permission of the act itself."""
    return can_moderate_something(user) and (user.is_staff or user.pk == entry.by_id)


def can_flag(user: ReaderFacts, post: PostFacts) -> bool:
    """Members flag readable posts of others."""
    return (
        user.is_authenticated
        and user.can_write
        and user.pk != post.author_id
        and post.is_readable
        and post.topic.is_readable
    )


# Acts that judge a member or their posts. The others keep a subforum in order, and judge nobody.
APPEALABLE = {
    Verb.HIDE_TOPIC, Verb.HIDE_POST, Verb.REJECT, Verb.LOCK, Verb.MOVE_TOPIC, Verb.MERGE, Verb.SPLIT, Verb.MOVE_POSTS,
    Verb.MARK_DUPLICATE, Verb.MARK_OUTDATED, Verb.RETITLE, Verb.EDIT, Verb.WARN, Verb.SUSPEND, Verb.BAN,
    Verb.CLEAN_SPAM,
}  # fmt: skip


def can_appeal(user: User, entry: ModerationEntry) -> bool:
    """Members whom an act concerns (log/concerned_members.py) may appeal while it stands, suspended or not."""
    if not user.is_authenticated or not user.is_active:
        return False
    return user.pk != entry.by_id and entry.verb in APPEALABLE


def can_decide(user: ReaderFacts, appeal: Appeal) -> bool:
    """Another moderator than the one who acted; administrators in any case."""
    return can_handle(user, appeal.item) and (user.is_staff or user.pk != appeal.entry.by_id)
