"""The question that a passkey answers: kept in the session of who asked, for a few minutes and for one answer."""

import time

from django.http import HttpRequest

LIFE = 5 * 60  # seconds
_ASKED_AT = "passkey_asked_at"


def ask(request: HttpRequest, options: dict) -> dict:
    """Note when the question was asked; allauth has put the question itself into the session. Returns the options."""
    request.session[_ASKED_AT] = time.time()
    return options


def is_open(request: HttpRequest) -> bool:
    asked_at = request.session.get(_ASKED_AT, 0)
    return 0 <= time.time() - asked_at < LIFE


def close(request: HttpRequest) -> None:
    """After an answer that fits, with which allauth has forgotten the question."""
    request.session.pop(_ASKED_AT, None)
