"""Responses with a cached frame (pagecache/fragment_cache.py): only what is one reader's own is rendered each time."""

from collections.abc import Hashable, Mapping

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from accounts.models import User
from accounts.readers import VISITOR, Reader, user_of
from accounts.signin.rank_reminder import rank_reminder
from accounts.site_info import about_site, cookie_theme
from forum import unread
from forum.extensions import menu
from forum.pages.values import UserRow
from forum.permissions import can_administer
from pagecache import fragment_cache

# Any member, for cached frames, which have a gap for the primary key.
A_MEMBER = Reader(pk=0)


def answer(
    request: HttpRequest,
    reader: Reader,
    template: str,
    fills: Mapping[str, str],
    *,
    nav: str = "forum",
    **shown: Hashable,
) -> HttpResponse:
    """A response: `shown` is the cache key and context of the frame, `fills` the HTML for this reader alone."""
    about = about_site()
    site = {name: about[name] for name in ("site_name", "site_url", "site_pages", "notice", "is_demo")}
    if reader.is_authenticated:
        user = user_of(request)
        shown_to, look = A_MEMBER, {"theme": user.theme, "density": user.density, "has_keys": user.has_shortcuts}
        mast = _mast_of_a_member(user, site["site_name"], nav)
        fills = {**fills, "csrf_token": get_token(request), "reader_pk": str(reader.pk)}
    else:
        shown_to, look = VISITOR, {"theme": cookie_theme(request)}
        mast = fragment_cache.rendered("_mast.html", site_name=site["site_name"], nav=nav, user=VISITOR)
    fills = {**fills, "mast": mast, "notes": _notes(request)}
    return HttpResponse(fragment_cache.framed(template, fills, **site, **look, nav=nav, user=shown_to, **shown))


def _mast_of_a_member(user: User, site_name: str, nav: str) -> str:
    return fragment_cache.rendered(
        "_mast.html",
        site_name=site_name,
        nav=nav,
        user=UserRow(user.pk, user.username),
        unread=unread.total(user),
        may_administer=can_administer(user),
        signs=menu.for_member(user),
    )


def _notes(request: HttpRequest) -> str:
    messages, reminder = get_messages(request), rank_reminder(user_of(request))
    if not messages and reminder is None:
        return ""
    return render_to_string("_messages.html", {"messages": messages, "rank_reminder": reminder})
