"""What `manage.py backup` and `restore` say, and how they end when they are told to."""

import errno
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from config.backup.manifest import Manifest


def describe(manifest: Manifest) -> str:
    """What `manage.py backup --check` says of an archive that is whole."""
    rows = "\n".join(f"  {name}: {count}" for name, (count, _) in sorted(manifest.counts.items()) if count)
    return (
        f"Whole. Taken {manifest.begun_at} in {manifest.seconds} s from PostgreSQL {manifest.postgres} by Borderpost "
        f"{manifest.version}.\n{manifest.promise}\nFiles: {len(manifest.members)}. Rows:\n{rows}\n"
        f"Settings to be given again: {', '.join(['SECRET_KEY and passwords', *manifest.settings])}."
    )


def of_full_disk(error: OSError, state: str) -> str:
    """One sentence for an error of the file system, and what is left behind."""
    place = error.filename or "the file"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full. Make room, or choose a directory on another disk. {state}"
    return f"{place}: {error.strerror or error}. {state}"


@contextmanager
def ended_by_signal() -> Iterator[None]:
    """Context manager: SIGTERM ends the command as Ctrl-C does, so that it puts away what is half written."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
