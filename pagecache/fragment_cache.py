"""Fragment cache: rendered HTML in the memory of one process, keyed by every value that the fragment shows.

A key names everything that its fragment shows, so a fragment is never stale: a change makes another key, and nothing
is invalidated. Templates whose context is nothing but plain values are cached whole. Of a page the frame is cached,
with gaps for what belongs to one response (posts, tokens, names), which each response fills.
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

MAX_BYTES = 48_000_000  # per process, by sys.getsizeof


class Frame:
    """HTML with named gaps, split once so that filling it is one join."""

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


_GAP = re.compile("<gap ([a-z0-9_]+)>")  # cannot occur in user text, which is escaped or sanitised


parts: Store[Hashable, Any] = Store(max_bytes=MAX_BYTES)  # of str and Frame


def rendered(template: str, **shown: Hashable) -> SafeString:
    """The HTML of a template whose context is these values, cached by them and the time zone. TypeError for a model.

    Other templates print it as it is: what a template made is safe.
    """
    key = (template, timezone.get_current_timezone_name(), tuple(shown), *shown.values())
    return parts.get_or_make(key, lambda: _render(template, shown))


def rendered_rows[Row: Hashable](template: str, rows: Iterable[Row], **shown: Hashable) -> SafeString:
    """The HTML of a template rendered once per row, given as `row`; each is a fragment of its own in the cache."""
    rows = list(rows)
    always = (template, timezone.get_current_timezone_name(), tuple(shown), *shown.values())
    keys = [(row, always) for row in rows]
    found = parts.get_many(keys)
    for place, part in enumerate(found):
        if part is None:
            found[place] = parts.put(keys[place], _render(template, {**shown, "row": rows[place]}))
    return joined(found)


def framed(template: str, fills: Mapping[str, str], **shown: Hashable) -> str:
    """A page from a cached frame: the template is cached by `shown`, then `fills` of this response go into its gaps.

    A fill appears where the template prints the variable of its name. TypeError for a model among `shown`.
    """
    key = (template, timezone.get_current_timezone_name(), tuple(fills), tuple(shown), *shown.values())
    frame: Frame | None = parts.get(key)
    if frame is None:
        frame = parts.put(key, Frame(_render(template, {**shown, **{name: gap(name) for name in fills}})))
    return frame.filled(fills)


def gap(name: str) -> SafeString:
    """The placeholder of a fill, for values that are part of other values."""
    return SafeString(f"<gap {name}>")


def joined(parts: Iterable[str]) -> SafeString:
    """Fragments joined and marked safe: all of them are output of templates."""
    return SafeString("".join(parts))


def _render(template: str, shown: Mapping[str, object]) -> SafeString:
    for name, value in shown.items():
        _refuse_models(name, value)
    return SafeString(get_template(template).render(dict(shown)))


def _refuse_models(name: str, value: object) -> None:
    """Models compare by primary key alone, so a fragment keyed by one would be stale after a change."""
    if isinstance(value, Model):
        raise TypeError(f"{name} is shown by {value!r}: give the template its values.")
    if isinstance(value, tuple):
        for part in value:
            _refuse_models(name, part)
