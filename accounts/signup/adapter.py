from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.limits import rate_limits
from accounts.models import User
from accounts.signup import account_of
from accounts.text import names


class AccountAdapter(DefaultAccountAdapter):
    """allauth's adapter: our rules for usernames, redirects, rate limits and e-mails."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_taken": "This name is taken, or looks like one that is. Choose another.",
        "email_password_mismatch": "The address or the password is wrong. Capitals count in the password.",
        "username_password_mismatch": "The name or the password is wrong. Capitals count in the password.",
        "cannot_remove_primary_email": "This is the address of your account. Add another one before you remove it.",
        "duplicate_email": "Your account has this address already.",
        "email_taken": "An account has this address already.",
        "enter_current_password": "Type the password that you have now.",
        "incorrect_password": "This is not your password. Capitals count.",
        "invalid_password_reset": "This link was used, or is too old. Ask for a new one.",
        "rate_limited": "Too many tries. Wait a few minutes, then try again.",
        "same_as_current": "This is the same as before.",
        "too_many_login_attempts": "Too many tries. Wait a few minutes, then try again.",
        "unverified_primary_email": "Confirm your address first: open the link in the letter that we sent you.",
    }

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """The normalised username. Raises ValidationError for a bad one, or one that looks like another member's."""
        username = names.normalise(username)
        if problem := names.problem_with(username):
            raise ValidationError(problem, code="invalid_name")
        if not shallow and User.objects.filter(username_skeleton=names.skeleton(username)).exists():
            raise self.validation_error("username_taken")
        return username

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try for the address, for the account that it means in any spelling, and for all together.

        In place of allauth's own limit, which counts each spelling alone. Raises TooMany and Shed.
        """
        account = _account_in(credentials)
        rate_limits.take("sign_in", request)
        rate_limits.count("sign_in_account", account)
        try:
            rate_limits.count_for_all("sign_in_all")
        except rate_limits.Shed:
            rate_limits.give_back("sign_in_account", account)  # nothing was tried
            raise

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Only failures count against an account, and against all together."""
        user = super().authenticate(request, **credentials)
        if user is not None:
            rate_limits.give_back("sign_in_account", _account_in(credentials))
            rate_limits.give_back("sign_in_all", "all")
        return user

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """After a reset of the password: the reader of its letters gets in again at once, however many tried before."""
        rate_limits.forget("sign_in_account", _account_in(credentials))

    def get_client_ip(self, request: HttpRequest) -> str:
        return rate_limits.client_address(request)

    def is_safe_url(self, url: str) -> bool:
        """Whether a redirect after signing in may go there: a path of this site only."""
        return (
            url.startswith("/")
            and url.isprintable()
            and "\\" not in url
            and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
        )

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        links = {key: on_our_site(value) for key, value in context.items() if key.endswith("_url")}
        super().send_mail(template_prefix, email, {**context, **links, "current_site": OUR_SITE})


def _account_in(credentials: dict[str, Any]) -> str:
    return account_of.key_of(credentials.get("email") or credentials.get("username") or "")


class OurSite:
    """The site that allauth's e-mails name, in place of django.contrib.sites."""

    name = "Borderpost"

    @property
    def domain(self) -> str:
        return urlsplit(settings.SITE_URL).netloc


OUR_SITE = OurSite()


def on_our_site(url: str) -> str:
    """The same URL under SITE_URL, because a forged Host header must not get into an e-mail."""
    parts = urlsplit(url)
    return settings.SITE_URL + parts.path + (f"?{parts.query}" if parts.query else "")
