"""Acts on posts. Each is idempotent: the second time it returns None instead of an entry.

All raise NotAllowed, and CannotBeDone with a message for the moderator.
"""

from django.db import transaction

from accounts.models import User
from crossings.freshness import actions
from forum.actions import edits, visibility
from forum.counters import locks
from forum.models import Post
from forum.permissions import CannotBeDone, NotAllowed, can_moderate
from moderation import consequences
from moderation.actions.base import lock_judged_post, on_post
from moderation.filters import holds
from moderation.log import entries
from moderation.log.entries import Snapshot, Why
from moderation.models import Flag, Hold, ModerationEntry, Verb
from moderation.queue import items


@transaction.atomic
def edit(
    user: User, post: Post, why: Why, *, source: str, based_on: int, title: str | None = None
) -> ModerationEntry | None:
    """Edit a post, with the reason in its history; its flags are upheld.

    Raises what forum.actions.edits.edit_post raises.
    """
    post = lock_judged_post(user, post)
    before: Snapshot = {"edits_count": post.edits_count}
    with entries.writing_own_entry():
        post = edits.edit_post(user, post, source=source, based_on=based_on, title=title, reason=why.reason[:200])
    if post.edits_count == before["edits_count"]:
        return None
    closed = items.settle(user, post, flags=Flag.Outcome.UPHELD)
    before |= {"closed": closed}
    return on_post(user, Verb.EDIT, why, post, before=before, after={"edits_count": post.edits_count})


@transaction.atomic
def hide(user: User, post: Post, why: Why) -> ModerationEntry | None:
    """Hide a post from all but moderators; its flags are upheld."""
    post = lock_judged_post(user, post)
    if post.hidden_at is not None:
        return None
    visibility.hide_post(user, post)
    closed = items.settle(user, post, flags=Flag.Outcome.UPHELD, hold=Hold.Outcome.REJECTED)
    return on_post(user, Verb.HIDE_POST, why, post, before={"closed": closed})


@transaction.atomic
def restore(user: User, post: Post, why: Why) -> ModerationEntry | None:
    """Restore a hidden post. If it was held when it was hidden, that also approves it."""
    post = lock_judged_post(user, post)
    if post.hidden_at is None:
        return None
    visibility.restore_post(user, post)
    waited = post.held_at is not None
    if waited:
        visibility.approve_post(user, post)
    return on_post(user, Verb.RESTORE_POST, why, post, before={"waited": waited})


@transaction.atomic
def approve(user: User, post: Post, why: Why) -> ModerationEntry | None:
    """Publish a held post, and exempt this text of this author from the filter; its flags are dismissed."""
    post = lock_judged_post(user, post)
    if post.held_at is None:
        return None
    is_new = holds.approve_text(post)
    visibility.approve_post(user, post)
    closed = items.settle(user, post, flags=Flag.Outcome.DISMISSED, hold=Hold.Outcome.APPROVED)
    return on_post(user, Verb.APPROVE, why, post, before={"closed": closed, "is_new_text": is_new})


@transaction.atomic
def reject(user: User, post: Post, why: Why) -> ModerationEntry | None:
    """Hide a held post, and with an opening post its topic; its flags are upheld."""
    post = lock_judged_post(user, post)
    if post.hidden_at is not None or post.topic.hidden_at is not None:
        return None
    if post.held_at is None:
        raise CannotBeDone("This does not wait any more. Hide it if it should not be read.")
    after = {"replies": consequences.replies_with(post.topic)} if post.is_opening_post else None
    if post.is_opening_post:
        visibility.hide_topic(user, post.topic)
    else:
        visibility.hide_post(user, post)
    closed = items.settle(user, post, flags=Flag.Outcome.UPHELD, hold=Hold.Outcome.REJECTED)
    return on_post(user, Verb.REJECT, why, post, before={"closed": closed}, after=after)


@transaction.atomic
def dismiss(user: User, post: Post, why: Why) -> ModerationEntry | None:
    """Dismiss the flags of a post. If it is held, approve it."""
    post = lock_judged_post(user, post)
    if not Flag.objects.open().filter(post=post).exists():
        return None
    if post.held_at is not None:
        return approve(user, post, why)
    is_new = holds.approve_text(post)
    closed = items.settle(user, post, flags=Flag.Outcome.DISMISSED)
    return on_post(user, Verb.DISMISS, why, post, before={"closed": closed, "is_new_text": is_new})


@transaction.atomic
def mark_outdated(user: User, post: Post, why: Why) -> ModerationEntry | None:
    """Mark a readable post as out of date; flags that say so are upheld. Nobody is judged by it."""
    post = locks.lock_post(post)
    if not can_moderate(user, post.topic.subforum):
        raise NotAllowed
    if post.marked_outdated_at is not None:
        return None
    if not post.is_readable or post.topic.hidden_at is not None:
        raise CannotBeDone("Nobody reads this now. Mark it once it can be read again.")
    actions.mark_outdated(user, post)
    closed = items.settle(user, post, flags=Flag.Outcome.UPHELD, only=Flag.Reason.OUTDATED)
    return on_post(user, Verb.MARK_OUTDATED, why, post, before={"closed": closed})
