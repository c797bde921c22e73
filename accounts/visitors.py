from django.conf import settings
from django.http import HttpRequest


def is_member(request: HttpRequest) -> bool:
    """Whether a member is asking. A visitor without the session cookie costs no look into any session."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated
