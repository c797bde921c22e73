"""Erasures that outlive a restore: what was erased after the backup was made is erased again."""

from collections.abc import Callable, Iterable
from pathlib import Path

from django.conf import settings
from django.db import connection

from accounts.logs import erasure_list
from accounts.logs.erasure_list import Erasure
from moderation.models import EntryWords

LIST = "erasures.jsonl"  # its name in an archive and beside the archives


def known() -> list[Erasure]:
    """Every erasure that the database knows."""
    erased = EntryWords.objects.filter(erased_at__isnull=False).order_by("pk").values_list("entry_id", "entry__at")
    return [Erasure.of("entry-words", pk, at) for pk, at in erased.iterator()]


def complete(path: Path) -> list[Erasure]:
    """Add to a list what the site's own list and the database know and it does not; returns all of them."""
    listed = erasure_list.read(path)
    every = list(dict.fromkeys([*listed, *erasure_list.read(settings.ERASURES_LIST), *known()]))
    erasure_list.add(every[len(set(listed)) :], path)
    return every


def repeat(erasures: Iterable[Erasure]) -> int:
    """Erase again, as the owner; rows that are not there or are other rows by now are left alone. Returns how many."""
    return sum(REPEAT[erasure.kind](erasure) for erasure in set(erasures) if erasure.kind in REPEAT)


def _erase_entry_words(erasure: Erasure) -> bool:
    standing = EntryWords.objects.filter(
        entry_id=erasure.pk, entry__at=erasure.made_at, erased_at__isnull=True
    ).exists()
    if standing:
        with connection.cursor() as cursor:
            cursor.execute("SELECT bp_erase_entry_words(%s)", [erasure.pk])
    return standing


REPEAT: dict[str, Callable[[Erasure], bool]] = {"entry-words": _erase_entry_words}
