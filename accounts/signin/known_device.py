"""Whether a member has signed in on this device before: a signed cookie says so, and no table."""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "__Host-known" if settings.SESSION_COOKIE_SECURE else "known"
LIFE = 60 * 60 * 24 * 365  # seconds
MOST_MEMBERS = 5  # of one device
_SALT = "accounts.signin.known_device"


def is_known(request: HttpRequest, user_id: int) -> bool:
    return user_id in _members_of(request)


def remember(request: HttpRequest, response: HttpResponse, user_id: int) -> None:
    members = [user_id, *(pk for pk in _members_of(request) if pk != user_id)][:MOST_MEMBERS]
    response.set_cookie(
        COOKIE,
        signing.dumps(members, salt=_SALT),
        max_age=LIFE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _members_of(request: HttpRequest) -> list[int]:
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=LIFE)
    except signing.BadSignature:
        return []
