"""Signed URLs in letters, which name the letter and cannot be forged (django.core.signing)."""

from datetime import timedelta
from typing import Any

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User
from notifications.letters import preferences
from notifications.models import Letter

_STOP = "notifications.stop"
_THROUGH = "notifications.through"  # part of tokens in letters that were sent, so it stays when modules are renamed
THROUGH_DAYS = 60


def stop_token(letter: Letter, scope: str = "") -> str:
    """Token of the unsubscribe link of a letter. It never expires, and needs no signing in."""
    return signing.dumps([letter.user_id, scope or preferences.scope_of(letter), _address(letter.user)], salt=_STOP)


def read_stop_token(token: str) -> tuple[User, str] | None:
    """Member and scope (preferences.py) of an unsubscribe token; None if it is invalid, or the member has another
    address now."""
    try:
        user_id, scope, address = signing.loads(token, salt=_STOP)
    except signing.BadSignature:
        return None
    user = _user_at(user_id, address)
    return (user, scope) if user and preferences.is_scope(scope) else None


def through_token(letter: Letter, outcome: str) -> str:
    """Token of the link of one answer to "Did you get through?"."""
    return signing.dumps([letter.pk, outcome, _account(letter.user)], salt=_THROUGH)


def read_through_token(token: str) -> tuple[Letter, str] | None:
    """Letter and answer of a token; None if it is invalid or older than THROUGH_DAYS.

    Also when the address or the password has changed since, or all sessions were ended: what ends sessions ends links.
    """
    try:
        letter_id, outcome, account = signing.loads(token, salt=_THROUGH, max_age=timedelta(days=THROUGH_DAYS))
    except signing.BadSignature:
        return None
    letters = Letter.objects.select_related("user", "crossing__country_a", "crossing__country_b")
    letter = letters.filter(pk=letter_id, kind=Letter.Kind.THROUGH, user__is_active=True).first()
    return (letter, outcome) if letter and constant_time_compare(_account(letter.user), account) else None


def _user_at(user_id: int, address: str) -> User | None:
    """The member, if they still have the address that the letter went to."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    return user if user and constant_time_compare(_address(user), address) else None


def _address(user: User) -> Any:
    """A short hash of the address: enough to detect a change, too short to reveal it."""
    return salted_hmac("notifications.address", user.email.lower(), algorithm="sha256").hexdigest()[:16]


def _account(user: User) -> str:
    """A short hash of what sessions depend on: password, address, and when sessions were ended."""
    return salted_hmac("notifications.account", user.get_session_auth_hash(), algorithm="sha256").hexdigest()[:16]
