from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject, empty


def is_member(request: HttpRequest) -> bool:
    """Whether a member is asking. A visitor without the session cookie costs no look into any session."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated


def reader_of(request: HttpRequest) -> Any:
    """Who is asking, without the wrapping that makes each look at them dear."""
    user = request.user
    if type(user) is not SimpleLazyObject:
        return user
    if user._wrapped is empty:
        user._setup()
    return user._wrapped
