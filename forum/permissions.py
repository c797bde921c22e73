"""What a reader may do to one thing: pure functions, no query, no request. What may be read: `visible_to` (models)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from django.conf import settings
from django.utils import timezone

from accounts.readers import ReaderFacts, as_reader, badges_of, moderated_ids
from accounts.trust_levels import Trust, allowed
from forum.models import Subforum, Topic


class PostFacts(Protocol):
    """The attributes of a post that permissions use; Post and PostRow have them."""

    @property
    def pk(self) -> Any: ...

    @property
    def number(self) -> int: ...

    @property
    def author_id(self) -> int: ...

    @property
    def author(self) -> ReaderFacts: ...

    @property
    def topic(self) -> Topic: ...

    @property
    def written_at(self) -> datetime: ...

    @property
    def hidden_at(self) -> datetime | None: ...

    @property
    def is_readable(self) -> bool: ...

    @property
    def is_opening_post(self) -> bool: ...


class NotAllowed(Exception):
    """The permission is missing, often only since the page was shown: the topic was locked, the post withdrawn."""


class CannotBeDone(Exception):
    """A moderator has the permission, but the act makes no sense in this state; the message says why."""


TITLE_IS_GIVEN = "The forum gave this topic its title, and nobody can change it."


def can_administer(user: ReaderFacts) -> bool:
    """Administrators: sections, subforums, access, moderators, badges."""
    return user.is_authenticated and user.is_staff and user.can_write and not user.lacks_second_step


def can_pin_across(user: ReaderFacts) -> bool:
    """Administrators pin topics across the forum, because those stand above the lists of every subforum."""
    return can_administer(user)


def can_moderate(user: ReaderFacts, subforum: Subforum) -> bool:
    if not user.is_authenticated or not user.can_write:
        return False
    return as_reader(user).is_moderator_of(subforum.pk)


def outranks(user: ReaderFacts, member: ReaderFacts, subforum: Subforum | None = None) -> bool:
    """Whether a moderator may judge a member: not administrators, nor moderators of the subforum (None: of any).

    A suspension takes the rights, not the rank: only administrators judge a moderator who is suspended.
    """
    if member.is_staff or user.pk == member.pk:
        return False
    if can_administer(user):
        return True
    theirs = moderated_ids(member)
    return subforum.pk not in theirs if subforum else not theirs


def can_open_topic(user: ReaderFacts, subforum: Subforum) -> bool:
    if not user.is_authenticated or not user.can_write:
        return False
    if subforum.locked_at is not None or subforum.access in {Subforum.Access.ANNOUNCEMENTS, Subforum.Access.STAFF}:
        return can_moderate(user, subforum)
    if subforum.access == Subforum.Access.CHOSEN:
        return subforum.group_id in as_reader(user).groups_ids or can_moderate(user, subforum)
    return True


def can_write_first(user: ReaderFacts, subforum: Subforum) -> bool:
    """Visitors may type where any member may post, and sign in or up afterwards: nothing is posted before."""
    return not user.is_authenticated and subforum.locked_at is None and subforum.access == Subforum.Access.OPEN


def can_reply_first(user: ReaderFacts, topic: Topic) -> bool:
    """As can_write_first, a reply."""
    return topic.is_readable and not topic.is_locked and can_write_first(user, topic.subforum)


def is_locked(topic: Topic) -> bool:
    """Whether the topic is locked, or the whole subforum."""
    return topic.is_locked or topic.subforum.locked_at is not None


def is_author_of(user: ReaderFacts, topic: Topic) -> bool:
    """Who opened the topic; a running topic has no author."""
    return user.pk == topic.author_id and not topic.is_running


def can_reply(user: ReaderFacts, topic: Topic) -> bool:
    """Members who may open topics there reply to readable, unlocked topics; moderators to locked ones, too."""
    if not topic.is_readable:
        return False
    if topic.is_locked:
        return can_moderate(user, topic.subforum)
    return can_open_topic(user, topic.subforum)


def can_react(user: ReaderFacts, post: PostFacts) -> bool:
    """Members react to each other's readable posts, never to their own, and not in a locked topic."""
    return (
        user.is_authenticated
        and user.can_write
        and user.pk != post.author_id
        and post.is_readable
        and post.topic.is_readable
        and not is_locked(post.topic)
    )


def can_date(user: ReaderFacts, post: PostFacts) -> bool:
    """Whether they may say that a post is still true, or outdated: members, moderators and experts, not newcomers."""
    if not can_react(user, post):
        return False
    return user.trust >= Trust.MEMBER or as_reader(user).is_moderator or bool(badges_of(user).titles)


def can_edit(user: ReaderFacts, post: PostFacts) -> bool:
    """Authors edit within the `edit_window` of their trust while the topic is unlocked; moderators edit posts of their
    own and of members they outrank. Nobody edits hidden posts."""
    if not user.is_authenticated or not user.can_write or post.hidden_at is not None:
        return False
    if can_moderate(user, post.topic.subforum):
        return user.pk == post.author_id or outranks(user, post.author, post.topic.subforum)
    if user.pk != post.author_id or post.topic.hidden_at is not None or is_locked(post.topic):
        return False
    window = allowed(user).edit_window
    return window is None or timezone.now() - post.written_at < window


def can_read_history(user: ReaderFacts, post: PostFacts) -> bool:
    """The author and moderators read former texts of a post."""
    if not user.is_authenticated or not user.can_write:
        return False
    return user.pk == post.author_id or can_moderate(user, post.topic.subforum)


def can_read_changes(post: PostFacts) -> bool:
    """Readers of a post see who edited it, and former texts that everybody could read
    (PostRevision.objects.shown_to_readers), unless the operator turned that off."""
    return settings.READERS_SEE_EDITS and post.is_readable and post.topic.is_readable


def can_restore(user: ReaderFacts, post: PostFacts) -> bool:
    """Moderators who may edit the post restore a former text of it."""
    return can_edit(user, post) and can_moderate(user, post.topic.subforum)


def is_folded(user: ReaderFacts, post: PostFacts, ignored: Collection[int]) -> bool:
    """Whether a post is folded for a reader who ignores these members (accounts.readers.ignored_ids).

    Never where its author speaks as a moderator, nor for readers who moderate there themselves.
    """
    if post.author_id not in ignored:
        return False
    subforum = post.topic.subforum
    return not as_reader(post.author).is_moderator_of(subforum.pk) and not can_moderate(user, subforum)


def can_accept(user: ReaderFacts, post: PostFacts) -> bool:
    """The topic's author, while it is unlocked, and moderators accept readable replies as answers; nobody accepts an
    own reply in a topic of their own."""
    if is_author_of(user, post.topic) and user.pk == post.author_id:
        return False
    return can_withdraw_answer(user, post)


def can_withdraw_answer(user: ReaderFacts, post: PostFacts) -> bool:
    """Who accepts answers takes that back, also of a post that came to be an own one, as by merging."""
    if not user.is_authenticated or not user.can_write or post.is_opening_post:
        return False
    if not post.is_readable or not post.topic.is_readable:
        return False
    is_author = is_author_of(user, post.topic) and not is_locked(post.topic)
    return is_author or can_moderate(user, post.topic.subforum)


def can_withdraw(user: ReaderFacts, post: PostFacts) -> bool:
    """Authors withdraw their own reply while the topic is unlocked; for the opening post see can_withdraw_topic."""
    return (
        user.is_authenticated
        and user.can_write
        and user.pk == post.author_id
        and post.hidden_at is None
        and not post.is_opening_post
        and post.topic.is_readable
        and not is_locked(post.topic)
    )


def can_withdraw_topic(user: ReaderFacts, topic: Topic) -> bool:
    """Authors withdraw their own unlocked topic while it has no replies."""
    return (
        user.is_authenticated
        and user.can_write
        and is_author_of(user, topic)
        and topic.hidden_at is None
        and not is_locked(topic)
        and topic.posts_count <= 1
    )


def can_edit_rules(user: ReaderFacts, subforum: Subforum | None) -> bool:
    """Moderators edit the rules of their subforums; administrators those of the whole forum (None)."""
    if subforum is None:
        return can_administer(user)
    return can_moderate(user, subforum)


class PostPermissions(NamedTuple):
    """A reader's permissions on a post: all that forum/_post.html uses, and part of its fragment's cache key."""

    accept: bool = False
    withdraw_answer: bool = False
    date: bool = False
    edit: bool = False
    moderate: bool = False
    react: bool = False
    read_history: bool = False
    reply: bool = False
    withdraw: bool = False


def permissions_for(user: ReaderFacts, post: PostFacts) -> PostPermissions:
    return PostPermissions(
        accept=can_accept(user, post),
        withdraw_answer=can_withdraw_answer(user, post),
        date=can_date(user, post),
        edit=can_edit(user, post),
        moderate=can_moderate(user, post.topic.subforum),
        react=can_react(user, post),
        read_history=can_read_history(user, post) or can_read_changes(post),
        reply=can_reply(user, post.topic),
        withdraw=can_withdraw(user, post),
    )
