"""Which crossing is a text about: by any spelling, in any script, with mistakes.

First the names as they are written, longest first; if that says little, words that look or sound like a name; countries
and towns beside them decide between crossings of one name, and two towns of one crossing say it all alone. The names
are kept in the memory of each process, and read again when a number in the database says that they have changed
(migration 0003): one small statement a question.
"""

import re
import threading

from crossings.gazetteer.gazetteer import Gazetteer
from crossings.gazetteer.name_index import read_countries, read_crossings, read_matters
from crossings.models import Crossing
from pagecache.prepared import MARK, run, statement

SENTENCE_LENGTH = 400  # characters
_FIRST_SENTENCES = re.compile(r"(?<=[.!?。])\s+")


def match(text: str) -> Crossing | None:
    """The crossing that a text is about, with its countries; None if it is about none, or one cannot tell."""
    pk = find(text)
    return None if pk is None else _crossing(pk)


def find(title: str, body: str = "", *, by_countries: bool = True) -> int | None:
    """The primary key of the crossing that a title, else the first sentence below it, is about; None if of none.

    The only crossing `by_countries`, between two that are named, is a guess: to be suggested, not to be linked.
    """
    known = current()
    about = known.best(title, by_countries=by_countries)
    return about or (known.best(first_sentence(body), by_countries=by_countries) if body else None)


def find_all(title: str, body: str = "") -> list[int]:
    """The crossings that a title names beyond doubt, the first the one that it is about."""
    about = find(title, body, by_countries=False)
    if about is None:
        return []
    return list(dict.fromkeys([about, *current().named(title)]))


def first_sentence(text: str) -> str:
    return _FIRST_SENTENCES.split(text.strip(), maxsplit=1)[0][:SENTENCE_LENGTH]


def _crossing(pk: int) -> Crossing | None:
    rows = statement("a crossing", lambda: Crossing.objects.filter(pk=MARK).values_list(*_FIELDS)).rows(pk)
    return Crossing.from_db("default", _FIELDS, rows[0]) if rows else None


# Without `cells`, which is large and deferred: reading it costs a query of its own.
_FIELDS = [field.attname for field in Crossing._meta.concrete_fields if field.name != "cells"]


# --- Kept until the names change ---


def current() -> Gazetteer:
    """The names as they are now. A number that never comes twice says whether those in memory still are."""
    version = _version()
    kept = _kept
    if kept is not None and kept[0] == version:
        return kept[1]
    with _lock:
        return _build(version)


def _build(version: int | None) -> Gazetteer:
    global _kept
    if _kept is None or _kept[0] != version or version is None:
        _kept = (version, Gazetteer(read_crossings(), read_countries(), read_matters()))
    return _kept[1]


def _version() -> int | None:
    rows = run("SELECT version FROM crossings_namesversion", reads=Crossing)
    return rows[0][0] if rows else None


_kept: tuple[int | None, Gazetteer] | None = None
_lock = threading.Lock()
