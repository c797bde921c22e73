"""The files that members sent (MEDIA_ROOT), in a backup and out of one."""

import shutil
from pathlib import Path

from django.conf import settings

from config.backup.archive import Archive
from crossings.dump.shelf import FOLDER

# Within the directory itself, which may be a volume of its own that cannot be renamed.
FRESH, OLD = ".restored", ".replaced"


def listed(root: Path) -> list[Path]:
    """The files of a media directory, in order; none where there is no such directory."""
    ours = {FRESH, OLD, FOLDER}  # open data is made again each night, and reports that are erased go with it
    return sorted(
        path
        for path in root.rglob("*")
        if path.is_file() and not path.is_symlink() and path.relative_to(root).parts[0] not in ours
    )


def replace_by(archive: Archive) -> int:
    """Put the media of an archive in the place of what is there; returns how many files. May be repeated.

    The files are written beside first, so that a full disk changes nothing; then only names change.
    """
    root = Path(settings.MEDIA_ROOT)
    fresh, old = root / FRESH, root / OLD
    root.mkdir(parents=True, exist_ok=True)
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
        leftover.mkdir()
    count = archive.extract_media(fresh)
    for entry in list(root.iterdir()):
        if entry not in (fresh, old):
            entry.rename(old / entry.name)
    for entry in list(fresh.iterdir()):
        entry.rename(root / entry.name)
    shutil.rmtree(old)
    fresh.rmdir()
    return count
