"""Matching watched words in a text, however it is disguised.

Text and pattern are folded alike: confusable letters become one, accents and invisible characters are removed. A
pattern is one or more words, and matches whole words; with a star at its end it matches a prefix. In scripts without
spaces between words it matches anywhere.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from accounts.text import names
from forum.models import Subforum
from forum.permissions import CannotBeDone, NotAllowed
from moderation.models import WatchedWord
from moderation.permissions import can_watch_words
from pagecache.prepared import run

_WORD = re.compile(r"[^\W_]+")
_WITHOUT_SPACES = re.compile("[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SOME_WORDS = """
    SELECT pattern, folded, act FROM moderation_watchedword WHERE subforum_id IS NULL OR subforum_id = %s ORDER BY id
"""


class Watched(NamedTuple):
    pattern: str
    folded: str
    act: str


def found_in(text: str, subforum: Subforum) -> list[Watched]:
    """The watched words of a subforum (and of the whole forum) that a text contains."""
    words = [Watched(*row) for row in run(_SOME_WORDS, [subforum.pk], writes=WatchedWord)]
    return matching(text, words) if words else []


def matching(text: str, words: Sequence[Watched]) -> list[Watched]:
    folded = f" {fold(text)} "
    return [word for word in words if _is_in(folded, word.folded)]


def fold(text: str) -> str:
    """The folded text: the skeletons of its words, separated by single spaces."""
    decomposed = unicodedata.normalize("NFKD", text)
    seen = "".join(sign for sign in decomposed if unicodedata.category(sign) not in {"Mn", "Cf"})
    return " ".join(_WORD.findall(names.skeleton(seen)))


def fold_pattern(pattern: str) -> str:
    """A folded pattern, which keeps the star at its end; "" if it has no word."""
    folded = fold(pattern)
    return f"{folded}*" if folded and pattern.rstrip().endswith("*") else folded


def _is_in(folded_text: str, folded: str) -> bool:
    if _WITHOUT_SPACES.search(folded):
        return folded.removesuffix("*") in folded_text
    if folded.endswith("*"):
        return f" {folded[:-1]}" in folded_text
    return f" {folded} " in folded_text


@transaction.atomic
def watch(user: User, pattern: str, *, act: str, subforum: Subforum | None = None, note: str = "") -> WatchedWord:
    """Add a watched word, or change its act. Idempotent.

    Raises NotAllowed, and CannotBeDone if the pattern has no word.
    """
    if not can_watch_words(user, subforum):
        raise NotAllowed
    folded = fold_pattern(pattern)
    if len(folded.removesuffix("*")) < 2:
        raise CannotBeDone("Write a word of at least two letters.")
    values = {"pattern": pattern.strip(), "act": act, "note": note, "by": user, "at": timezone.now()}
    word = WatchedWord.objects.select_for_update(of=("self",)).filter(folded=folded, subforum=subforum).first()
    if word is None:
        try:
            with transaction.atomic():
                return WatchedWord.objects.create(folded=folded, subforum=subforum, **values)
        except IntegrityError:  # another moderator added it concurrently
            return watch(user, pattern, act=act, subforum=subforum, note=note)
    if (word.act, word.note) != (act, note):
        WatchedWord.objects.filter(pk=word.pk).update(**values)
        word.refresh_from_db()
    return word


@transaction.atomic
def forget(user: User, word: WatchedWord) -> None:
    """Remove a watched word. Idempotent. Raises NotAllowed."""
    if not can_watch_words(user, word.subforum):
        raise NotAllowed
    WatchedWord.objects.filter(pk=word.pk).delete()
