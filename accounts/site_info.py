"""Template context of every page: the site and the theme. No query."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.models import User

SITE_NAME = "Borderpost"
DEMO_ACCOUNTS = [
    {"username": "wobblyspoke", "role": "traveller"},
    {"username": "qarluq", "role": "expert"},
    {"username": "kettle", "role": "moderator"},
    {"username": "borderline_bo", "role": "administrator"},
]
_THEMES = set(User.Theme.values)


def about_site() -> dict[str, Any]:
    """Context that needs neither session nor database, so that error pages can use it as well."""
    about = {"site_name": SITE_NAME, "site_url": settings.SITE_URL, "is_demo": settings.DEMO}
    if not settings.DEMO:
        return about
    accounts = [account | {"password": settings.DEMO_PASSWORD} for account in DEMO_ACCOUNTS]
    return about | {"demo_accounts": accounts}


def cookie_theme(request: HttpRequest) -> str:
    theme = request.COOKIES.get("theme", "")
    return theme if theme in _THEMES else ""
