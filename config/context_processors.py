from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest

from accounts.models import User
from accounts.readers import is_member
from accounts.signin.rank_reminder import rank_reminder
from accounts.site_info import about_site, cookie_theme
from forum import unread
from forum.extensions import menu


def site(request: HttpRequest) -> dict[str, Any]:
    """Template context of every page."""
    if not is_member(request):
        return about_site() | {"theme": cookie_theme(request), "signup": settings.SIGNUP}
    member = cast(User, request.user)
    return about_site() | {
        "signup": settings.SIGNUP,
        "theme": member.theme,
        "density": member.density,
        "unread": unread.total(member),
        "signs": menu.for_member(member),
        "rank_reminder": rank_reminder(member),
    }
