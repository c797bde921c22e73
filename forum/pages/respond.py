"""Responses whose frame is cached (pagecache/fragment_cache.py): only what belongs to one reader is made each time."""

from collections.abc import Hashable, Mapping

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from accounts.models import User
from accounts.site_info import about_site, cookie_theme
from forum import unread
from forum.extensions import menu
from forum.pages.values import Member, Name, Visitor
from forum.permissions import can_administer
from pagecache import fragment_cache

A_VISITOR = Visitor()
A_MEMBER = Member(pk=fragment_cache.gap("member"))


def answer(
    request: HttpRequest, user: User, template: str, fills: Mapping[str, str], *, nav: str = "forum", **shown: Hashable
) -> HttpResponse:
    """The page with everything it shows: `shown` for all who see the same, `fills` for this reader alone."""
    about = about_site()
    site = {name: about[name] for name in ("site_name", "site_url", "is_demo")}
    reader: Member | Visitor
    if user.is_authenticated:
        reader, theme = A_MEMBER, user.theme
        mast = _mast_of_a_member(user, site["site_name"], nav)
        fills = {**fills, "csrf_token": get_token(request), "member": str(user.pk)}
    else:
        reader, theme = A_VISITOR, cookie_theme(request)
        mast = fragment_cache.rendered("_mast.html", site_name=site["site_name"], nav=nav, user=A_VISITOR)
    fills = {**fills, "mast": mast, "notes": _notes(request)}
    return HttpResponse(fragment_cache.framed(template, fills, **site, theme=theme, nav=nav, user=reader, **shown))


def _mast_of_a_member(user: User, site_name: str, nav: str) -> str:
    return fragment_cache.rendered(
        "_mast.html",
        site_name=site_name,
        nav=nav,
        user=Name(user.pk, user.username),
        unread=unread.total(user),
        may_administer=can_administer(user),
        signs=menu.for_member(user),
    )


def _notes(request: HttpRequest) -> str:
    messages = get_messages(request)
    return render_to_string("_messages.html", {"messages": messages}) if messages else ""
