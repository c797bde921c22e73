"""allauth's adapter for accounts of other sites: only those of the settings, our words and rules, nothing linked by an
e-mail address."""

from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from django.conf import settings
from django.http import HttpRequest

from accounts.logs import security_log
from accounts.signup import account_mail, doors
from accounts.social.http_session import BoundedSession
from accounts.social.openid import OpenIDProvider

# Where the key of an invitation waits in the session while its reader is at the other site.
INVITATION = "social_invitation"


class SocialAdapter(DefaultSocialAccountAdapter):
    error_messages = {
        "email_taken": "An account has this address already. Sign in to it, and connect your %s account there.",
        "invalid_token": "The other site did not say who you are. Try again.",
        "no_password": "Your account has no password yet. Set one first.",
        "no_verified_email": "Confirm your address first: open the link in the letter that we sent you.",
        "disconnect_last": "This is your only way in. Set a password or add a passkey first.",
        "connected_other": "This account of the other site belongs to another member already.",
    }

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        """Of the settings alone: allauth would ask the database for more."""
        return [
            _app_of(site)
            for site in settings.SOCIAL_SIGN_IN
            if provider in {None, site["id"], OpenIDProvider.id} and client_id in {None, site["client_id"]}
        ]

    def get_provider(self, request: HttpRequest, provider: Any, client_id: Any = None) -> OpenIDProvider:
        return OpenIDProvider(request, app=self.get_app(request, provider=provider, client_id=client_id))

    def list_providers(self, request: HttpRequest) -> list[Any]:
        return [OpenIDProvider(request, app=app) for app in self.list_apps(request)]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return doors.may_sign_up(request, request.session.get(INVITATION, ""))

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        sociallogin.user.email = data.get("email") or ""
        return sociallogin.user

    def get_signup_form_initial_data(self, sociallogin: Any) -> dict[str, str]:
        return {"email": sociallogin.user.email}

    def send_notification_mail(self, template_prefix: str, user: Any, *args: Any, **kwargs: Any) -> None:
        account_mail.ask(template_prefix, user=user)

    def get_requests_session(self) -> BoundedSession:
        return BoundedSession()

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        note_failure(request, provider.sub_id, exception)


def note_failure(request: HttpRequest, site: str, exception: Exception | None) -> None:
    """Write to the security log that a site refused or did not answer, without what it said."""
    security_log.note("social-sign-in-failed", request, site=site, error=type(exception).__name__ if exception else "")


def _app_of(site: dict[str, str]) -> SocialApp:
    return SocialApp(
        provider=OpenIDProvider.id, provider_id=site["id"], name=site["name"], client_id=site["client_id"],
        secret=site["secret"], settings={"server_url": site["server"]},
    )  # fmt: skip
