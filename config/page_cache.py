"""The page cache: visitors' pages in the memory of a process, validated on each request and so never stale.

The cache key is the URL and the theme; requests with any other query string are not cached. Before a page is served,
one query checks that its versions are those it was rendered with (pagecache/versions.py). Side figures, such as
members' counters, may be KEPT_SECONDS old.
"""

import gzip
import hashlib
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import brotli
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import timezone

from accounts.site_info import cookie_theme
from config.errors import DATABASE_IS_DOWN
from crossings.maps.extents import BY_SLUG
from crossings.models import Mode
from pagecache.store import Store
from pagecache.versions import Kept, read_versions

MAX_BYTES = 48 * 1024 * 1024
MAX_PAGE_BYTES = 1024 * 1024  # uncompressed
MOST_AGE_WITHOUT_DATABASE = timedelta(minutes=10)
MAIN = b'<main id="main" class="wrap" tabindex="-1">\n'  # templates/base.html
CACHE_CONTROL = "public, no-cache"  # caches must revalidate
VARY = "Accept-Encoding, Cookie"
# Only these pages use the query string, and only these parameters; pages with any other are not cached.
LISTS = re.compile(r"/(?:forums/[-\w]+|unanswered|no-reply|answered)/")
QUERY = re.compile(r"(?:tab=(?:unanswered|no-reply|answered))?(?:&?page=[1-9][0-9]{0,5})?")
CROSSINGS = "/crossings/"
CROSSING = re.compile(r"/crossings/[-\w]+/")
WAY = re.compile(rf"(?:to=[a-z]{{2}}&)?by=(?:{'|'.join(Mode.values)})")
_FURTHER = "page=(?:[2-9]|[1-9][0-9])"
REGION = re.compile(rf"region=(?:{'|'.join(BY_SLUG)})(?:&{_FURTHER})?|{_FURTHER}")
_ENCODING = re.compile(r"\s*(br|gzip)\s*(?:;\s*q=([0-9.]+)\s*)?", re.IGNORECASE)
_UNKEPT_HEADERS = {"content-length", "content-encoding", "etag", "vary", "cache-control"}

Key = tuple[str, str, str, str]


class Page(NamedTuple):
    """A cached page: its view, versions, expiry (time.monotonic), headers, body by encoding, and when it was made."""

    made_by: ResolverMatch | None
    kept: Kept
    valid_until: float
    headers: dict[str, str]
    bodies: dict[str, bytes]
    etag: str
    made_at: datetime = datetime.min.replace(tzinfo=UTC)

    def __sizeof__(self) -> int:
        """An upper bound in bytes: compressed bodies are added later, and are smaller."""
        return 2 * len(self.bodies[""])

    @property
    def can_stand_in(self) -> bool:
        """Whether it may be shown while the database cannot say if it is still true: pages alone, which say so."""
        return (
            self.valid_until > time.monotonic()
            and timezone.now() - self.made_at <= MOST_AGE_WITHOUT_DATABASE
            and self.headers.get("Content-Type", "").startswith("text/html")
            and MAIN in self.bodies[""]
        )

    def body(self, encoding: str) -> bytes:
        """The body in this encoding: compressed quickly the first time, and well if it is requested again."""
        if encoding in self.bodies:
            return self.bodies[encoding]
        if f"first {encoding}" in self.bodies:
            self.bodies[encoding] = _WELL[encoding](self.bodies[""])
            self.bodies.pop(f"first {encoding}", None)
            return self.bodies[encoding]
        self.bodies[f"first {encoding}"] = b""
        return _QUICKLY[encoding](self.bodies[""])


store: Store[Key, Page] = Store(max_bytes=MAX_BYTES)
_WELL = {"gzip": lambda body: gzip.compress(body, 6, mtime=0), "br": lambda body: brotli.compress(body, quality=5)}
_QUICKLY = {"gzip": lambda body: gzip.compress(body, 1, mtime=0), "br": lambda body: brotli.compress(body, quality=1)}


class PageCacheMiddleware:
    """The outermost middleware: a cached page skips all others, and has their headers already."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.shortcut = Shortcut()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = key_of(request)
        if key is None:
            return self.get_response(request)
        request.may_be_kept = True  # type: ignore[attr-defined]
        if page := store.get(key):
            request.resolver_match = page.made_by  # by which it is counted and logged (config/telemetry)
            try:
                stamp = read_versions(page.kept.question)
            except DATABASE_IS_DOWN:
                if page.can_stand_in:
                    request.is_kept_page = True  # type: ignore[attr-defined]
                    return answer_without_database(page)
                raise
            if stamp == page.kept.stamp and page.valid_until > time.monotonic():
                request.is_kept_page = True  # type: ignore[attr-defined]
                return answer(request, page)
            request.stamp = Kept(page.kept.question, stamp)  # type: ignore[attr-defined]
        page = self.shortcut.page(request, page.made_by if page else None)
        if page is None:
            response = self.get_response(request)
            if not may_be_kept(response):
                return response
            page = page_of(request, response, own_headers(response))
            self.shortcut.learn(request, page, response)
        store.put(key, page)
        return answer(request, page)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        """Return or raise the outcome of a view that the shortcut has called already, so that a view runs only once."""
        outcome = getattr(request, "outcome", None)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


class Headers(NamedTuple):
    """Names of the headers that a view sets itself, and the headers that middlewares add."""

    of_view: frozenset[str]
    added: dict[str, str]


class Shortcut:
    """Renders a visitor's page by its view alone, without the other middlewares.

    Visitors have no session, CSRF token and messages, and the headers that middlewares add are the same for all pages
    of a view that sets the same headers: they are taken from its first response, which went through all of them. A
    response that may not be cached, or an exception, goes through all of them as well: `request.outcome` holds it, and
    `process_view` returns or raises it.
    """

    def __init__(self) -> None:
        self._headers: dict[tuple[str | None, Callable], Headers] = {}

    def page(self, request: HttpRequest, match: ResolverMatch | None) -> Page | None:
        try:
            match = match or resolve(request.path_info)
        except Resolver404:
            return None
        headers = self._headers.get((request.scheme, match.func))
        if headers is None:
            return None
        request.resolver_match = match
        request.user = AnonymousUser()
        try:
            with timezone.override(UTC):
                response = match.func(request, *match.args, **match.kwargs)
        except Exception as error:
            request.outcome = error  # type: ignore[attr-defined]
            return None
        if not may_be_kept(response) or set(response.headers_of_view) != headers.of_view:
            request.outcome = response  # type: ignore[attr-defined]
            return None
        return page_of(request, response, own_headers(response) | headers.added)

    def learn(self, request: HttpRequest, page: Page, response: HttpResponse) -> None:
        if page.made_by:
            of_view = response.headers_of_view  # type: ignore[attr-defined]
            added = {name: value for name, value in page.headers.items() if of_view.get(name) != value}
            self._headers[request.scheme, page.made_by.func] = Headers(frozenset(of_view), added)


def key_of(request: HttpRequest) -> Key | None:
    """The cache key of a request, or None if it is not cached."""
    meta = request.META
    if request.method not in {"GET", "HEAD"} or not settings.KEPT_SECONDS:
        return None
    query = meta.get("QUERY_STRING", "")
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        return None
    if query and not _is_kept(request.path_info, query):
        return None
    request.get_host()  # raises DisallowedHost; no page depends on which allowed host it is
    return request.scheme or "", request.path_info, query, cookie_theme(request)


def _is_kept(path: str, query: str) -> bool:
    if LISTS.fullmatch(path):
        return QUERY.fullmatch(query) is not None
    if path == CROSSINGS:
        return REGION.fullmatch(query) is not None
    return CROSSING.fullmatch(path) is not None and WAY.fullmatch(query) is not None


def may_be_kept(response: HttpResponse) -> bool:
    """Whether a response may be cached: marked by its view (@keepable), 200, and nothing for one visitor alone."""
    return (
        hasattr(response, "kept")
        and response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not response.has_header("Content-Encoding")
        and len(response.content) <= MAX_PAGE_BYTES
    )


def page_of(request: HttpRequest, response: HttpResponse, headers: dict[str, str]) -> Page:
    body = response.content
    etag = hashlib.sha256(body).hexdigest()[:24]
    at = timezone.now()
    until = time.monotonic() + _seconds_kept(response, at)
    return Page(request.resolver_match, response.kept, until, headers, {"": body}, etag, at)  # type: ignore[attr-defined]


def _seconds_kept(response: HttpResponse, at: datetime) -> float:
    """Not past `valid_until`, which a view sets where its words change by themselves (midnight at a border)."""
    changes_at = getattr(response, "valid_until", None)
    return min(settings.KEPT_SECONDS, (changes_at - at).total_seconds()) if changes_at else settings.KEPT_SECONDS


def own_headers(response: HttpResponse) -> dict[str, str]:
    return {name: value for name, value in response.items() if name.lower() not in _UNKEPT_HEADERS}


def answer(request: HttpRequest, page: Page) -> HttpResponse:
    """The response for a cached page in the best accepted encoding, or 304."""
    encoding = best_encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    etag = f'W/"{page.etag}-{encoding or "plain"}"'  # weak, because the compression may change
    known = request.META.get("HTTP_IF_NONE_MATCH", "")
    is_same = known.strip() == "*" or etag in known
    body = b"" if is_same else page.body(encoding)
    response = HttpResponse(body, status=304 if is_same else 200)
    del response["Content-Type"]
    headers = response.headers
    for name, value in page.headers.items():
        headers[name] = value
    headers["Cache-Control"] = CACHE_CONTROL
    headers["Vary"] = VARY
    headers["ETag"] = etag
    if not is_same:
        headers["Content-Length"] = str(len(body))
        if encoding:
            headers["Content-Encoding"] = encoding
    return response


def answer_without_database(page: Page) -> HttpResponse:
    """The kept page with a line that says what it cannot know: whether something changed since it was made."""
    at = f"{page.made_at:%H:%M} UTC"
    words = f"Our database does not answer just now. This page is as it was at {at}; what is newer is not on it."
    line = f'<div class="note warning" role="status"><p>{words}</p></div>\n'.encode()
    begin, main, rest = page.bodies[""].partition(MAIN)
    response = HttpResponse(begin + main + line + rest)
    del response["Content-Type"]
    for name, value in page.headers.items():
        response.headers[name] = value
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = VARY
    return response


def best_encoding(accepted: str) -> str:
    """The encoding "br" before "gzip", "" for neither."""
    found = encodings_of(accepted)
    return "br" if "br" in found else "gzip" if "gzip" in found else ""


def encodings_of(accepted: str) -> set[str]:
    """Which of "br" and "gzip" an Accept-Encoding names in any case, without those with q=0."""
    matches = map(_ENCODING.fullmatch, accepted.split(","))
    return {match[1].lower() for match in matches if match and _wants(match[2])}


def _wants(quality: str | None) -> bool:
    try:
        return quality is None or float(quality) > 0
    except ValueError:
        return False
