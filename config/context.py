from typing import Any, cast

from django.http import HttpRequest

from accounts.models import User
from accounts.site import about_site, cookie_theme
from accounts.visitors import is_member
from forum import signposts, unread


def site(request: HttpRequest) -> dict[str, Any]:
    """What every page knows."""
    if not is_member(request):
        return about_site() | {"theme": cookie_theme(request)}
    member = cast(User, request.user)
    return about_site() | {"theme": member.theme, "unread": unread.total(member), "signs": signposts.for_member(member)}
