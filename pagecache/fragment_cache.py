"""Finished parts of pages: HTML kept in the memory of a process by everything that is shown on it.

A part is found by a key that names all it shows, so it can never be old: what changes makes another key. Templates
that are given nothing but plain values are such parts by themselves, and so are the frames of whole pages: where
something of one answer alone stands, the frame has a gap, which each answer fills.
"""

import re
import sys
from collections.abc import Hashable, Iterable, Mapping
from typing import Any

from django.db.models import Model
from django.template.loader import get_template
from django.utils import timezone
from django.utils.safestring import SafeString

from pagecache.store import Store

MAX_BYTES = 48_000_000


class Frame:
    """HTML with gaps."""

    __slots__ = ("_pieces", "_size")

    def __init__(self, html: str) -> None:
        self._pieces = _GAP.split(html)  # text, name, text, name … text
        self._size = sum(map(sys.getsizeof, self._pieces))

    def __sizeof__(self) -> int:
        return self._size

    def filled(self, fills: Mapping[str, str]) -> str:
        pieces = self._pieces.copy()
        pieces[1::2] = [fills[name] for name in pieces[1::2]]
        return "".join(pieces)


_GAP = re.compile("<gap ([a-z0-9_]+)>")  # no text of ours holds that: what people write is escaped or sanitised


parts: Store[Hashable, Any] = Store(max_bytes=MAX_BYTES)  # strings and frames


def rendered(template: str, **shown: Hashable) -> str:
    """A template that is given nothing but these values, made once for all of them."""
    key = (template, timezone.get_current_timezone_name(), tuple(shown), *shown.values())
    return parts.get_or_make(key, lambda: _render(template, shown))


def rendered_rows[Row: Hashable](template: str, rows: Iterable[Row], **shown: Hashable) -> SafeString:
    """The same template for many rows, each given as `row`."""
    rows = list(rows)
    always = (template, timezone.get_current_timezone_name(), tuple(shown), *shown.values())
    keys = [(row, always) for row in rows]
    found = parts.get_many(keys)
    for place, part in enumerate(found):
        if part is None:
            found[place] = parts.put(keys[place], _render(template, {**shown, "row": rows[place]}))
    return joined(found)


def framed(template: str, fills: Mapping[str, str], **shown: Hashable) -> str:
    """A whole page: its frame is kept by what it shows, and its gaps are filled with what belongs to this answer.

    Each fill stands in the frame where the template prints the value of its name.
    """
    key = (template, timezone.get_current_timezone_name(), tuple(fills), tuple(shown), *shown.values())
    frame: Frame | None = parts.get(key)
    if frame is None:
        frame = parts.put(key, Frame(_render(template, {**shown, **{name: gap(name) for name in fills}})))
    return frame.filled(fills)


def gap(name: str) -> SafeString:
    """What a frame has where a fill comes; for values inside of others."""
    return SafeString(f"<gap {name}>")


def joined(parts: Iterable[str]) -> SafeString:
    """Finished parts are HTML that templates made."""
    return SafeString("".join(parts))


def _render(template: str, shown: Mapping[str, object]) -> str:
    for name, value in shown.items():
        _refuse_models(name, value)
    return get_template(template).render(dict(shown))


def _refuse_models(name: str, value: object) -> None:
    """Rows of the database are equal by their primary key alone, so a part kept by one would stay when it changes."""
    if isinstance(value, Model):
        raise TypeError(f"{name} is shown by {value!r}: give the template its values.")
    if isinstance(value, tuple):
        for part in value:
            _refuse_models(name, part)
