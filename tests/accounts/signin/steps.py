"""Second steps of members, and proving who one is, for tests that are about what follows."""

import time

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp

from tests.factories import PASSWORD


def app_of(user):
    """Set up codes of an app and recovery codes; the app's key."""
    key = totp.generate_totp_secret()
    totp.TOTP.activate(user, key)
    RecoveryCodes.activate(user)
    return key


def code_now(key):
    return totp.format_hotp_value(totp.hotp_value(key, int(time.time()) // 30))


def sign_in(client, login, password=PASSWORD, **extra):
    return client.post("/account/login/", {"login": login, "password": password}, **extra)


def prove(client):
    """As if the member had entered the password again just now."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
