"""Visitors' pages, kept finished in the memory of a process and never shown when they are no longer true.

A page is found by its address, the theme and nothing else: requests with any other query are answered afresh. Before
it is shown, one question to the database tells whether its versions are those it was made with (pagecache/versions.py).
Side figures on it, such as members' counters, may be KEPT_SECONDS old.
"""

import gzip
import hashlib
import re
import time
from collections.abc import Callable
from datetime import UTC
from typing import NamedTuple

import brotli
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import timezone

from accounts.site_info import cookie_theme
from pagecache.store import Store
from pagecache.versions import Kept, read_versions

MAX_BYTES = 48 * 1024 * 1024
MAX_PAGE_BYTES = 1024 * 1024
CACHE_CONTROL = "public, no-cache"  # whoever keeps it asks again each time
VARY = "Accept-Encoding, Cookie"
# Only lists look at their query, and only for this; whatever else is asked is not kept.
LISTS = re.compile(r"/(?:forums/[-\w]+|unanswered|answered)/")
QUERY = re.compile(r"(?:tab=(?:unanswered|answered))?(?:&?page=[1-9][0-9]{0,5})?")
_ENCODING = re.compile(r"\s*(br|gzip)\s*(?:;\s*q=([0-9.]+)\s*)?")
_UNKEPT_HEADERS = {"content-length", "content-encoding", "etag", "vary", "cache-control"}

Key = tuple[str, str, str, str]


class Page(NamedTuple):
    """A finished answer: by which view, until when it holds if its versions do, its headers, its bytes by encoding."""

    made_by: ResolverMatch | None
    kept: Kept
    valid_until: float
    headers: dict[str, str]
    bodies: dict[str, bytes]
    etag: str

    def __sizeof__(self) -> int:
        """In bytes, at most: compressed forms come later, and are smaller."""
        return 2 * len(self.bodies[""])

    def body(self, encoding: str) -> bytes:
        """The page in this encoding. What is asked for again is compressed well: it will be asked for often."""
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
    """The outermost middleware: a kept page costs nothing of the others, whose headers it holds already."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.shortcut = Shortcut()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = key_of(request)
        if key is None:
            return self.get_response(request)
        request.may_be_kept = True  # type: ignore[attr-defined]
        if page := store.get(key):
            stamp = read_versions(page.kept.question)
            if stamp == page.kept.stamp and page.valid_until > time.monotonic():
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
        """What the view has done already, when the shortcut called it: a view runs once, whatever comes of it."""
        outcome = getattr(request, "outcome", None)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


class Headers(NamedTuple):
    """Which headers a view has set itself, and what all middlewares have added to them."""

    of_view: frozenset[str]
    added: dict[str, str]


class Shortcut:
    """A visitor's page straight from its view.

    Sessions, tokens and messages are nothing to visitors, and what all middlewares together write into the head of an
    answer is the same for all pages of a view that sets the same headers: it is taken from the first, which went
    through all of them. Whatever is not simply a page that may be kept goes through all of them as well, errors too:
    `request.outcome` holds what the view gave or raised, and the middleware's `process_view` hands it over.
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
    """What tells one visitor's page from another, or None for a page that is never kept."""
    meta = request.META
    if request.method not in {"GET", "HEAD"} or not settings.KEPT_SECONDS:
        return None
    query = meta.get("QUERY_STRING", "")
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        return None
    if query and not (LISTS.fullmatch(request.path_info) and QUERY.fullmatch(query)):
        return None
    request.get_host()  # refuses a host that is not ours; no page depends on which of ours it is
    return request.scheme or "", request.path_info, query, cookie_theme(request)


def may_be_kept(response: HttpResponse) -> bool:
    """Only finished pages that a view has marked, and that carry nothing for one visitor alone."""
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
    until = time.monotonic() + settings.KEPT_SECONDS
    return Page(request.resolver_match, response.kept, until, headers, {"": body}, etag)  # type: ignore[attr-defined]


def own_headers(response: HttpResponse) -> dict[str, str]:
    return {name: value for name, value in response.items() if name.lower() not in _UNKEPT_HEADERS}


def answer(request: HttpRequest, page: Page) -> HttpResponse:
    """The page in the best encoding the reader takes, or the word that theirs is still the same."""
    encoding = best_encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    etag = f'W/"{page.etag}-{encoding or "plain"}"'  # weak: its bytes are compressed twice
    is_same = etag in request.META.get("HTTP_IF_NONE_MATCH", "")
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


def best_encoding(accepted: str) -> str:
    """Brotli before gzip, and what is refused with q=0 not at all."""
    found = {match[1] for match in map(_ENCODING.fullmatch, accepted.split(",")) if match and _wants(match[2])}
    return "br" if "br" in found else "gzip" if "gzip" in found else ""


def _wants(quality: str | None) -> bool:
    try:
        return quality is None or float(quality) > 0
    except ValueError:
        return False
