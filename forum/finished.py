"""Finished parts of pages: HTML kept in the memory of a process by everything that is shown on it.

A part is found by a key that names all it shows, so it can never be old: what changes makes another key.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

MAX_CHARACTERS = 40_000_000


class Parts:
    """The parts used last, in bounded memory. Safe to use from many threads."""

    def __init__(self, max_characters: int = MAX_CHARACTERS) -> None:
        self.max_characters = max_characters
        self.characters = 0
        self._parts: OrderedDict[Hashable, str] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: Hashable) -> str | None:
        with self._lock:
            part = self._parts.get(key)
            if part is not None:
                self._parts.move_to_end(key)
            return part

    def put(self, key: Hashable, part: str) -> str:
        with self._lock:
            self.characters += len(part) - len(self._parts.pop(key, ""))
            self._parts[key] = part
            while self.characters > self.max_characters:
                _, oldest = self._parts.popitem(last=False)
                self.characters -= len(oldest)
        return part

    def get(self, key: Hashable, make: Callable[[], str]) -> str:
        """The part, made now if it is not kept."""
        part = self.find(key)
        return part if part is not None else self.put(key, make())

    def clear(self) -> None:
        with self._lock:
            self._parts.clear()
            self.characters = 0


parts = Parts()
