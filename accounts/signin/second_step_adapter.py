"""allauth's adapter for second steps: our words, the site's own name in passkeys, secrets that are stored encrypted."""

import base64
import ipaddress
import secrets
from typing import Any
from urllib.parse import urlsplit

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings

from accounts import cipher
from accounts.models import User
from accounts.site_info import site_name


class SecondStepAdapter(DefaultMFAAdapter):
    error_messages = {
        "add_email_blocked": "Take your second step off before you change your address.",
        "cannot_delete_authenticator": "This cannot be removed.",
        "cannot_generate_recovery_codes": "Recovery codes come with a second step. Add a passkey or an app first.",
        "incorrect_code": "This does not fit. Each code works once, and for half a minute: try the next one.",
        "unverified_email": "Confirm your address first: open the link in the letter that we sent you.",
    }

    def get_totp_issuer(self) -> str:
        return site_name()

    def get_totp_label(self, user: Any) -> str:
        """The name and not the e-mail address: apps copy it to wherever they keep their list."""
        return str(user.username)

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return f"Passkey {count + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": passkey_host(), "name": site_name()}

    def get_public_key_credential_user_entity(self, user: Any) -> dict:
        return super().get_public_key_credential_user_entity(user) | {"name": user.username}

    def _get_user_identifier(self, user: User) -> str:
        return user.username

    def encrypt(self, text: str) -> str:
        return cipher.seal(text, cipher.SECOND_STEPS).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """A secret that nobody knows where the SECRET_KEY of then is lost, so that no code fits."""
        text = cipher.opened(encrypted_text, cipher.SECOND_STEPS)
        return base64.b32encode(secrets.token_bytes(20)).decode() if text is None else text


def passkey_host() -> str:
    """The name that passkeys are bound to: that of SITE_URL, and on this machine alone the one in the address bar."""
    host = urlsplit(settings.SITE_URL).hostname or ""
    return context.request.get_host().rpartition(":")[0] or host if settings.IS_LOCAL else host


def has_passkeys() -> bool:
    """Whether browsers make passkeys for this address: they want a name, and no number."""
    try:
        ipaddress.ip_address(passkey_host().strip("[]"))
    except ValueError:
        return True
    return False
