"""The way back of acts on posts."""

from accounts.models import User
from crossings.freshness import actions
from forum.actions import edits, visibility
from forum.counters import locks
from forum.models import Post
from moderation.actions.base import lock_judged_post
from moderation.actions.reversals.base import require
from moderation.filters import holds
from moderation.models import EntryWords, ModerationEntry
from moderation.queue import items


def post_of(entry: ModerationEntry) -> Post:
    return Post.objects.select_related("topic__subforum").get(pk=entry.post_id or 0)


def restore_post(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    post = lock_judged_post(user, post_of(entry))
    require(post.hidden_at is not None)
    visibility.restore_post(user, post)
    items.reopen(words.before["closed"])


def hide_post(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    post = lock_judged_post(user, post_of(entry))
    require(post.hidden_at is None)
    if words.before.get("waited"):
        visibility.hold_post(user, post)
    visibility.hide_post(user, post)


def hold_again(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    post = lock_judged_post(user, post_of(entry))
    require(post.is_readable and post.topic.hidden_at is None)
    visibility.hold_post(user, post)
    _ask_again(post, words)


def wait_again(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    """Hold a rejected post again."""
    post = lock_judged_post(user, post_of(entry))
    if post.is_opening_post:
        require(post.topic.hidden_at is not None)
        visibility.restore_topic(user, post.topic)
    else:
        require(post.hidden_at is not None)
        visibility.restore_post(user, post)
    items.reopen(words.before["closed"])


def flag_again(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    _ask_again(lock_judged_post(user, post_of(entry)), words)


def _ask_again(post: Post, words: EntryWords) -> None:
    if words.before["is_new_text"]:
        holds.disapprove_text(post)
    items.reopen(words.before["closed"])


def edit_back(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    post = lock_judged_post(user, post_of(entry))
    require(post.edits_count == words.after["edits_count"] and post.hidden_at is None)
    edits.restore_revision(user, post.revisions.get(number=words.before["edits_count"] + 1))
    items.reopen(words.before["closed"])


def unmark_outdated(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    post = locks.lock_post(post_of(entry))
    require(post.marked_outdated_at is not None)
    actions.unmark_outdated(user, post)
    items.reopen(words.before["closed"])
