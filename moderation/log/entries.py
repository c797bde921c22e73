"""Writing log entries, and erasing their words."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.logs import erasure_list
from accounts.logs.erasure_list import Erasure
from accounts.models import User
from forum.models import Post, RulesBanner, Subforum, Topic
from forum.permissions import NotAllowed, can_administer
from moderation.log import topic_notes
from moderation.models import EntryWords, ModerationEntry
from moderation.signals import acted
from pagecache.prepared import run

Snapshot = dict[str, Any]


@dataclass(frozen=True)
class Why:
    """The reason of an act: number of the rule, reason for the author, note for other moderators."""

    rule: int | None = None
    reason: str = ""
    private_note: str = ""
    # Whether `rule` is a number of the whole forum's rules.
    is_forum_rule: bool = False


class NoSuchRule(Exception):
    """The rules have changed since the form was rendered, and no longer have this number."""


@contextmanager
def writing_own_entry() -> Iterator[None]:
    """Context manager for acts that write their own entry; other edits by moderators are logged by a receiver."""
    token = _writes_own_entry.set(True)
    try:
        yield
    finally:
        _writes_own_entry.reset(token)


def is_written_elsewhere() -> bool:
    return _writes_own_entry.get()


_writes_own_entry: ContextVar[bool] = ContextVar("writes_own_entry", default=False)


def write(
    by: User | None,
    verb: str,
    why: Why,
    *,
    subforum: Subforum | None = None,
    topic: Topic | None = None,
    post: Post | None = None,
    member: User | None = None,
    before: Snapshot | None = None,
    after: Snapshot | None = None,
    undoes: ModerationEntry | None = None,
) -> ModerationEntry:
    """Write an entry with its words, in the transaction of the act. Raises NoSuchRule."""
    version, text = _rule(why, subforum)
    entry = ModerationEntry.objects.create(
        verb=verb,
        at=timezone.now(),
        by=by,
        subforum=subforum,
        topic=topic,
        post=post,
        member=member,
        rule=why.rule,
        is_forum_rule=why.is_forum_rule,
        rules_version=version,
        undoes=undoes,
    )
    EntryWords.objects.create(
        entry=entry,
        reason=why.reason,
        private_note=why.private_note,
        rule_text=text,
        before=before or {},
        after=after or {},
    )
    return entry


def tell(entry: ModerationEntry) -> ModerationEntry:
    """Send the signal of an act, as its last step."""
    topic_notes.note_act(entry)
    acted.send(ModerationEntry, entry=entry)
    return entry


@transaction.atomic
def erase_words(user: User, entry: ModerationEntry) -> None:
    """Erase the words of an entry, for privacy. The entry stays, but cannot be undone any more. Raises NotAllowed.

    By a function of the database, which refuses every other change of them to the application's role.
    """
    if not can_administer(user):
        raise NotAllowed
    run("SELECT bp_erase_entry_words(%s)", [entry.pk], writes=EntryWords)
    erasure_list.note(Erasure.of("entry-words", entry.pk, entry.at))


def _rule(why: Why, subforum: Subforum | None) -> tuple[int | None, str]:
    if why.rule is None:
        return None, ""
    place = None if why.is_forum_rule else subforum
    banner = RulesBanner.objects.filter(subforum=place).first()
    if banner is None or not 1 <= why.rule <= len(banner.rules):
        raise NoSuchRule
    return banner.version, banner.rules[why.rule - 1]
