"""Undoing acts of moderators: TABLE has the function (reversals/) for each verb that can be undone.

An act is undone from the snapshot in its EntryWords. If somebody changed the thing since, it raises CannotBeDone, even
if its state looks the same because the act was repeated (actions/later_acts.py). Undoing needs the permission that
the act itself needs.
"""

from collections.abc import Callable, Sequence

from django.db import IntegrityError, transaction

from accounts.models import User
from forum.models import Post, Topic
from forum.permissions import CannotBeDone, NotAllowed
from moderation.actions import later_acts
from moderation.actions.base import lock_all
from moderation.actions.reversals import filter_reversals, member_reversals, post_reversals, topic_reversals
from moderation.actions.reversals.base import CHANGED_SINCE, require
from moderation.log import entries
from moderation.log.entries import Why
from moderation.models import EntryWords, ModerationEntry, Verb
from moderation.permissions import can_undo

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


TABLE: dict[Verb, Undoing] = {
    Verb.LOCK: topic_reversals.unlock,
    Verb.UNLOCK: topic_reversals.lock,
    Verb.PIN: topic_reversals.unpin,
    Verb.UNPIN: topic_reversals.pin,
    Verb.PIN_ACROSS: topic_reversals.unpin_across,
    Verb.UNPIN_ACROSS: topic_reversals.pin_across,
    Verb.HIDE_TOPIC: topic_reversals.restore_topic,
    Verb.RESTORE_TOPIC: topic_reversals.hide_topic,
    Verb.HIDE_POST: post_reversals.restore_post,
    Verb.RESTORE_POST: post_reversals.hide_post,
    Verb.APPROVE: post_reversals.hold_again,
    Verb.REJECT: post_reversals.wait_again,
    Verb.DISMISS: post_reversals.flag_again,
    Verb.EDIT: post_reversals.edit_back,
    Verb.MARK_OUTDATED: post_reversals.unmark_outdated,
    Verb.MOVE_TOPIC: topic_reversals.move_back,
    Verb.RETITLE: topic_reversals.title_back,
    Verb.MARK_DUPLICATE: topic_reversals.unmark_duplicate,
    Verb.UNMARK_DUPLICATE: topic_reversals.mark_duplicate,
    Verb.LINK_CROSSINGS: topic_reversals.link_back,
    Verb.MARK_UNRELATED: topic_reversals.related_again,
    Verb.UNMARK_UNRELATED: topic_reversals.unrelated_again,
    Verb.MERGE: topic_reversals.rearrange_back,
    Verb.SPLIT: topic_reversals.rearrange_back,
    Verb.MOVE_POSTS: topic_reversals.rearrange_back,
    Verb.WARN: member_reversals.take_back_warning,
    Verb.SUSPEND: member_reversals.end_suspension,
    Verb.BAN: member_reversals.end_suspension,
    Verb.LIFT: member_reversals.suspend_again,
    Verb.UNBAN: member_reversals.suspend_again,
    Verb.CLEAN_SPAM: member_reversals.bring_back,
    Verb.CLEAR_PROFILE: member_reversals.write_profile_back,
    Verb.DISMISS_PROFILE: member_reversals.flag_profile_again,
    Verb.VOUCH: member_reversals.take_back_word,
    Verb.WATCH_WORDS: filter_reversals.set_words_back,
    Verb.CHANGE_WORD: filter_reversals.set_words_back,
    Verb.FORGET_WORD: filter_reversals.set_words_back,
    Verb.BLOCK_SIGNUPS: filter_reversals.end_blocks,
    Verb.END_BLOCK: filter_reversals.begin_block_again,
    Verb.SET_QUESTION: filter_reversals.ask_as_before,
}
