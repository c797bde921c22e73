"""Undoing what set the filters up: watched words, block lists and the question of sign-up."""

from accounts.models import User
from forum.permissions import NotAllowed
from moderation.actions.reversals.base import require
from moderation.filters import banned_words, gate
from moderation.models import EntryWords, ModerationEntry
from moderation.permissions import can_keep_gate


def set_words_back(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    """The words that an act added, changed or took off, as they stood before. Raises NotAllowed, CannotBeDone."""
    require(banned_words.set_back(user, before=words.before["words"], after=words.after["words"]))


def end_blocks(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    _require_administrator(user)
    require(gate.end_all(words.after["blocks"]))


def begin_block_again(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    _require_administrator(user)
    require(gate.begin_again(words.after["blocks"]))


def ask_as_before(user: User, entry: ModerationEntry, words: EntryWords) -> None:
    _require_administrator(user)
    require(gate.current_question() == words.after)
    gate.put_question(words.before)


def _require_administrator(user: User) -> None:
    if not can_keep_gate(user):
        raise NotAllowed
