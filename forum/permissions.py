"""May this user …? Pure functions: no query, no request."""

from django.utils import timezone

from accounts.models import User
from accounts.trust_levels import allowed
from forum.models import Post, Subforum, Topic
from forum.models.subforum import moderated_subforum_ids


class NotAllowed(Exception):
    """What was allowed when the page was shown no longer is: the topic was locked, the post withdrawn."""


class CannotBeDone(Exception):
    """A moderator may, but it makes no sense; it says why, in words for them."""


def can_administer(user: User) -> bool:
    """Sections, subforums, access, moderators, badges: administrators only."""
    return user.is_authenticated and user.is_staff and user.may_write


def can_moderate(user: User, subforum: Subforum) -> bool:
    if not user.is_authenticated or not user.may_write:
        return False
    return user.is_staff or subforum.pk in moderated_subforum_ids(user)


def outranks(user: User, member: User, subforum: Subforum | None = None) -> bool:
    """Whether a member stands below a moderator: in one subforum, or without one everywhere."""
    if member.is_staff or user.pk == member.pk:
        return False
    if user.is_staff:
        return True
    theirs = moderated_subforum_ids(member)
    return subforum.pk not in theirs if subforum else not theirs


def can_open_topic(user: User, subforum: Subforum) -> bool:
    if not user.is_authenticated or not user.may_write:
        return False
    if subforum.access in {Subforum.Access.ANNOUNCEMENTS, Subforum.Access.STAFF}:
        return can_moderate(user, subforum)
    return True


def can_reply(user: User, topic: Topic) -> bool:
    """Members reply to what is neither locked, hidden nor held; moderators to locked topics too."""
    if not topic.is_readable:
        return False
    if topic.locked_at is not None:
        return can_moderate(user, topic.subforum)
    return can_open_topic(user, topic.subforum)


def can_react(user: User, post: Post) -> bool:
    """Members react to each other's readable posts, never to their own, and not in a locked topic."""
    return (
        user.is_authenticated
        and user.may_write
        and user.pk != post.author_id
        and post.is_readable
        and post.topic.is_readable
        and post.topic.locked_at is None
    )


def can_edit(user: User, post: Post) -> bool:
    """Authors edit within their window while the topic is unlocked; moderators whatever is not hidden of what they and
    members below them wrote."""
    if not user.is_authenticated or not user.may_write or post.hidden_at is not None:
        return False
    if can_moderate(user, post.topic.subforum):
        return user.pk == post.author_id or outranks(user, post.author, post.topic.subforum)
    if user.pk != post.author_id or post.topic.hidden_at is not None or post.topic.locked_at is not None:
        return False
    window = allowed(user).edit_window
    return window is None or timezone.now() - post.written_at < window


def can_read_history(user: User, post: Post) -> bool:
    """What a post said before is for its author and the moderators."""
    if not user.is_authenticated or not user.may_write:
        return False
    return user.pk == post.author_id or can_moderate(user, post.topic.subforum)


def can_restore(user: User, post: Post) -> bool:
    """Moderators bring back what a post said before."""
    return can_edit(user, post) and can_moderate(user, post.topic.subforum)


def can_accept(user: User, post: Post) -> bool:
    """Whoever asked, while the topic is unlocked, and moderators say which replies are answers."""
    if not user.is_authenticated or not user.may_write or post.is_opening_post:
        return False
    if not post.is_readable or not post.topic.is_readable:
        return False
    is_author = user.pk == post.topic.author_id and post.topic.locked_at is None
    return is_author or can_moderate(user, post.topic.subforum)


def can_withdraw(user: User, post: Post) -> bool:
    """Authors take back their own post while the topic is unlocked; the opening post goes with its topic."""
    return (
        user.is_authenticated
        and user.may_write
        and user.pk == post.author_id
        and post.hidden_at is None
        and not post.is_opening_post
        and post.topic.is_readable
        and post.topic.locked_at is None
    )


def can_withdraw_topic(user: User, topic: Topic) -> bool:
    """Authors take back their own topic as long as nobody has answered."""
    return (
        user.is_authenticated
        and user.may_write
        and user.pk == topic.author_id
        and topic.hidden_at is None
        and topic.locked_at is None
        and topic.posts_count <= 1
    )


def can_edit_rules(user: User, subforum: Subforum | None) -> bool:
    """Moderators keep the rules of their subforums; administrators those of the whole forum."""
    if subforum is None:
        return can_administer(user)
    return can_moderate(user, subforum)
