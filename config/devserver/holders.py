"""Who uses a home: each process has a file of the home open, under a shared lock.

    home/database.users    by all that use the database; who ends last stops it
    home/ports/8000        by a forum that serves on that port

The system gives a lock back when its process ends, however it ends, so nothing is counted and nothing goes stale.
Children inherit the open file: a web server whose `./run` was killed still uses the database, and is found by it.
"""

import contextlib
import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path


class Hold:
    """A file that is open under a shared lock, here and in the processes that it is passed to."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(exist_ok=True)
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self.descriptor, fcntl.LOCK_SH)

    def let_go(self) -> None:
        """Close it. Not unlock it: that would be for the children as well, which share the lock."""
        os.close(self.descriptor)


def users(home: Path) -> Path:
    return home / "database.users"


def port_file(home: Path, port: int) -> Path:
    return home / "ports" / str(port)


@contextlib.contextmanager
def alone(path: Path) -> Iterator[bool]:
    """Context manager: whether no process holds the file; none can begin to before the end of the block."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _can_lock(descriptor)
    finally:
        os.close(descriptor)


def _can_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def serving_port(home: Path) -> int | None:
    """The port of the forum that runs on this home, for addresses that commands print; None if none runs."""
    files = sorted((home / "ports").glob("[0-9]*"))
    return next((int(path.name) for path in files if _is_held(path)), None)


def _is_held(path: Path) -> bool:
    with alone(path) as is_alone:
        return not is_alone


def who(path: Path) -> list[int]:
    """The processes that have the file open, but for this one."""
    if not path.exists():
        return []
    found = _by_proc(path.resolve()) if Path("/proc/self/fd").exists() else _by_lsof(path)
    return sorted(pid for pid in found if pid != os.getpid())


def _by_proc(path: Path) -> set[int]:
    """A process of somebody else cannot be looked into, and is none of ours."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*/fd"):
        with contextlib.suppress(OSError):
            if any(os.readlink(entry) == str(path) for entry in folder.iterdir()):
                found.add(int(folder.parent.name))
    return found


def _by_lsof(path: Path) -> set[int]:
    if (program := shutil.which("lsof")) is None:
        return set()
    answer = subprocess.run([program, "-t", str(path)], capture_output=True, text=True)
    return {int(word) for word in answer.stdout.split() if word.isdecimal()}
