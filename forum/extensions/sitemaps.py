"""Hook for parts of the sitemap that other apps add, by name."""

from collections.abc import Callable, Iterable
from datetime import datetime

# URL path of a page, and its lastmod, if known.
Page = tuple[str, datetime | None]

parts: dict[str, Callable[[], Iterable[Page]]] = {}


def register(name: str, pages: Callable[[], Iterable[Page]]) -> None:
    """Add a part of the sitemap. What `pages` returns may change only with the SiteVersion (pagecache/versions.py)."""
    parts[name] = pages
