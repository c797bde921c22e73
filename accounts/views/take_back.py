"""The page of the link in the letter to a former address: its button gives the account that address again."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from accounts.limits import rate_limits
from accounts.logs import security_log
from accounts.signup import former_addresses


@never_cache
def take_back(request: HttpRequest, key: str) -> HttpResponse:
    """Opening it changes nothing. Anybody with the link may press, once, within a week."""
    if request.method == "POST":
        rate_limits.take("confirm", request)
    former = former_addresses.of_key(key)
    if former is None or request.method != "POST":
        return _page(request, status=404 if request.method == "POST" else 200, former=former)
    try:
        user = former_addresses.take_back(former, request.session.session_key)
    except former_addresses.TakenElsewhere:
        return _page(request, status=409, is_taken=True)
    if user is None:
        return _page(request, status=404)
    security_log.note("address-taken-back", request, of=user.pk)
    return _page(request, done=user)


def _page(request: HttpRequest, status: int = 200, **context: object) -> HttpResponse:
    return render(request, "account/take_back.html", context, status=status)
