"""The feed of a member's news and their calendar at secret addresses, and the page where these are made and ended."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.limits import rate_limits
from accounts.limits.work_limits import costs
from accounts.models import User
from accounts.site_info import site_name
from crossings.closures import icalendar
from notifications.feeds import own_dates, own_news, secret_addresses
from notifications.models import PrivateFeed

REFRESH_HOURS = 6


@login_required
def feeds(request):
    """Which private feeds there are. Their addresses cannot be shown again: only a hash is kept."""
    return _page(request)


@login_required
def new_feed(request, kind: str):
    """Make an address, in place of the former one, and show it once. A GET, as after signing in, only redirects."""
    found = _kind(kind)
    if request.method != "POST":
        return redirect("notifications:feeds")
    rate_limits.take("edit", request)
    return _page(request, new=found, address=secret_addresses.make_address(request.user, found))


@login_required
def end_feed(request, kind: str):
    """Idempotent. A GET redirects to the page."""
    found = _kind(kind)
    if request.method == "POST":
        secret_addresses.end_address(request.user, found)
        messages.success(request, "The address no longer works.")
    return redirect("notifications:feeds")


@require_safe
@costs("feed")
def own_news_feed(request, token: str):
    return _private(own_news.atom_of(_owner(token, PrivateFeed.Kind.NEWS)), "application/atom+xml")


@require_safe
@costs("feed")
def own_dates_feed(request, token: str):
    events = own_dates.events_of(_owner(token, PrivateFeed.Kind.DATES))
    response = _private(
        icalendar.as_ics(f"{site_name()}: borders", events, refresh_hours=REFRESH_HOURS), "text/calendar"
    )
    response["Content-Disposition"] = 'inline; filename="borders.ics"'
    return response


def _page(request, **made: object) -> HttpResponse:
    by_kind = {feed.kind: feed for feed in PrivateFeed.objects.filter(user=request.user)}
    kinds = [{"kind": kind, "feed": by_kind.get(kind)} for kind in PrivateFeed.Kind]
    response = render(request, "notifications/feeds.html", {"kinds": kinds, "nav": "feeds", **made})
    response["Cache-Control"] = "no-store"
    return response


def _kind(kind: str) -> PrivateFeed.Kind:
    if kind not in PrivateFeed.Kind:
        raise Http404
    return PrivateFeed.Kind(kind)


def _owner(token: str, kind: PrivateFeed.Kind) -> User:
    user = secret_addresses.owner_of(token, kind)
    if user is None:
        raise Http404
    return user


def _private(text: str, content_type: str) -> HttpResponse:
    """Kept nowhere and listed nowhere; without a session, which only one who is signed in has."""
    response = HttpResponse(text, content_type=f"{content_type}; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
