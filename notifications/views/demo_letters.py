"""The letters of the demo, which are kept instead of sent. Elsewhere there is no such page."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from notifications import demo_mailbox

# A letter brings its own style; it runs nothing and loads nothing.
OF_A_LETTER = {
    "default-src": [CSP.NONE], "style-src": [CSP.UNSAFE_INLINE], "base-uri": [CSP.NONE], "form-action": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}  # fmt: skip


@require_safe
def demo_letters(request):
    """The newest letters of all members, whose passwords are public in the demo."""
    _refuse_elsewhere()
    return _private(render(request, "notifications/demo_letters.html", {"letters": demo_mailbox.newest(), "nav": ""}))


@require_safe
def demo_letter(request, number: int):
    """One letter with its head, as text."""
    return _private(render(request, "notifications/demo_letter.html", {"letter": _found(number), "nav": ""}))


@require_safe
@csp_override(OF_A_LETTER)
def demo_letter_html(request, number: int):
    """One letter as mail programs show it."""
    letter = _found(number)
    if not letter.html:
        raise Http404
    return _private(HttpResponse(letter.html))


def _found(number: int) -> demo_mailbox.Kept:
    _refuse_elsewhere()
    letter = demo_mailbox.find(number)
    if letter is None:
        raise Http404
    return letter


def _refuse_elsewhere() -> None:
    if not settings.DEMO:
        raise Http404


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
