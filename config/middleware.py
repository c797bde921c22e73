import codecs
import ipaddress
import re
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.csp import ContentSecurityPolicyMiddleware
from django.middleware.security import SecurityMiddleware

from accounts.limits.rate_limits import Shed, TooMany
from accounts.limits.write_permits import READING, permits, place_of
from config import errors

Answer = Callable[[HttpRequest], HttpResponse]

POWERS = """
    accelerometer browsing-topics camera display-capture geolocation gyroscope magnetometer microphone midi
    payment screen-wake-lock serial usb xr-spatial-tracking
""".split()  # noqa: SIM905
PERMISSIONS_POLICY = ", ".join(f"{power}=()" for power in POWERS)


def forwarded_headers(get_response: Answer) -> Answer:
    """The outermost middleware: what others say of who asks is dropped, unless a proxy of ours says it.

    Without TRUSTED_PROXIES, and from addresses that are not among PROXY_ADDRESSES, it is forged or a mistake.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if not (settings.TRUSTED_PROXIES and _is_proxy(request.META.get("REMOTE_ADDR", ""))):
            for name in FORWARDED.intersection(request.META):
                del request.META[name]
        return get_response(request)

    return answer


FORWARDED = {
    "HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_SSL", "HTTP_X_FORWARDED_PREFIX", "HTTP_X_REAL_IP",
    "HTTP_X_REQUEST_ID",
}  # fmt: skip


def _is_proxy(address: str) -> bool:
    """Whether a connection comes from our network, or through a socket, which has no address."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return not address
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    return any(parsed in network for network in settings.PROXY_ADDRESSES)


def headers_of_failures(get_response: Answer) -> Answer:
    """Middleware: an error page that was born outside of the middlewares with headers gets the same ones."""
    security = SecurityMiddleware(get_response)
    policy = ContentSecurityPolicyMiddleware(get_response)
    frames = XFrameOptionsMiddleware(get_response)

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code < 400 or "Content-Security-Policy" in response.headers:
            return response
        response["Cache-Control"] = "no-store"
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        for middleware in (frames, policy, security):
            response = middleware.process_response(request, response)
        return response

    return answer


def headers(get_response: Answer) -> Answer:
    """Middleware: headers of every response: Permissions-Policy, and `no-store` for private ones."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if _is_private(request, response):
            response["Cache-Control"] = "no-store"
        return response

    return answer


def _is_private(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether a response may be private. A session cookie is enough: the session is not loaded."""
    if response.cookies:  # such as the CSRF token
        return True
    if "public" in response.get("Cache-Control", ""):
        return False
    return settings.SESSION_COOKIE_NAME in request.COOKIES or response.status_code >= 400


class Refusals:
    """Middleware: error pages for requests that no view can handle, before the body is read, and for limits."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "TRACE":
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        if _is_garbled(request):
            return errors.bad_request(request)
        if _body_length(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return errors.too_large(request)
        if not _is_whole(request):
            return errors.cut_off(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, TooMany):
            return errors.too_many(request, exception.retry_after)
        if isinstance(exception, Shed):
            return errors.shed(request, exception.retry_after)
        if isinstance(exception, UnicodeEncodeError) or "NUL (0x00)" in str(exception):
            return errors.bad_request(request, exception)  # text that the database cannot hold
        return None


class LimitedWriters:
    """Middleware after the CSRF check: at most so many requests write at once (accounts/limits/write_permits.py)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        finally:
            if place := getattr(request, "writes_in", None):
                permits.leave(place)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        if request.method in READING:
            return None
        place = place_of(request)
        if not permits.try_to_enter(place):
            return errors.shed(request)
        request.writes_in = place  # type: ignore[attr-defined]
        return None


# Django leaves bytes of a path that are not UTF-8 as %XX.
BROKEN_BYTE = re.compile("%[89A-F][0-9A-F]")


def _is_garbled(request: HttpRequest) -> bool:
    """Whether URL, cookies or the form's charset are not valid UTF-8, or contain NUL."""
    if BROKEN_BYTE.search(request.path_info):
        return True
    try:
        query = unquote_to_bytes(request.META.get("QUERY_STRING", "").encode("latin-1")).decode()
        charset = (request.content_params or {}).get("charset", "utf-8")
        text = request.path_info + query + "".join(request.COOKIES.values())
        return "\0" in text or codecs.lookup(charset).name != "utf-8"
    except (UnicodeError, LookupError, ValueError):
        return True


def _is_whole(request: HttpRequest) -> bool:
    """Whether the body is as long as its Content-Length says: a line that breaks must not post half a text.

    It is read here, and kept by Django for the form; it is never longer than DATA_UPLOAD_MAX_MEMORY_SIZE.
    """
    length = _body_length(request)
    try:
        return not length or len(request.body) == length
    except OSError:  # the client is gone
        return False


def _body_length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdecimal() else 0
