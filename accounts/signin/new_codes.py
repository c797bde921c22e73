"""How long new recovery codes are shown: a page that is loaded again on a bad line still shows them."""

import time

from django.http import HttpRequest

SHOWN_FOR = 10 * 60  # seconds
_MADE_AT = "recovery_codes_made_at"


def note_made(request: HttpRequest) -> None:
    request.session[_MADE_AT] = time.time()


def are_shown(request: HttpRequest) -> bool:
    return 0 <= time.time() - request.session.get(_MADE_AT, 0) < SHOWN_FOR
