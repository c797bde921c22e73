"""allauth's OpenID Connect, with what it leaves open decided: PKCE always, an issuer that is the one of the settings,
claims that are for us and of the same person, and nothing kept but the number of the account over there.

The signature of an ID token is not checked, as OpenID Connect Core 3.1.3.7 allows for one that comes straight from the
server by TLS; no other is accepted. So no library for signatures is needed.
"""

import base64
import json
import time
from typing import Any
from urllib.parse import urlsplit

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.models import SocialApp, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest
from django.urls import reverse

LONGEST_NUMBER = 191  # of an account over there: SocialAccount.uid
CLOCKS_APART = 120  # seconds
# What a badly made answer raises.
_ODD = (LookupError, TypeError, ValueError, AttributeError, RecursionError)


class OpenIDClient(OpenIDConnectOAuth2Adapter):
    """Talks with one of the sites. Raises OAuth2Error and RequestException."""

    @property
    def openid_config(self) -> dict[str, Any]:
        if not hasattr(self, "_checked_config"):
            try:
                self._checked_config = _checked(super().openid_config, self.get_provider().app.settings["server_url"])
            except _ODD as error:
                raise OAuth2Error("The configuration is not one of OpenID Connect.") from error
        return self._checked_config

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """At SITE_URL, whatever the request says."""
        return settings.SITE_URL + reverse("openid_connect_callback", args=[self.provider_id])

    def get_access_token_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        try:
            data = super().get_access_token_data(*args, **kwargs)
        except _ODD as error:
            raise OAuth2Error("The token cannot be read.") from error
        if not isinstance(data, dict) or not isinstance(data.get("access_token"), str):
            raise OAuth2Error("There is no token.")
        return data

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        return SocialToken(token=data["access_token"])

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> Any:
        """The token is forgotten at once, so that no session and no table holds it."""
        access_token, token.token = token.token, ""
        try:
            claims = _claims_in(kwargs["response"]["id_token"], issuer=self.openid_config["issuer"], app=app)
            if "email" not in claims and "userinfo_endpoint" in self.openid_config:
                claims = _same_person(claims, self._fetch_user_info(access_token))
            return self.get_provider().sociallogin_from_response(request, claims)
        except _ODD as error:
            raise OAuth2Error("The claims cannot be read.") from error


class OpenIDProvider(OpenIDConnectProvider):
    """A site of SOCIAL_SIGN_IN. Of what it says, an e-mail address is proposed at sign-up, as one that nobody
    confirmed, and no name: names over there are often those of passports."""

    pkce_enabled_default = True
    oauth2_adapter_class = OpenIDClient

    def get_default_scope(self) -> list[str]:
        return ["openid", "email"]

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Without the scopes and parameters that allauth would take from the address."""
        connects = request.user.is_authenticated and request.POST.get("process") == "connect"
        return {"process": "connect" if connects else "login", "next_url": get_next_redirect_url(request)}

    def extract_uid(self, data: dict[str, Any]) -> str:
        uid = data["sub"]
        if not isinstance(uid, str) or not 0 < len(uid) <= LONGEST_NUMBER or "\0" in uid:
            raise ValueError(uid)
        return uid

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"email": data.get("email")}

    def extract_email_addresses(self, data: dict[str, Any]) -> list:
        return []

    def cleanup_email_addresses(self, email: Any, addresses: list, email_verified: bool = False) -> str | None:
        try:
            validate_email(email)
        except ValidationError:
            return None
        return str(email) if len(email) <= 254 else None


def _checked(config: dict[str, Any], server: str) -> dict[str, Any]:
    """The configuration, if it is that of this server and leads to nothing weaker. Raises ValueError, KeyError."""
    if config["issuer"].rstrip("/") != server.rstrip("/"):
        raise ValueError("Another issuer.")
    wanted = ["authorization_endpoint", "token_endpoint"]
    for name in [*wanted, *(name for name in ["userinfo_endpoint"] if name in config)]:
        scheme = urlsplit(config[name]).scheme
        if scheme != "https" and scheme != urlsplit(server).scheme:
            raise ValueError(f"{name} is not encrypted.")
    return config


def _claims_in(id_token: str, *, issuer: str, app: SocialApp) -> dict[str, Any]:
    """The claims of an ID token that is for us and of now. Raises ValueError, KeyError, TypeError."""
    part = id_token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    is_ours = app.client_id in audience and claims.get("azp", app.client_id) == app.client_id
    if claims["iss"] != issuer or not is_ours or claims["exp"] < time.time() - CLOCKS_APART:
        raise ValueError("The ID token is not for us, or of another time.")
    return claims


def _same_person(claims: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    if more["sub"] != claims["sub"]:
        raise ValueError("The claims are of another person.")
    return {"sub": claims["sub"], "email": more.get("email")}
