"""Bundles the small stylesheets into one to serve: static/css/app.css imports them in order."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

SOURCE = Path(settings.BASE_DIR) / "static" / "css" / "app.css"
BUNDLE = "css/borderpost.css"
_IMPORT = re.compile(r'@import\s+"([\w./-]+)";\n?')
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_BLANKS = re.compile(r"\s*\n\s*")


class BundleFinder(BaseFinder):
    """A staticfiles finder of the bundle, which is made when static files are collected and when the web server starts
    (config/wsgi.py): a request writes no file, so a full disk does not undress the pages. With DEBUG it is made again
    when one of its parts is newer."""

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path != BUNDLE:
            return []
        bundle = str(make_bundle() if settings.DEBUG else target())
        return [bundle] if find_all else bundle

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        yield BUNDLE, FileSystemStorage(location=str(make_bundle().parents[1]))


def target() -> Path:
    return Path(settings.HOME) / "bundle" / BUNDLE


def make_bundle() -> Path:
    """Make the bundle if there is none or one of its parts is newer. Raises OSError, such as of a full disk."""
    path = target()
    parts = [SOURCE, *parts_of(SOURCE)]
    newest = max(part.stat().st_mtime for part in parts)
    if not path.exists() or path.stat().st_mtime < newest:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}-{id(parts)}")
        try:
            unfinished.write_text(bundled(SOURCE))
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    return path


def make_at_start() -> None:
    """As `make_bundle`, unless static files are collected; on a full disk an older bundle is good enough."""
    if not settings.WHITENOISE_USE_FINDERS:
        return
    try:
        make_bundle()
    except OSError:
        if not target().exists():
            raise


def parts_of(source: Path) -> list[Path]:
    return [source.parent / name for name in _IMPORT.findall(source.read_text())]


def bundled(source: Path) -> str:
    """A stylesheet with its imports inlined, without comments and indentation."""
    text = _IMPORT.sub(lambda match: bundled(source.parent / match.group(1)), source.read_text())
    return _BLANKS.sub("\n", _COMMENT.sub("", text)).strip() + "\n"
