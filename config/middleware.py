"""What every answer says, and what no request gets past."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from accounts.rate_limits import TooMany
from config import errors

GetResponse = Callable[[HttpRequest], HttpResponse]
FEATURES = "accelerometer camera geolocation gyroscope magnetometer microphone payment usb".split()
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in FEATURES)


def headers(get_response: GetResponse) -> GetResponse:
    """No device features; and what is for one reader alone is kept by nobody."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        is_personal = settings.SESSION_COOKIE_NAME in request.COOKIES or response.cookies
        if is_personal and not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = "private, no-store"
        return response

    return middleware


class Refusals:
    """Requests that can only be broken or too much get a clear answer before anybody works on them."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in {"TRACE", "CONNECT"}:
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        if _has_null_characters(request):
            return errors.bad_request(request)
        if _content_length(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return errors.too_large(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return errors.too_many(request, exception) if isinstance(exception, TooMany) else None


def _has_null_characters(request: HttpRequest) -> bool:
    return "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", "")


def _content_length(request: HttpRequest) -> int:
    written = request.META.get("CONTENT_LENGTH") or "0"
    return int(written) if written.isdecimal() else 0
