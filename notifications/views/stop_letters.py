"""The unsubscribe link of every letter."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts import rate_limits
from notifications.letters import preferences, signed_addresses


@require_http_methods(["GET", "HEAD", "POST"])
def stop_letters(request, token: str):
    """A GET asks for confirmation, because mail programs fetch links; a POST unsubscribes, without signing in."""
    found = signed_addresses.read_stop_token(token)
    if found is None:
        raise Http404
    user, kind = found
    if request.method == "POST":
        rate_limits.take("edit", request)
        preferences.set_wanted(user, kind, is_wanted="again" in request.POST)
    context = {"kind": kind, "is_wanted": preferences.is_wanted(user, kind), "nav": ""}
    response = render(request, "notifications/stop_letters.html", context)
    response["Cache-Control"] = "no-store"
    return response
