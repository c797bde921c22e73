"""Template context of every page: the site's name, its own texts, and the theme.

The texts come from the table SiteText, by no query of their own: each process remembers them with the number of their
state, which comes along with the versions of cached pages and with the session's user. Only where neither was read
for FRESH_SECONDS one query looks for it.
"""

import time
from datetime import date
from email.utils import formataddr, parseaddr
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import SiteText, User
from accounts.models.site_text import read_state, state_number
from pagecache import versions
from pagecache.store import Store

DEFAULT_NAME = "Borderpost"
FRESH_SECONDS = 60
DEMO_ACCOUNTS = [
    {"username": "wobblyspoke", "role": "traveller"},
    {"username": "qarluq", "role": "expert"},
    {"username": "kettle", "role": "moderator"},
    {"username": "borderline_bo", "role": "administrator"},
]
_THEMES = set(User.Theme.values)
_PAGES = (SiteText.Kind.IMPRINT, SiteText.Kind.PRIVACY, SiteText.Kind.TERMS)


class Notice(NamedTuple):
    """The notice bar; `until` is its last day in UTC, or None."""

    html: str
    tone: str
    until: date | None


class SiteTexts(NamedTuple):
    """What the site says of itself: its name, which of its own pages there are (by kind), and its notice."""

    name: str = DEFAULT_NAME
    pages: tuple[str, ...] = ()
    notice: Notice | None = None


def about_site(*, may_query: bool = True) -> dict[str, Any]:
    """Context that needs no session; without `may_query` no database either, for pages that say that it is away."""
    texts = _current() if may_query else _remembered()
    about = {
        "site_name": texts.name,
        "site_url": settings.SITE_URL,
        "site_pages": texts.pages,
        "notice": _standing(texts.notice),
        "is_demo": settings.DEMO,
    }
    if not settings.DEMO:
        return about
    accounts = [account | {"password": settings.DEMO_PASSWORD} for account in DEMO_ACCOUNTS]
    return about | {"demo_accounts": accounts}


def site_name() -> str:
    return _current().name


def sender() -> str:
    """Whom letters come from: the address of MAIL_FROM, with the site's own name if it was given one."""
    name = _current().name
    return settings.MAIL_FROM if name == DEFAULT_NAME else formataddr((name, parseaddr(settings.MAIL_FROM)[1]))


def note_state(number: int | None) -> None:
    """Remember the state number of SiteText that was just read from the database."""
    global _seen
    _seen = (number or 0, time.monotonic())


def look_again() -> None:
    """Let the next reader ask the database: this process has just changed a text."""
    global _seen
    _seen = (_seen[0], -float("inf"))


def cookie_theme(request: HttpRequest) -> str:
    theme = request.COOKIES.get("theme", "")
    return theme if theme in _THEMES else ""


def _current() -> SiteTexts:
    if time.monotonic() - _seen[1] > FRESH_SECONDS:
        note_state(read_state())
    number = _seen[0]
    # A state of 0 is that of a table without rows.
    return _by_state.get_or_make(number, _read) if number else SiteTexts()


def _remembered() -> SiteTexts:
    return _by_state.get(_seen[0]) or SiteTexts()


def _read() -> SiteTexts:
    found = {text.kind: text for text in SiteText.objects.current() if text.source}
    name, notice = found.get(SiteText.Kind.NAME), found.get(SiteText.Kind.NOTICE)
    return SiteTexts(
        name=name.source if name else DEFAULT_NAME,
        pages=tuple(kind for kind in _PAGES if kind in found),
        # Markup made it safe when it was written.
        notice=Notice(notice.html, notice.tone, notice.until) if notice else None,
    )


def _standing(notice: Notice | None) -> Notice | None:
    """The notice, if its last day is not over. Cached pages end at midnight UTC, too (pagecache/versions.py)."""
    is_over = notice is not None and notice.until is not None and notice.until < timezone.now().date()
    return None if is_over else notice


_seen: tuple[int, float] = (0, -float("inf"))
_by_state: Store[int, SiteTexts] = Store(max_items=4)
versions.all_depend_on(state_number, told=note_state)
