from typing import Any

from django.conf import settings
from django.http import HttpRequest

THEMES = {"light", "dark"}
DEMO_ACCOUNTS = [
    ("wobblyspoke", "a traveller"),
    ("qarluq", "an expert"),
    ("kettle", "a moderator"),
    ("borderline_bo", "an administrator"),
]


def site(request: HttpRequest) -> dict[str, Any]:
    """What every page knows of the site."""
    return {"site_name": "Borderpost", "site_url": settings.SITE_URL, "is_demo": settings.DEMO, "theme": _theme(request), "demo_accounts": _demo_accounts()}


def _theme(request: HttpRequest) -> str:
    """The member's choice, else the visitor's cookie, else whatever the device says."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        return request.user.theme
    chosen = request.COOKIES.get("theme", "")
    return chosen if chosen in THEMES else ""


def _demo_accounts() -> list[dict[str, str]]:
    if not settings.DEMO:
        return []
    return [{"username": name, "role": role, "password": settings.DEMO_PASSWORD} for name, role in DEMO_ACCOUNTS]
