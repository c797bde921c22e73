"""Permits to write: however long writers wait for a lock, some threads of each process go on serving readers.

Counted in the memory of each process. A permit is tried, and never waited for: who gets none gets a 503 with the typed
text, to be sent again (config/errors.py).
"""

import re
import threading
from collections import Counter

from django.conf import settings
from django.http import HttpRequest

READING = {"GET", "HEAD", "OPTIONS"}
# The thing that is written to: /topics/5/reply/ and /topics/5/lock/ wait for the same row.
PLACE = re.compile(r"/[-\w]+/[-\w]+/")


class WritePermits:
    """At most `in_all` writers at once, and `in_one_place` of them in the same topic, post or page."""

    def __init__(self, in_all: int, in_one_place: int) -> None:
        self.in_all, self.in_one_place = max(1, in_all), max(1, in_one_place)
        self._places: Counter[str] = Counter()
        self._lock = threading.Lock()

    def try_to_enter(self, place: str) -> bool:
        """Whether a permit was given; then `leave` must be called."""
        with self._lock:
            if self._places.total() >= self.in_all or self._places[place] >= self.in_one_place:
                return False
            self._places[place] += 1
            return True

    def leave(self, place: str) -> None:
        with self._lock:
            self._places[place] -= 1
            if not self._places[place]:
                del self._places[place]


def place_of(request: HttpRequest) -> str:
    found = PLACE.match(request.path_info)
    return found[0] if found else request.path_info


permits = WritePermits(in_all=settings.WEB_THREADS - 2, in_one_place=settings.WEB_THREADS // 2)
