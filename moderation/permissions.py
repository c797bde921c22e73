"""May this moderator …? Pure functions: no request, and no query where the session's member asks of themselves.

Power is per subforum. Whoever moderates one keeps its topics in order, whoever began them; what a person wrote, and
the person, is only theirs to judge when that person stands below them: members below moderators, these below
administrators, and administrators below nobody.
"""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from accounts.readers import ReaderFacts, as_reader
from accounts.trust_levels import Trust
from forum.models import Subforum, Topic
from forum.permissions import PostFacts, can_moderate, outranks
from moderation.models import Appeal, ModerationEntry, QueueItem, Verb

# For longer, an administrator decides.
MODERATORS_SUSPEND_FOR = timedelta(days=30)


def can_moderate_something(user: ReaderFacts) -> bool:
    """Whether the user moderates any subforum at all."""
    if not user.is_authenticated or not user.can_write:
        return False
    return as_reader(user).is_moderator


def can_keep_topic(user: ReaderFacts, topic: Topic) -> bool:
    """Pin, lock, move, merge, split, retitle, link: keeping a subforum in order, whoever began the topic."""
    return can_moderate(user, topic.subforum)


def can_judge_post(user: ReaderFacts, post: PostFacts) -> bool:
    """Hide, restore, edit, approve, reject: never what an equal or a superior wrote, but for one's own words."""
    if not can_moderate(user, post.topic.subforum):
        return False
    return user.pk == post.author_id or outranks(user, post.author, post.topic.subforum)


def can_judge_topic(user: ReaderFacts, topic: Topic) -> bool:
    """The same of a whole topic, by who began it."""
    if not can_moderate(user, topic.subforum):
        return False
    return topic.is_running or user.pk == topic.author_id or outranks(user, topic.author, topic.subforum)


def can_warn(user: ReaderFacts, member: User, post: PostFacts | None = None) -> bool:
    """Moderators warn members, about a post in their own subforum or about how they behave at large."""
    if not can_moderate_something(user) or not outranks(user, member):
        return False
    return post is None or (post.author_id == member.pk and can_moderate(user, post.topic.subforum))


def can_suspend(user: ReaderFacts, member: User, span: timedelta | None = None) -> bool:
    """Moderators for a month at most, administrators for longer."""
    if not can_moderate_something(user) or not outranks(user, member):
        return False
    return user.is_staff or span is None or span <= MODERATORS_SUSPEND_FOR


def can_lift(user: ReaderFacts, member: User) -> bool:
    """End a suspension, or give another in its place. What is longer than moderators may give, and every ban, is
    administrators'."""
    if not can_suspend(user, member):
        return False
    until, most = member.suspended_until, timezone.now() + MODERATORS_SUSPEND_FOR
    return user.is_staff or (not member.is_banned and (until is None or until <= most))


def can_ban(user: ReaderFacts, member: User) -> bool:
    """Administrators ban; moderators only newcomers, who come to advertise."""
    if not can_suspend(user, member):
        return False
    return user.is_staff or member.trust == Trust.NEW


def can_clean_spam(user: ReaderFacts, member: User) -> bool:
    """Whoever may ban a member may clean up after them, in the subforums they moderate."""
    return can_ban(user, member)


def can_read_notes(user: ReaderFacts, member: User) -> bool:
    """What moderators know of a member is for moderators, and never about whom they may not judge."""
    return can_moderate_something(user) and (user.is_staff or outranks(user, member))


def can_handle(user: ReaderFacts, item: QueueItem) -> bool:
    """Whether something that waits is for this moderator. Nobody handles what is about themselves."""
    if not can_moderate_something(user) or user.pk == item.member_id:
        return False
    return as_reader(user).is_moderator_of(item.subforum_id)


def can_watch_words(user: ReaderFacts, subforum: Subforum | None) -> bool:
    """Moderators of a subforum its words, administrators those of the whole forum."""
    if subforum is None:
        return user.is_authenticated and user.can_write and user.is_staff
    return can_moderate(user, subforum)


def can_undo(user: ReaderFacts, entry: ModerationEntry) -> bool:
    """Whoever did it, and administrators; anything else asks them. What it touches is asked by each undoing itself."""
    return can_moderate_something(user) and (user.is_staff or user.pk == entry.by_id)


def can_flag(user: ReaderFacts, post: PostFacts) -> bool:
    """Members flag what others wrote, as long as it can be read."""
    return (
        user.is_authenticated
        and user.can_write
        and user.pk != post.author_id
        and post.is_readable
        and post.topic.is_readable
    )


# What is done to somebody's words or to themselves. The rest keeps the house in order, and nobody is judged by it.
APPEALABLE = {
    Verb.HIDE_TOPIC, Verb.HIDE_POST, Verb.REJECT, Verb.LOCK, Verb.MOVE_TOPIC, Verb.MERGE, Verb.SPLIT, Verb.MOVE_POSTS,
    Verb.MARK_DUPLICATE, Verb.RETITLE, Verb.EDIT, Verb.WARN, Verb.SUSPEND, Verb.BAN, Verb.CLEAN_SPAM,
}  # fmt: skip


def can_appeal(user: User, entry: ModerationEntry) -> bool:
    """Members whom an act concerns (log/concerned_members.py) may appeal while it stands, suspended or not."""
    if not user.is_authenticated or not user.is_active:
        return False
    return user.pk != entry.by_id and entry.verb in APPEALABLE


def can_decide(user: ReaderFacts, appeal: Appeal) -> bool:
    """Another than who did it; administrators in any case."""
    return can_handle(user, appeal.item) and (user.is_staff or user.pk != appeal.entry.by_id)
