"""Watched words: which of them a text contains, however it is disguised.

Text and pattern are folded alike: letters that look the same are the same, accents and what cannot be seen are gone.
A pattern is a word or several, and matches whole words; with a star at its end, words that begin so. In scripts that
put no spaces between words it matches anywhere.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import names
from accounts.models import User
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
    """The words watched in a subforum that a text contains."""
    words = [Watched(*row) for row in run(_SOME_WORDS, [subforum.pk], writes=WatchedWord)]
    return matching(text, words) if words else []


def matching(text: str, words: Sequence[Watched]) -> list[Watched]:
    folded = f" {fold(text)} "
    return [word for word in words if _is_in(folded, word.folded)]


def fold(text: str) -> str:
    """What the eye keeps of a text: its words, one space between them."""
    decomposed = unicodedata.normalize("NFKD", text)
    seen = "".join(sign for sign in decomposed if unicodedata.category(sign) not in {"Mn", "Cf"})
    return " ".join(_WORD.findall(names.skeleton(seen)))


def fold_pattern(pattern: str) -> str:
    """As a text, but for the star at the end; empty if there is no word in it."""
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
    """Put a word on the list, or change what happens with it. The same again changes nothing.

    Raises NotAllowed, and CannotBeDone where there is no word in it.
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
        except IntegrityError:  # another moderator wrote it down at the same moment
            return watch(user, pattern, act=act, subforum=subforum, note=note)
    if (word.act, word.note) != (act, note):
        WatchedWord.objects.filter(pk=word.pk).update(**values)
        word.refresh_from_db()
    return word


@transaction.atomic
def forget(user: User, word: WatchedWord) -> None:
    """Take a word off the list. Twice changes nothing. Raises NotAllowed."""
    if not can_watch_words(user, word.subforum):
        raise NotAllowed
    WatchedWord.objects.filter(pk=word.pk).delete()
