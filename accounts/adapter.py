from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import names, rate_limits
from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Where allauth does as we do: names, letters, limits, and where one goes next."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "That address and password do not match. Check both, or reset the password.",
        "username_password_mismatch": "That name and password do not match. Check both, or reset the password.",
    }

    def clean_username(self, username: str, shallow: bool = False) -> str:
        username = names.normalise(username)
        if problem := names.problem_with(username):
            raise ValidationError(problem)
        if not shallow and User.objects.filter(username_skeleton=names.skeleton(username)).exists():
            raise ValidationError("This name is taken, or looks like one that is. Choose another one.")
        return username

    def is_safe_url(self, url: str | None) -> bool:
        """Only pages of ours, named by their path."""
        return bool(url) and url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Letters name this site as it is configured, never as a request's Host says."""
        site = {"name": "Borderpost", "domain": settings.SITE_URL.split("://", 1)[1]}
        links = {name: _on_our_site(value) for name, value in context.items() if name.endswith("_url")}
        super().send_mail(template_prefix, email, {**context, **links, "current_site": site})

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        rate_limits.take("sign_in", request)
        super().pre_authenticate(request, **credentials)


def _on_our_site(url: str) -> str:
    parts = urlsplit(url)
    return f"{settings.SITE_URL}{parts.path}" + (f"?{parts.query}" if parts.query else "")
