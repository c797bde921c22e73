"""A query that runs once at a time, however many ask, so a hanging database takes one thread."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock


class Question[T]:
    """Runs the query in one thread; requests that come while it runs wait for the same result."""

    def __init__(self, query: Callable[[], T], name: str) -> None:
        self._query = query
        self._lock = Lock()
        self._asker = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._open: Future[T] | None = None

    def ask(self) -> Future[T]:
        with self._lock:
            if self._open is None or self._open.done():
                self._open = self._asker.submit(self._query)
            return self._open
