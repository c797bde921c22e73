"""Parts of the sitemap that apps to the right add: each has a name and says which pages it lists."""

from collections.abc import Callable, Iterable
from datetime import datetime

# The address of a page, and when it changed last, if that is known.
Page = tuple[str, datetime | None]

parts: dict[str, Callable[[], Iterable[Page]]] = {}


def register(name: str, pages: Callable[[], Iterable[Page]]) -> None:
    """What `pages` lists may change only together with the site's version (pagecache/versions.py)."""
    parts[name] = pages
