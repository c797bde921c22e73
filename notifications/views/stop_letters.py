"""The unsubscribe link of every letter."""

from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.limits import rate_limits
from notifications.letters import preferences, signed_addresses


@require_http_methods(["GET", "HEAD", "POST"])
def stop_letters(request, token: str):
    """A GET asks for confirmation, because mail programs fetch links; a POST unsubscribes, without signing in."""
    user, scope = _found(token)
    if request.method == "POST":
        rate_limits.take("edit", request)
        _obey(request, user, scope)
    context = {
        "label": preferences.label(scope),
        "is_stopped": preferences.is_stopped(user, scope),
        "is_all_stopped": preferences.is_stopped(user, preferences.ALL),
        "is_of_all": scope == preferences.ALL,
        "nav": "",
    }
    response = render(request, "notifications/stop_letters.html", context)
    response["Cache-Control"] = "no-store"
    return response


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def one_click(request, token: str):
    """The address of List-Unsubscribe: mail programs post to it at their reader's click (RFC 8058), without cookies.

    It needs no CSRF token, because the signed address says all: no session is read. A GET leads to the page.
    """
    user, scope = _found(token)
    if request.method != "POST":
        return redirect("notifications:stop-letters", token)
    if request.POST.get("List-Unsubscribe") != "One-Click":
        return HttpResponseBadRequest("Post List-Unsubscribe=One-Click.", content_type="text/plain")
    preferences.stop(user, scope)
    return HttpResponse("You get no more letters of this kind.", content_type="text/plain")


def _found(token: str):
    found = signed_addresses.read_stop_token(token)
    if found is None:
        raise Http404
    return found


def _obey(request, user, scope: str) -> None:
    if "again" in request.POST:
        preferences.resume(user, scope)
    elif "all" in request.POST:
        preferences.stop(user, preferences.ALL)
    else:
        preferences.stop(user, scope)
