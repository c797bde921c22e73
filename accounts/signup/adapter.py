from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.limits import rate_limits
from accounts.members.rename import is_taken
from accounts.signin import challenges, known_device
from accounts.signup import account_mail, account_of, doors, sign_in_codes
from accounts.site_info import site_name
from accounts.text import names


class AccountAdapter(DefaultAccountAdapter):
    """allauth's adapter: our rules for usernames, redirects, rate limits and e-mails."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_taken": names.TAKEN,
        "email_password_mismatch": "The address or the password is wrong. Capitals count in the password.",
        "username_password_mismatch": "The name or the password is wrong. Capitals count in the password.",
        "cannot_remove_primary_email": "This is the address of your account. Add another one before you remove it.",
        "duplicate_email": "Your account has this address already.",
        "email_taken": "An account has this address already.",
        "enter_current_password": "Type the password that you have now.",
        "incorrect_password": "This is not your password. Capitals count.",
        "invalid_password_reset": "This link was used, or is too old. Ask for a new one.",
        "account_inactive": "This account is closed. The moderators can tell you why.",
        "invalid_or_expired_key": "This link was used, or is too old. Ask for a new one.",
        "max_email_addresses": "Your account may have at most %d addresses.",
        "unknown_email": "No account has this address.",
        "username_blacklisted": "This name cannot be used. Choose another.",
        "select_only_one": "Choose one of them.",
        "incorrect_code": "This is not the code. Look again, and type the newest one.",
        "invalid_login": "Name, address or password is wrong. Capitals count in the password.",
        "rate_limited": "Too many tries. Wait a few minutes, then try again.",
        "same_as_current": "This is the same as before.",
        "too_many_login_attempts": "Too many tries. Wait a few minutes, then try again.",
        "unverified_primary_email": "Confirm your address first: open the link in the letter that we sent you.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return doors.may_sign_up(request)

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """The normalised username. Raises ValidationError for a bad one, or one that looks like another member's."""
        username = names.normalise(username)
        if problem := names.problem_with(username):
            raise ValidationError(problem, code="invalid_name")
        if not shallow and is_taken(username):
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

    def login(self, request: HttpRequest, user: Any) -> None:
        is_known = user.last_login is None or known_device.is_known(request, user.pk)
        if request.session.get("_session_expiry") == challenges.LIFE:  # of a passkey prompt that was cancelled
            request.session.set_expiry(None)
        super().login(request, user)
        if not is_known:
            account_mail.ask(account_mail.NEW_DEVICE, user=user)

    def post_login(self, request: HttpRequest, user: Any, **about: Any) -> HttpResponse:
        response = super().post_login(request, user, **about)
        known_device.remember(request, response, user.pk)
        return response

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The ways that a member has to prove again who they are, in our words. Who has none, as they signed up by
        another site, sets a password by letter."""
        ways = super().get_reauthentication_methods(user)
        if not ways and user.is_authenticated:
            ways = [{"id": "by_letter", "url": reverse("accounts:password-by-letter")}]
        return [way | {"description": _WAYS[way["id"]]} for way in ways]

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

    # --- E-mails: no request sends one, the worker does (docs/notifications.md) ---

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Ask for one of the e-mails that somebody asked for. Its links are made when it is sent, so the context is
        not kept, and a kind whose context cannot be made then is an error."""
        if template_prefix not in account_mail.ASKED_FOR:
            raise NotImplementedError(f"No letter is known for {template_prefix} (accounts/signup/account_mail.py).")
        if template_prefix in {account_mail.LOGIN_CODE, account_mail.UNKNOWN}:  # both by who asks for a code
            self._send_code(email, context.get("code", ""))
            return
        user = None if template_prefix in account_mail.WITHOUT_MEMBER else context["user"]
        account_mail.ask(template_prefix, user=user, address=email)

    def generate_login_code(self) -> str:
        """Sealed, since allauth keeps it in the session as it is."""
        return sign_in_codes.for_session(super().generate_login_code())

    def _send_code(self, email: str, sealed: str) -> None:
        """A code cannot be made when its letter is sent: the session has it already. The same work and the same
        statements where the address has no account and there is no code."""
        user = account_of.owner_of(email)
        user = user if sealed else None
        code = sign_in_codes.from_session(sealed or self.generate_login_code())
        with transaction.atomic():
            sign_in_codes.keep(user, code)
            account_mail.ask(account_mail.LOGIN_CODE if user else account_mail.UNKNOWN, user=user, address=email)

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:
        """For a new account, the form has asked for it in the account's transaction (accounts/signup/forms.py)."""
        if not signup:
            account_mail.ask(account_mail.CONFIRM, user=emailconfirmation.email_address.user)

    def send_account_already_exists_mail(self, email: str) -> None:
        account_mail.ask(account_mail.EXISTS, address=email)

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """A notice about something that was done, such as a new password."""
        if template_prefix in account_mail.ASKED_BY_VIEWS:
            return
        account_mail.ask(template_prefix, user=user, address=email or "")


_WAYS = {
    "reauthenticate": "Use your password",
    "mfa_reauthenticate": "Use a code",
    "mfa_reauthenticate:webauthn": "Use a passkey",
    "by_letter": "Set a password by letter",
}


def _account_in(credentials: dict[str, Any]) -> str:
    return account_of.key_of(credentials.get("email") or credentials.get("username") or "")


class OurSite:
    """The site that allauth's e-mails name, in place of django.contrib.sites."""

    @property
    def name(self) -> str:
        return site_name()

    @property
    def domain(self) -> str:
        return urlsplit(settings.SITE_URL).netloc


OUR_SITE = OurSite()
