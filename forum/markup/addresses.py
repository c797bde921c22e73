"""Which URLs a text may link to."""

import re
from html import unescape
from urllib.parse import unquote, urlsplit

SCHEMES = {"http", "https", "mailto"}
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_INVISIBLE = re.compile(r"[\x00-\x20\x7f-\xa0\xad\u200b-\u200f\u2028-\u202f\u2060\ufeff]+")


def is_safe(url: str) -> bool:
    """Whether a URL may be linked: a path of this site (/…), http, https or mailto, however often it is decoded."""
    if not all(_is_safe_as_written(form) for form in _decoded_forms(url)):
        return False
    return is_own(url) or url.lower().startswith("mailto:") or bool(host_of(url))


def is_own(url: str) -> bool:
    """Whether a URL is an absolute path on this site."""
    return url.startswith("/") and not url.startswith(("//", "/\\"))


def host_of(url: str) -> str:
    """The host of an http(s) URL in ASCII (IDNA), so that look-alike letters are seen; "" if there is none."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return ""
    if parts.scheme.lower() not in {"http", "https"}:
        return ""
    try:
        return host.encode("ascii").decode()
    except UnicodeEncodeError:
        try:
            return host.encode("idna").decode()
        except UnicodeError:
            return ""


def _decoded_forms(url: str) -> set[str]:
    forms, form = {url}, url
    for _ in range(3):
        form = unquote(unescape(form))
        forms |= {form, _INVISIBLE.sub("", form)}
    return forms


def _is_safe_as_written(url: str) -> bool:
    url = url.strip()
    if url.startswith(("//", "/\\", "\\")):
        return False
    scheme = _SCHEME.match(url)
    return url.startswith("/") or (scheme is not None and scheme.group(1).lower() in SCHEMES)
