"""The account that a login means, and the key by which tries to get into it are counted."""

import hashlib

from allauth.account.models import EmailAddress
from django.db.models.functions import Lower

from accounts.models import User
from accounts.text import names


def account_of(login: str) -> User | None:
    """The account of a username, in any spelling that looks the same, or of an e-mail address.

    No username contains an @, so usernames and addresses cannot be confused.
    """
    if "@" in login:
        return _member_at(login.strip().lower())
    return User.objects.filter(username_skeleton=names.skeleton(login)).first()


def key_of(login: str) -> str:
    """The same for every spelling of a login, whether or not there is such an account."""
    if account := account_of(login):
        return f"account {account.pk}"
    told = login.strip().lower() if "@" in login else names.skeleton(login)
    return f"login {hashlib.sha256(told.encode()).hexdigest()[:40]}"


def _member_at(address: str) -> User | None:
    """The user who confirmed the address, else who entered it. Always two queries, so that the time reveals nothing."""
    given = list(EmailAddress.objects.filter(email=address).select_related("user").order_by("-verified", "pk"))
    owner = User.objects.alias(address=Lower("email")).filter(address=address).first()
    if owner is None or (given and given[0].verified):
        return next((email.user for email in given), None)
    return owner
