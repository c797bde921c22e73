"""Processes by their pid: whose children they are, and signals to them."""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterable
from pathlib import Path

SECONDS = 180  # a busy machine is no fault of the forum


class Stuck(Exception):
    """What was waited for did not come to pass."""


def wait_until(holds: Callable[[], object], what: str, seconds: float = SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise Stuck(f"{what}: not in {seconds:.0f} s")
        time.sleep(0.02)


def send(number: int, pids: Iterable[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def kill(*pids: int) -> None:
    """kill -9, and wait until they are gone."""
    send(signal.SIGKILL, pids)
    wait_until(lambda: not any(map(is_alive, pids)), "killed processes end")


def is_alive(pid: int) -> bool:
    """Whether it runs; a process that ended and that nobody has asked for its code does not."""
    return _state_and_parent(pid)[0] not in "ZX"


def children_of(pid: int) -> list[int]:
    found = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]
    return sorted(child for child in found if _state_and_parent(child)[1] == pid and is_alive(child))


def _state_and_parent(pid: int) -> tuple[str, int]:
    try:
        state, parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:
        return "X", 0
    return state, int(parent)
