from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.models import User
from accounts.visitors import is_member

SITE_NAME = "Borderpost"
DEMO_ACCOUNTS = [
    {"username": "wobblyspoke", "role": "traveller"},
    {"username": "qarluq", "role": "expert"},
    {"username": "kettle", "role": "moderator"},
    {"username": "borderline_bo", "role": "administrator"},
]


def site(request: HttpRequest) -> dict[str, Any]:
    """What every page knows."""
    theme = request.user.theme if is_member(request) else cookie_theme(request)  # type: ignore[union-attr]
    return about_site() | {"theme": theme}


def about_site() -> dict[str, Any]:
    """What can be said without asking anyone: also when the database is gone."""
    if not settings.DEMO:
        return {"site_name": SITE_NAME, "is_demo": False}
    accounts = [account | {"password": settings.DEMO_PASSWORD} for account in DEMO_ACCOUNTS]
    return {"site_name": SITE_NAME, "is_demo": True, "demo_accounts": accounts}


def cookie_theme(request: HttpRequest) -> str:
    theme = request.COOKIES.get("theme", "")
    return theme if theme in User.Theme.values else ""
