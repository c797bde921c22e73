"""Matching watched words in a text, however it is disguised.

Text and pattern are folded alike: confusable letters become one, accents and invisible characters are removed. A
pattern is one or more words, and matches whole words; with a star at its end it matches a prefix. In scripts without
spaces between words it matches anywhere.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.text.folded_words import fold
from forum.models import Subforum
from forum.permissions import CannotBeDone, NotAllowed
from moderation.filters.pasted import Pasted, Refusal
from moderation.log import entries
from moderation.log.entries import Snapshot, Why
from moderation.models import ModerationEntry, Verb, WatchedWord
from moderation.permissions import can_watch_words
from pagecache.prepared import run

WITHOUT_SPACES = re.compile("[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SOME_WORDS = """
    SELECT pattern, folded, act FROM moderation_watchedword WHERE subforum_id IS NULL OR subforum_id = %s ORDER BY id
"""


# Lines of a pasted list, and characters of a pattern.
MOST_LINES = 200
LONGEST = 100
LONGEST_FOLDED = 400  # some letters fold to many; the columns hold so many characters
WATCHED_ALREADY = "This word is watched here already."


@dataclass
class ChangedByAnother(Exception):
    """Another moderator changed the word since the form was opened; `word` is how it stands now."""

    word: WatchedWord


class Watched(NamedTuple):
    pattern: str
    folded: str
    act: str


def text_of(title: str, source: str) -> str:
    """What the filter reads of a post; `title` of an opening post, else "" (also for trials, word_trial.py)."""
    return f"{title}\n{source}"


def found_in(text: str, subforum: Subforum) -> list[Watched]:
    """The watched words of a subforum (and of the whole forum) that a text contains."""
    words = [Watched(*row) for row in run(_SOME_WORDS, [subforum.pk], writes=WatchedWord)]
    return matching(text, words) if words else []


def matching(text: str, words: Sequence[Watched]) -> list[Watched]:
    """The words that a text contains."""
    return matching_folded(fold_text(text), words)


def fold_text(text: str) -> str:
    """A text as `matching_folded` reads it; the filter and its trial (word_trial.py) share both."""
    return f" {fold(text)} "


def matching_folded(folded_text: str, words: Sequence[Watched]) -> list[Watched]:
    """As `matching`, for a text that `fold_text` has folded."""
    return [word for word in words if _is_in(folded_text, word.folded)]


def fold_pattern(pattern: str) -> str:
    """A folded pattern, which keeps the star at its end; "" if it has no word."""
    folded = fold(pattern)
    return f"{folded}*" if folded and pattern.rstrip().endswith("*") else folded


def _is_in(folded_text: str, folded: str) -> bool:
    if WITHOUT_SPACES.search(folded):
        return folded.removesuffix("*") in folded_text
    if folded.endswith("*"):
        return f" {folded[:-1]}" in folded_text
    return f" {folded} " in folded_text


@transaction.atomic
def watch(user: User, pattern: str, *, act: str, subforum: Subforum | None = None, note: str = "") -> WatchedWord:
    """Add a watched word, or change its act. Idempotent.

    Raises NotAllowed, and CannotBeDone for what is no pattern.
    """
    if not can_watch_words(user, subforum):
        raise NotAllowed
    folded = require_pattern(pattern)
    word = _words_of(subforum).select_for_update(of=("self",)).filter(folded=folded).first()
    if word is not None:
        if (word.act, word.note) != (act, note):
            _change(user, word, pattern=pattern.strip(), folded=folded, act=act, note=note)
        return word
    try:
        with transaction.atomic():
            word = _create(user, subforum, pattern=pattern.strip(), folded=folded, act=act, note=note)
    except IntegrityError:  # another moderator added it concurrently
        return watch(user, pattern, act=act, subforum=subforum, note=note)
    _write(user, Verb.WATCH_WORDS, subforum, after=[_snapshot(word)])
    return word


@transaction.atomic
def watch_all(
    user: User, patterns: Sequence[str], *, act: str, subforum: Subforum | None = None, note: str = ""
) -> Pasted:
    """Add many watched words, with one log entry; those that are watched there already stay as they are.

    Raises NotAllowed, and CannotBeDone if there are more than MOST_LINES.
    """
    if not can_watch_words(user, subforum):
        raise NotAllowed
    if len(patterns) > MOST_LINES:
        raise CannotBeDone(f"These are {len(patterns)} lines; {MOST_LINES} go at once. Paste the rest afterwards.")
    run("SELECT pg_advisory_xact_lock(hashtext('watched words'))", [], writes=WatchedWord)
    result, made = Pasted(), []
    for pattern in patterns:
        try:
            folded = require_pattern(pattern)
        except CannotBeDone as problem:
            result.refused.append(Refusal(pattern, str(problem)))
            continue
        values = {"pattern": pattern, "act": act, "note": note, "by": user, "at": timezone.now()}
        word, is_new = WatchedWord.objects.get_or_create(folded=folded, subforum=subforum, defaults=values)
        (result.added if is_new else result.there).append(pattern)
        made += [_snapshot(word)] if is_new else []
    if made:
        result.entry = _write(user, Verb.WATCH_WORDS, subforum, after=made)
    return result


@transaction.atomic
def change(user: User, word: WatchedWord, *, pattern: str, act: str, note: str, based_on: str) -> bool:
    """Change a watched word where it stands; the log keeps what it was. Idempotent: False if nothing changes.

    `based_on` is the `version` of the word that the form was opened with. Raises NotAllowed, CannotBeDone, and
    ChangedByAnother.
    """
    locked = WatchedWord.objects.select_for_update(of=("self",)).select_related("subforum").filter(pk=word.pk).first()
    if locked is None:
        raise CannotBeDone("This word is watched no longer. Somebody took it off the list.")
    if not can_watch_words(user, locked.subforum):
        raise NotAllowed
    folded = require_pattern(pattern)
    if (locked.pattern, locked.act, locked.note) == (pattern.strip(), act, note):
        return False
    if locked.version != based_on:
        raise ChangedByAnother(locked)
    if _words_of(locked.subforum).exclude(pk=locked.pk).filter(folded=folded).exists():
        raise CannotBeDone(WATCHED_ALREADY)
    try:
        with transaction.atomic():
            _change(user, locked, pattern=pattern.strip(), folded=folded, act=act, note=note)
    except IntegrityError as error:  # another moderator added it concurrently
        raise CannotBeDone(WATCHED_ALREADY) from error
    return True


@transaction.atomic
def forget(user: User, word: WatchedWord) -> ModerationEntry | None:
    """Remove a watched word. Idempotent: None the second time. Raises NotAllowed."""
    if not can_watch_words(user, word.subforum):
        raise NotAllowed
    locked = WatchedWord.objects.select_for_update(of=("self",)).filter(pk=word.pk).first()
    if locked is None:
        return None
    entry = _write(user, Verb.FORGET_WORD, word.subforum, before=[_snapshot(locked)])
    locked.delete()
    return entry


def set_back(user: User, *, before: list[Snapshot], after: list[Snapshot]) -> bool:
    """Undo: the words as in `before`, if they stand as in `after` now; returns whether they did. Raises NotAllowed."""
    places = {words["subforum"] for words in [*before, *after]}
    subforums = Subforum.objects.in_bulk([pk for pk in places if pk])
    if not all(can_watch_words(user, subforums.get(pk)) for pk in places if pk is None or pk in subforums):
        raise NotAllowed
    keys = {(words["folded"], words["subforum"]) for words in [*before, *after]}
    among = WatchedWord.objects.filter(folded__in=[folded for folded, _ in keys])
    locked = {(row.folded, row.subforum_id): row for row in among.order_by("pk").select_for_update(of=("self",))}
    stands = {key: _snapshot(row) for key, row in locked.items() if key in keys}
    if stands != {(words["folded"], words["subforum"]): words for words in after} or not places - {None} <= set(
        subforums
    ):
        return False
    WatchedWord.objects.filter(pk__in=[locked[key].pk for key in stands]).delete()
    rows = [WatchedWord(**_columns(words), by=user, at=timezone.now()) for words in before]
    WatchedWord.objects.bulk_create(rows)
    return True


def require_pattern(pattern: str) -> str:
    """The folded pattern. Raises CannotBeDone for a star within it, and where no word of two letters is left."""
    if "*" in pattern.strip().removesuffix("*"):
        raise CannotBeDone("A star can stand at the end alone: casino*")
    folded = fold_pattern(pattern[: LONGEST + 1])
    if len(pattern) > LONGEST or len(folded) > LONGEST_FOLDED:
        raise CannotBeDone(f"This is too long: {LONGEST} characters are allowed.")
    if len(folded.removesuffix("*")) < 2:
        raise CannotBeDone("Write a word of at least two letters.")
    return folded


def _words_of(subforum: Subforum | None) -> QuerySet[WatchedWord]:
    return WatchedWord.objects.filter(subforum=subforum)


def _create(user: User, subforum: Subforum | None, **values: str) -> WatchedWord:
    return WatchedWord.objects.create(subforum=subforum, by=user, at=timezone.now(), **values)


def _change(user: User, word: WatchedWord, **values: str) -> None:
    """Write these values with a log entry of what stood before; the word has them afterwards."""
    before = _snapshot(word)
    WatchedWord.objects.filter(pk=word.pk).update(**values, by=user, at=timezone.now())
    word.refresh_from_db()
    _write(user, Verb.CHANGE_WORD, word.subforum, before=[before], after=[_snapshot(word)])


def _snapshot(word: WatchedWord) -> Snapshot:
    return {
        "pattern": word.pattern, "folded": word.folded, "act": word.act, "note": word.note,
        "subforum": word.subforum_id,
    }  # fmt: skip


def _columns(words: Snapshot) -> dict[str, Any]:
    return {name: value for name, value in words.items() if name != "subforum"} | {"subforum_id": words["subforum"]}


def _write(
    user: User,
    verb: Verb,
    subforum: Subforum | None,
    *,
    before: Sequence[Snapshot] = (),
    after: Sequence[Snapshot] = (),
) -> ModerationEntry:
    stood, stands = {"words": list(before)}, {"words": list(after)}
    return entries.write(user, verb, Why(), subforum=subforum, before=stood, after=stands)
