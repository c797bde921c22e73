"""Entering password, code or passkey again before what matters (docs/security.md)."""

import time
from collections.abc import Callable
from functools import wraps

from allauth.account.authentication import get_authentication_records
from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponse

# For pages on which one works for a while, such as the operators'; elsewhere ACCOUNT_REAUTHENTICATION_TIMEOUT holds.
FOR_A_WHILE = 30 * 60  # seconds


@reauthentication_required(app="accounts")
def require_fresh(request: HttpRequest) -> None:
    """Raises allauth's ReauthenticationRequired: its middleware asks, and what was sent goes on after it."""


def fresh_posts_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A form may be looked at; sending it wants password, code or passkey within minutes."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method == "POST":
            require_fresh(request)
        return view(request, *args, **kwargs)

    return guarded


def was_fresh(request: HttpRequest, within: int = FOR_A_WHILE) -> bool:
    """Whether the member signed in or proved again who they are within so many seconds."""
    records = get_authentication_records(request, request.user)
    return bool(records) and 0 <= time.time() - records[-1]["at"] < within
