"""Limits where the work is: costly reads per member and address block, of visitors together, and how many at once.

Counted in the memory of each process, because a visit writes nothing. One's own limit is a 429 (TooMany). What is
refused because others ask as well is a 503 with Retry-After (Shed); a permit is tried, and never waited for.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps

from django.http import HttpRequest

from accounts.limits.rate_limits import Limit, Shed, TooMany, address_block, client_address, limit_of
from accounts.readers import is_member

# How many of each kind one process does at the same time: other threads go on serving pages.
AT_ONCE = {"search": 3, "suggest": 3, "preview": 3, "history": 2, "feed": 3, "data": 3}
# All members behind one address block together may ask so many times as often as one of them.
BLOCK_TIMES = 5
# Windows that are remembered; beyond, those that are over are forgotten, and then all.
MOST_WINDOWS = 50_000
TRY_AGAIN = 2  # seconds, when all permits are given


def costs(scope: str) -> Callable:
    """View decorator: the view is work of this kind. Raises TooMany and Shed."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def limited(request: HttpRequest, *args: object, **kwargs: object):
            with working(scope, request):
                return view(request, *args, **kwargs)

        return limited

    return decorate


@contextmanager
def working(scope: str, request: HttpRequest) -> Iterator[None]:
    """Context manager: counts the request, and holds a permit of its kind. Raises TooMany and Shed."""
    permit = _permits[scope]
    if not permit.acquire(blocking=False):
        raise Shed(TRY_AGAIN)
    try:
        count(scope, request)
        yield
    finally:
        permit.release()


def count(scope: str, request: HttpRequest) -> None:
    """Count a request for its member, its address block, and visitors as a class. Raises TooMany and Shed."""
    limit, block = limit_of(scope), f"{scope} {address_block(client_address(request))}"
    if is_member(request):
        _count(f"{scope} member {request.user.pk}", limit)
        _count(f"{block} members", Limit(limit.times * BLOCK_TIMES, limit.seconds))
        return
    _count(block, limit)
    try:
        _count(f"{scope} visitors", limit_of("visitors"))
    except TooMany as error:
        raise Shed(error.retry_after) from error


def forget_all() -> None:
    """For tests: empty all windows."""
    with _lock:
        _windows.clear()


def _count(key: str, limit: Limit) -> None:
    now = time.monotonic()
    with _lock:
        times, ends = _windows.get(key, (0, 0.0))
        if now >= ends:
            _make_room(now)
            times, ends = 0, now + limit.seconds
        _windows[key] = (times + 1, ends)
    if times >= limit.times:
        raise TooMany(retry_after=max(1, round(ends - now)))


def _make_room(now: float) -> None:
    if len(_windows) < MOST_WINDOWS:
        return
    for key in [key for key, (_, ends) in _windows.items() if now >= ends]:
        del _windows[key]
    if len(_windows) >= MOST_WINDOWS // 2:  # the few of all visitors together stay
        for key in [key for key in _windows if not key.endswith(" visitors")]:
            del _windows[key]


_lock = threading.Lock()
_windows: dict[str, tuple[int, float]] = {}
_permits = {scope: threading.BoundedSemaphore(times) for scope, times in AT_ONCE.items()}
