"""Permissions of moderators. Pure functions: no request, and no query about the session's user.

They are per subforum. Its moderators keep all its topics in order; but they judge members, and what these wrote, only
if they outrank them: moderators outrank members, administrators outrank both, and nobody outranks administrators.
What is done to a member reaches the whole forum, so it has a place, the subforum where it happened: see
actions/jurisdiction.py.
"""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from accounts.readers import ReaderFacts, as_reader
from accounts.trust_levels import Trust
from forum.models import Subforum, Topic
from forum.permissions import PostFacts, can_administer, can_edit_rules, can_moderate, outranks
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


def can_warn(user: ReaderFacts, member: User, place: Subforum | None) -> bool:
    """Moderators warn members they outrank about what happened in a subforum they moderate; administrators anywhere."""
    if not can_moderate_something(user) or not outranks(user, member):
        return False
    return can_administer(user) or (place is not None and can_moderate(user, place))


def can_reset_second_step(user: ReaderFacts, member: User) -> bool:
    """Administrators, for members and moderators. Not for each other: then one stolen account would open all, so that
    the operator does it (`manage.py reset_second_step`)."""
    return can_administer(user) and user.pk != member.pk and not member.is_staff


def can_clear_profile(user: ReaderFacts, member: User) -> bool:
    """Moderators clear texts on the profiles of members whom they outrank; profiles are of no subforum."""
    return can_moderate_something(user) and outranks(user, member)


def can_suspend(user: ReaderFacts, member: User, place: Subforum | None, span: timedelta | None = None) -> bool:
    """As can_warn; moderators suspend for at most a month, administrators for longer."""
    if not can_warn(user, member, place):
        return False
    return can_administer(user) or span is None or span <= MODERATORS_SUSPEND_FOR


def can_lift(user: ReaderFacts, member: User, given: ModerationEntry | None) -> bool:
    """End or replace what stands by the entry `given`: its giver, moderators of its subforum, administrators.

    Bans, suspensions longer than moderators may give, and those without an entry only administrators.
    """
    if not can_moderate_something(user) or not outranks(user, member):
        return False
    if can_administer(user) or not member.is_suspended:
        return True
    until, most = member.suspended_until, timezone.now() + MODERATORS_SUSPEND_FOR
    if given is None or member.is_banned or until is None or until > most:
        return False
    return user.pk == given.by_id or as_reader(user).is_moderator_of(given.subforum_id)


def can_end(user: ReaderFacts, member: User, given: ModerationEntry | None) -> bool:
    """Users who may lift it, and its giver: moderators end their own ban of a newcomer."""
    is_own = given is not None and user.pk == given.by_id and can_moderate_something(user) and outranks(user, member)
    return is_own or can_lift(user, member, given)


def can_unban(user: ReaderFacts, member: User, given: ModerationEntry | None) -> bool:
    """Users who may end it, but moderators no ban of their own that took the place of a suspension or ban before: its
    undo brings that back."""
    if can_lift(user, member, given):
        return True
    replaced = given is not None and (given.words.before.get("suspended_until") or given.words.before.get("banned_at"))
    return not replaced and can_end(user, member, given)


def can_ban(user: ReaderFacts, member: User, place: Subforum | None) -> bool:
    """Administrators ban; moderators only newcomers, that is spammers, where they moderate."""
    if not can_suspend(user, member, place):
        return False
    return can_administer(user) or member.trust == Trust.NEW


def can_vouch(user: ReaderFacts, member: User) -> bool:
    """Moderators vouch for newcomers, whom this makes members."""
    is_newcomer = member.trust == Trust.NEW and member.can_write
    return is_newcomer and can_moderate_something(user) and outranks(user, member)


def can_clean_spam(user: ReaderFacts, member: User, place: Subforum | None) -> bool:
    """Users who may ban a member may clean up after them, in the subforums they moderate."""
    return can_ban(user, member, place)


def can_read_record(user: ReaderFacts, member: User) -> bool:
    """Moderators read of members they outrank, administrators of all. What they read: log/member_history.py."""
    return can_moderate_something(user) and (can_administer(user) or outranks(user, member))


def can_note(user: ReaderFacts, member: User, place: Subforum | None) -> bool:
    """Moderators keep notes about members who wrote where they moderate, administrators about all."""
    if not can_read_record(user, member):
        return False
    return can_administer(user) or (place is not None and can_moderate(user, place))


def can_handle(user: ReaderFacts, item: QueueItem) -> bool:
    """Moderators handle queue items of their subforums and of profiles, but never items about themselves."""
    if not can_moderate_something(user) or user.pk == item.member_id:
        return False
    return item.is_profile or as_reader(user).is_moderator_of(item.subforum_id)


def can_watch_words(user: ReaderFacts, subforum: Subforum | None) -> bool:
    """Moderators edit the watched words of their subforums, administrators those of the whole forum."""
    if subforum is None:
        return can_administer(user)
    return can_moderate(user, subforum)


def can_edit_reasons(user: ReaderFacts, subforum: Subforum | None) -> bool:
    """As rules: moderators edit the preset reasons of their subforums, administrators those of the whole forum."""
    return can_edit_rules(user, subforum)


def can_keep_gate(user: ReaderFacts) -> bool:
    """Administrators keep the block lists and the question of sign-up."""
    return can_administer(user)


def can_undo(user: ReaderFacts, entry: ModerationEntry) -> bool:
    """The moderator who did it, and administrators. Each undo function also checks the permission of the act itself."""
    return can_moderate_something(user) and (can_administer(user) or user.pk == entry.by_id)


def can_flag(user: ReaderFacts, post: PostFacts) -> bool:
    """Members flag readable posts of others."""
    return (
        user.is_authenticated
        and user.can_write
        and user.pk != post.author_id
        and post.is_readable
        and post.topic.is_readable
    )


def can_flag_profile(user: ReaderFacts, member: User) -> bool:
    """Members flag profiles of others, but not those of administrators, whom nobody outranks."""
    return user.is_authenticated and user.can_write and user.pk != member.pk and not member.is_staff


def can_withdraw_flags(user: ReaderFacts) -> bool:
    """Members withdraw their flags, unless they are suspended: it would change the moderators' queue."""
    return user.is_authenticated and user.can_write


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
    return can_handle(user, appeal.item) and (can_administer(user) or user.pk != appeal.entry.by_id)
