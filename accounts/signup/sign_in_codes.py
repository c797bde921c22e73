"""Codes by letter in place of a password (SIGN_IN_BY_CODE).

The session of the browser that asked holds its code, too, sealed, where allauth compares it. Codes count only while
their row here stands, and while the account is in the state in which they were asked for.
"""

from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts import cipher
from accounts.models import SignInCode, User

# One statement, the same for an address that has no account: then it writes no row.
_KEEP = """
    INSERT INTO accounts_signincode (user_id, sealed, made_at)
    SELECT id, %(sealed)s, %(now)s FROM accounts_user WHERE id = %(user)s
    ON CONFLICT (user_id) DO UPDATE SET sealed = excluded.sealed, made_at = excluded.made_at
"""


def keep(user: User | None, code: str) -> None:
    """The code of the letter that is asked for now, in place of one before; the same work for None."""
    sealed = _sealed(f"{_state_of(user or User())} {code}")
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, {"user": user.pk if user else None, "sealed": sealed, "now": timezone.now()})


def for_session(code: str) -> str:
    """A code as it stands in a session: who reads the database cannot read it there either."""
    return _sealed(code).decode()


def from_session(sealed: str) -> str:
    """The code of a session; "" if it has none that can be read."""
    return _opened(sealed)


def code_for(user: User) -> str:
    """The code that still works; "" if there is none: it is too old or was used, or password or address were changed
    or sessions ended since."""
    found = SignInCode.objects.filter(user=user, made_at__gt=timezone.now() - _life()).first()
    state, _, code = (_opened(found.sealed) if found else "").partition(" ")
    return code if constant_time_compare(state, _state_of(user)) else ""


@transaction.atomic
def use(user: User, code: str) -> bool:
    """Take a code, once; whether it still worked."""
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)  # so that of two at once one gets in
    kept = code_for(user)
    if not kept or not constant_time_compare(kept, code):
        return False
    return bool(SignInCode.objects.filter(user=user).delete()[0])


def forget_old() -> int:
    """Delete codes that work no more; returns how many. Called nightly (config/worker/nightly.py)."""
    return SignInCode.objects.filter(made_at__lte=timezone.now() - _life()).delete()[0]


def _sealed(text: str) -> bytes:
    return cipher.seal(text, cipher.SIGN_IN_CODES)


def _opened(sealed: bytes | memoryview | str) -> str:
    return cipher.opened(sealed, cipher.SIGN_IN_CODES) or ""


def _life() -> timedelta:
    return timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)


def _state_of(user: User) -> str:
    """What sessions hang on, so that codes end with them."""
    return user.get_session_auth_hash()
