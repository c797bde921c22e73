"""Links that confirm an e-mail address: signed with the time, and dead after a change of password or address.

The signature also holds the state of the account, so that a link that somebody asked for before the password was
changed, the address was changed or all sessions were ended leads nowhere. It works once: the address is confirmed then.
"""

from datetime import timedelta

from allauth.account import app_settings
from allauth.account.models import EmailAddress
from django.core import signing
from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare

from accounts.models import User

SALT = "accounts.confirm-address"  # part of links in letters, so it stays when modules are renamed


def key_of(address: EmailAddress) -> str:
    return signing.dumps([address.pk, address.user.get_session_auth_hash()[:32]], salt=SALT)


def address_of(key: str, among: QuerySet[EmailAddress] | None = None) -> EmailAddress | None:
    """The address that a link confirms; None if it was used, is too old or was never ours."""
    life = timedelta(days=app_settings.EMAIL_CONFIRMATION_EXPIRE_DAYS)
    try:
        pk, state = signing.loads(key, salt=SALT, max_age=life)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    rows = EmailAddress.objects.all() if among is None else among
    address = rows.filter(pk=pk, verified=False).select_related("user").first()
    return address if address and _is_state_of(state, address.user) else None


def _is_state_of(state: str, user: User) -> bool:
    """By the present secret key, or one of the former ones."""
    known = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return user.is_active and any(constant_time_compare(state, found[:32]) for found in known)
