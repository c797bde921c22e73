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


def owner_of(address: str) -> User | None:
    """The active user to whose address letters go that let somebody in: that of the account itself, and none that
    waits to be confirmed. Always two queries, so that the time reveals nothing."""
    member = _member_at(address.strip().lower())
    return member if member and member.is_active and member.email.lower() == address.strip().lower() else None


def key_of(login: str) -> str:
    """The same for every spelling of a login, whether or not there is such an account."""
    if account := account_of(login):
        return f"account {account.pk}"
    told = login.strip().lower() if "@" in login else names.skeleton(login)
    return f"login {hashlib.sha256(told.encode()).hexdigest()[:40]}"


def _member_at(address: str) -> User | None:
    """The user who confirmed the address, else whose account was made with it. An address that a member has entered
    for a change and not confirmed is nobody's. Always two queries, so that the time reveals nothing."""
    confirmed = EmailAddress.objects.filter(email=address, verified=True).select_related("user").first()
    owner = User.objects.alias(address=Lower("email")).filter(address=address).first()
    return confirmed.user if confirmed else owner
