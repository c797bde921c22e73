from typing import Any, cast

from django.http import HttpRequest

from accounts.models import User
from accounts.readers import is_member
from accounts.site_info import about_site, cookie_theme
from forum import unread
from forum.extensions import menu


def site(request: HttpRequest) -> dict[str, Any]:
    """Template context of every page."""
    if not is_member(request):
        return about_site() | {"theme": cookie_theme(request)}
    member = cast(User, request.user)
    return about_site() | {
        "theme": member.theme,
        "density": member.density,
        "unread": unread.total(member),
        "signs": menu.for_member(member),
    }
