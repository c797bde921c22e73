"""The nightly files of all open data: where they lie, which there are, and for how long."""

import re
import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

# Within MEDIA_ROOT; backups leave it out, because it can be made again.
FOLDER = "open-data"
MAKING = ".making"
SUMS = "SHA256SUMS"
KEPT_FOR = timedelta(days=7)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TYPES = {
    "crossings.geojson": "application/geo+json", "crossings.csv": "text/csv; charset=utf-8",
    "hours.csv": "text/csv; charset=utf-8", "closures.csv": "text/csv; charset=utf-8",
    "reports.csv": "text/csv; charset=utf-8", "README.txt": "text/plain; charset=utf-8",
    SUMS: "text/plain; charset=utf-8",
}  # fmt: skip


@dataclass(frozen=True)
class DumpFile:
    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Dump:
    day: date
    files: list[DumpFile]


def root() -> Path:
    return Path(settings.MEDIA_ROOT) / FOLDER


def dumps() -> list[Dump]:
    """Those that are whole and kept, the newest first; a folder that cannot be read is none."""
    today = timezone.now().date()
    return [_dump(folder) for folder in sorted(_folders(), reverse=True) if _is_kept(folder.name, today)]


def path_of(day: str, name: str) -> Path | None:
    """A file of a whole dump, as long as it is kept: also where no night took it away. None for any other name."""
    if not _is_day(day) or not _is_kept(day, timezone.now().date()) or name not in TYPES:
        return None
    path = root() / day / name
    return path if path.is_file() else None


def forget_old(today: date) -> None:
    """What is older than a week goes, with the reports that were removed since; so does a half one."""
    shutil.rmtree(root() / MAKING, ignore_errors=True)
    for folder in _folders():
        if not _is_kept(folder.name, today):
            shutil.rmtree(folder, ignore_errors=True)


def _is_kept(day: str, today: date) -> bool:
    return today - KEPT_FOR < date.fromisoformat(day) <= today


def _folders() -> list[Path]:
    if not root().is_dir():
        return []
    return [path for path in root().iterdir() if _is_day(path.name) and path.is_dir() and not path.is_symlink()]


def _is_day(name: str) -> bool:
    if _DAY.fullmatch(name) is None:
        return False
    try:
        date.fromisoformat(name)
    except ValueError:
        return False
    return True


def _dump(folder: Path) -> Dump:
    sums = folder / SUMS
    try:
        lines = sums.read_text(encoding="utf-8").splitlines()
    except OSError:  # just removed
        lines = []
    listed = [(line[66:], line[:64]) for line in lines if line[66:] in TYPES]
    files = [DumpFile(name, size, digest) for name, digest in listed if (size := _size(folder / name)) is not None]
    return Dump(date.fromisoformat(folder.name), files)


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None
