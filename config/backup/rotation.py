"""The names of backups in a directory, and how many of them are kept."""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO

NAME = re.compile(r"borderpost-\d{8}T\d{6}Z\.tar")
UNFINISHED = ".unfinished"


def name_at(moment: datetime) -> str:
    """Such as borderpost-20261129T191500Z.tar; in order of time when sorted. `moment` is in UTC."""
    return f"borderpost-{moment:%Y%m%dT%H%M%SZ}.tar"


def backups_in(directory: Path) -> list[Path]:
    """Backups by our own names, the oldest first."""
    return sorted(path for path in directory.iterdir() if NAME.fullmatch(path.name) and path.is_file())


def remove_old(directory: Path, keep: int) -> list[Path]:
    """Remove all but the newest `keep` (1 or more) of our own names; returns what was removed."""
    old = backups_in(directory)[:-keep]
    for path in old:
        path.unlink(missing_ok=True)
    return old


def remove_unfinished(directory: Path) -> None:
    """Remove what killed backups left: a file that is being written is locked by its writer."""
    for path in directory.glob(f"borderpost-*.tar{UNFINISHED}"):
        _remove_abandoned(path)


def _remove_abandoned(path: Path) -> None:
    with suppress(OSError), path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()


@contextmanager
def written_whole(path: Path) -> Iterator[IO[bytes]]:
    """Context manager: a private file that gets its name when it is whole, and is gone if it does not become so."""
    unfinished = path.with_name(path.name + UNFINISHED)
    _remove_abandoned(unfinished)
    file = open(unfinished, "x+b", opener=lambda name, flags: os.open(name, flags, 0o600))  # noqa: SIM115
    try:
        with file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
            unfinished.rename(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def _sync(directory: Path) -> None:
    """The name itself must survive a power cut too."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
