"""A bounded, thread-safe LRU cache in the memory of one process."""

import sys
import threading
import time
from collections.abc import Callable, Hashable, Iterable
from contextlib import suppress
from typing import Any
from weakref import WeakSet

from cachetools import Cache, LRUCache, TTLCache


class Store[Key: Hashable, Value]:
    """An LRU cache bounded by bytes (`sys.getsizeof` of each value) or by the number of items; `ttl` in seconds.

    `is_emptied=False` keeps it through `clear_all`, for values that do not depend on the database's rows.
    """

    def __init__(
        self,
        *,
        max_bytes: int | None = None,
        max_items: int = 0,
        ttl: float | None = None,
        timer: Callable[[], float] = time.monotonic,
        is_emptied: bool = True,
    ) -> None:
        bound, getsizeof = (max_items, None) if max_bytes is None else (max_bytes, sys.getsizeof)
        self._cache: Cache = LRUCache(bound, getsizeof) if ttl is None else TTLCache(bound, ttl, timer, getsizeof)
        self._lock = threading.Lock()
        if is_emptied:
            _stores.add(self)

    def __len__(self) -> int:
        return len(self._cache)

    @property
    def size(self) -> int:
        """In bytes, or in items if that is its bound."""
        return int(self._cache.currsize)

    def get(self, key: Key, default: Any = None) -> Value | Any:
        with self._lock:
            try:
                return self._cache[key]
            except KeyError:
                return default

    def get_many(self, keys: Iterable[Key]) -> list[Any]:
        """The values of these keys in order, None for those that are not cached; one lock for all."""
        found = []
        with self._lock:
            for key in keys:
                try:
                    found.append(self._cache[key])
                except KeyError:
                    found.append(None)
        return found

    def put[Kept](self, key: Key, value: Kept) -> Kept:
        """Cache a value, unless it alone is larger than the whole store, and return it."""
        with self._lock:
            try:
                self._cache[key] = value
            except ValueError:
                self._discard(key)
        return value

    def get_or_make(self, key: Key, make: Callable[[], Value]) -> Value:
        """The cached value, else the result of `make`, which then is cached. Two threads at once may both call it."""
        found = self.get(key, _MISSING)
        return self.put(key, make()) if found is _MISSING else found

    def drop(self, key: Key) -> None:
        with self._lock:
            self._discard(key)

    def clear(self) -> None:
        with self._lock:
            self._cache.clear()

    def _discard(self, key: Key) -> None:
        with suppress(KeyError):  # also raised for an item that expires just now
            del self._cache[key]


def clear_all() -> None:
    """Empty the caches of this process. Each test starts with it, because its rollback resets version numbers."""
    for store in list(_stores):
        store.clear()


_MISSING: Any = object()
_stores: WeakSet[Store] = WeakSet()
