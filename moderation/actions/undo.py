"""Undoing acts of moderators: TABLE has the function for each verb that can be undone.

An act is undone from the snapshot in its EntryWords. If somebody changed the thing since, it raises CannotBeDone, even
if its state looks the same because the act was repeated (actions/later_acts.py). Undoing needs the permission that
the act itself needs.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from crossings.freshness.actions import unmark_outdated
from crossings.links import actions
from crossings.models import Crossing
from crossings.similar import feedback
from forum.actions import edits, rearrange, topics, visibility
from forum.counters import locks
from forum.models import Post, Rearrangement, Subforum, Topic
from forum.permissions import CannotBeDone, NotAllowed
from moderation.actions import later_acts, undo_filters, undo_members
from moderation.actions.base import lock_all, lock_judged_post, lock_judged_topic, lock_kept_topic
from moderation.actions.topic_acts import clear_in_time, linked_to
from moderation.actions.undo_members import CHANGED_SINCE, require
from moderation.filters import holds
from moderation.log import entries
from moderation.log.entries import Why
from moderation.models import EntryWords, ModerationEntry, Verb
from moderation.permissions import can_undo
from moderation.queue import items

Undoing = Callable[[User, ModerationEntry, EntryWords], None]


@transaction.atomic
def undo(
    user: User, entry: ModerationEntry, why: Why | None = None, *, by_appeal: bool = False
) -> ModerationEntry | None:
    """Undo an act. Idempotent: None the second time. Raises NotAllowed, CannotBeDone.

    `by_appeal` skips can_undo, because an appeal is granted by another moderator than the one who acted.
    """
    if not by_appeal and not can_undo(user, entry):
        raise NotAllowed
    if is_undone(entry):
        return None
    words = EntryWords.objects.get(entry=entry)
    if words.erased_at is not None:
        raise CannotBeDone("What stood before was erased for privacy, so it cannot be brought back.")
    if entry.verb not in TABLE:
        raise CannotBeDone("This act cannot be undone.")
    with entries.writing_own_entry():
        TABLE[Verb(entry.verb)](user, entry, words)
    # Checked under the locks that the undoing took.
    require(not later_acts.is_done_again(entry))
    try:
        with transaction.atomic():
            undoing = _write(user, entry, why or Why())
    except IntegrityError as error:  # undone concurrently: the unique constraint on `undoes`
        raise CannotBeDone(CHANGED_SINCE) from error
    return entries.tell(undoing)


@transaction.atomic
def undo_all(user: User, acts: Sequence[ModerationEntry]) -> list[ModerationEntry]:
    """Undo all entries of a bulk act, the newest first, or none. Raises NotAllowed, CannotBeDone."""
    if len(acts) > 1:
        words = EntryWords.objects.filter(entry__in=[act.pk for act in acts]).values_list("before", flat=True)
        lock_all(
            Topic.objects.filter(pk__in=[act.topic_id for act in acts if act.topic_id]),
            Post.objects.filter(pk__in=[act.post_id for act in acts if act.post_id]),
            more_subforums=[before["subforum"] for before in words if "subforum" in before],
            more_members=[act.member_id for act in acts if act.member_id],
        )
    undoings = [undo(user, act) for act in sorted(acts, key=lambda act: -act.pk)]
    return [undoing for undoing in undoings if undoing is not None]


def is_undone(entry: ModerationEntry) -> bool:
    return ModerationEntry.objects.filter(undoes=entry).exists()


def can_be_undone(entry: ModerationEntry) -> bool:
    """Whether acts of this verb can be undone."""
    return entry.verb in TABLE


def topic_of(entry: ModerationEntry) -> Topic:
    return Topic.objects.select_related("subforum").get(pk=entry.topic_id or 0)


def post_of(entry: ModerationEntry) -> Post:
    return Post.objects.select_related("topic__subforum").get(pk=entry.post_id or 0)


def _write(user: User, entry: ModerationEntry, why: Why) -> ModerationEntry:
    return entries.write(
        user,
        Verb.UNDO,
        why,
        subforum=entry.place,
        topic=entry.topic,
        post=entry.post,
        member=entry.member,
        undoes=entry,
    )


def _unlock(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    topic = lock_kept_topic(user, topic_of(entry))
    require(topic.is_locked)
    topics.unlock_topic(user, topic)


def _lock(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    topic = lock_kept_topic(user, topic_of(entry))
    require(not topic.is_locked)
    until = _end(words.before)
    topics.lock_topic(user, topic, reason=words.before["lock_reason"], until=until)
    clear_in_time(topic, until)


def _unpin(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    topic = lock_kept_topic(user, topic_of(entry))
    require(topic.is_pinned)
    topics.unpin_topic(user, topic)


def _pin(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    topic = lock_kept_topic(user, topic_of(entry))
    require(not topic.is_pinned)
    until = _end(words.before)
    topics.pin_topic(user, topic, until=until)
    clear_in_time(topic, until)


def _unpin_across(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    topic = lock_kept_topic(user, topic_of(entry))
    require(topic.is_pinned_across)
    topics.unpin_across(user, topic)


def _pin_across(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    topic = lock_kept_topic(user, topic_of(entry))
    require(not topic.is_pinned_across)
    until = _end(words.before)
    topics.pin_across(user, topic, until=until)
    clear_in_time(topic, until)


def _end(snapshot: dict[str, str]) -> datetime | None:
    """When a lock or pin ends by itself."""
    return datetime.fromisoformat(snapshot["until"]) if "until" in snapshot else None


def _restore_topic(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    topic = lock_judged_topic(user, topic_of(entry))
    require(topic.hidden_at is not None)
    visibility.restore_topic(user, topic)
    items.reopen(words.before["closed"])


def _hide_topic(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    topic = lock_judged_topic(user, topic_of(entry))
    require(topic.hidden_at is None)
    if words.before.get("waited") and topic.opening_post is not None:
        visibility.hold_post(user, topic.opening_post)
    visibility.hide_topic(user, topic)


def _restore_post(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    post = lock_judged_post(user, post_of(entry))
    require(post.hidden_at is not None)
    visibility.restore_post(user, post)
    items.reopen(words.before["closed"])


def _hide_post(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    post = lock_judged_post(user, post_of(entry))
    require(post.hidden_at is None)
    if words.before.get("waited"):
        visibility.hold_post(user, post)
    visibility.hide_post(user, post)


def _hold_again(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    post = lock_judged_post(user, post_of(entry))
    require(post.is_readable and post.topic.hidden_at is None)
    visibility.hold_post(user, post)
    _ask_again(post, words)


def _wait_again(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    """Hold a rejected post again."""
    post = lock_judged_post(user, post_of(entry))
    if post.is_opening_post:
        require(post.topic.hidden_at is not None)
        visibility.restore_topic(user, post.topic)
    else:
        require(post.hidden_at is not None)
        visibility.restore_post(user, post)
    items.reopen(words.before["closed"])


def _flag_again(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    _ask_again(lock_judged_post(user, post_of(entry)), words)


def _ask_again(post: Post, words: EntryWords) -> None:
    if words.before["is_new_text"]:
        holds.disapprove_text(post)
    items.reopen(words.before["closed"])


def _edit_back(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    post = lock_judged_post(user, post_of(entry))
    require(post.edits_count == words.after["edits_count"] and post.hidden_at is None)
    edits.restore_revision(user, post.revisions.get(number=words.before["edits_count"] + 1))
    items.reopen(words.before["closed"])


def _unmark_outdated(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    post = locks.lock_post(post_of(entry))
    require(post.marked_outdated_at is not None)
    unmark_outdated(user, post)
    items.reopen(words.before["closed"])


def _move_back(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    topic = lock_kept_topic(user, topic_of(entry))
    require(topic.subforum_id == words.after["subforum"])
    former = Subforum.objects.filter(pk=words.before["subforum"]).first()
    if former is None:
        raise CannotBeDone("The subforum that it came from was removed.")
    topics.move_topic(user, topic, former)
    topics.set_pointers(topic, words.before.get("pointers", []))


def _title_back(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    topic = lock_kept_topic(user, topic_of(entry))
    require(topic.title == words.after["title"])
    topics.retitle(user, topic, words.before["title"])


def _unmark_duplicate(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    of = Topic.objects.get(pk=words.after["duplicate_of"])
    locks.lock_topics(topic_of(entry), of)
    topic = lock_kept_topic(user, topic_of(entry))
    require(topic.duplicate_of_id == of.pk)
    topics.unmark_duplicate(user, topic)
    items.reopen(words.before["closed"])


def _mark_duplicate(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    of = Topic.objects.get(pk=words.before["duplicate_of"])
    locks.lock_topics(topic_of(entry), of)
    topic = lock_kept_topic(user, topic_of(entry))
    require(topic.duplicate_of_id is None)
    topics.mark_duplicate(user, topic, of)


def _link_back(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    topic = lock_kept_topic(user, topic_of(entry))
    require(linked_to(topic) == words.after["crossings"])
    actions.set_links(user, topic, Crossing.objects.filter(pk__in=words.before["crossings"]))


def _related_again(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    feedback.unmark_unrelated(user, topic_of(entry), Topic.objects.get(pk=words.after["other"]))


def _unrelated_again(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    feedback.mark_unrelated(user, topic_of(entry), Topic.objects.get(pk=words.after["other"]))


def _rearrange_back(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    made = Rearrangement.objects.select_related("source", "target").get(pk=words.before["rearrangement"])
    require(made.undone_at is None)
    rearrange.undo_rearrangement(user, made)
    items.reopen(words.before.get("closed", items.NOTHING))


TABLE: dict[Verb, Undoing] = {
    Verb.LOCK: _unlock,
    Verb.UNLOCK: _lock,
    Verb.PIN: _unpin,
    Verb.UNPIN: _pin,
    Verb.PIN_ACROSS: _unpin_across,
    Verb.UNPIN_ACROSS: _pin_across,
    Verb.HIDE_TOPIC: _restore_topic,
    Verb.RESTORE_TOPIC: _hide_topic,
    Verb.HIDE_POST: _restore_post,
    Verb.RESTORE_POST: _hide_post,
    Verb.APPROVE: _hold_again,
    Verb.REJECT: _wait_again,
    Verb.DISMISS: _flag_again,
    Verb.EDIT: _edit_back,
    Verb.MARK_OUTDATED: _unmark_outdated,
    Verb.MOVE_TOPIC: _move_back,
    Verb.RETITLE: _title_back,
    Verb.MARK_DUPLICATE: _unmark_duplicate,
    Verb.UNMARK_DUPLICATE: _mark_duplicate,
    Verb.LINK_CROSSINGS: _link_back,
    Verb.MARK_UNRELATED: _related_again,
    Verb.UNMARK_UNRELATED: _unrelated_again,
    Verb.MERGE: _rearrange_back,
    Verb.SPLIT: _rearrange_back,
    Verb.MOVE_POSTS: _rearrange_back,
    Verb.WARN: undo_members.take_back_warning,
    Verb.SUSPEND: undo_members.end_suspension,
    Verb.BAN: undo_members.end_suspension,
    Verb.LIFT: undo_members.suspend_again,
    Verb.UNBAN: undo_members.suspend_again,
    Verb.CLEAN_SPAM: undo_members.bring_back,
    Verb.CLEAR_PROFILE: undo_members.write_profile_back,
    Verb.DISMISS_PROFILE: undo_members.flag_profile_again,
    Verb.VOUCH: undo_members.take_back_word,
    Verb.WATCH_WORDS: undo_filters.set_words_back,
    Verb.CHANGE_WORD: undo_filters.set_words_back,
    Verb.FORGET_WORD: undo_filters.set_words_back,
    Verb.BLOCK_SIGNUPS: undo_filters.end_blocks,
    Verb.END_BLOCK: undo_filters.begin_block_again,
    Verb.SET_QUESTION: undo_filters.ask_as_before,
}
