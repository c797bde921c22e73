"""Signed addresses in letters: they say for whom they are, and nobody can write another one."""

from datetime import timedelta
from typing import Any

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User
from notifications.models import Letter

_STOP = "notifications.stop"
_THROUGH = "notifications.through"  # stands in letters that were sent: it outlives the names of modules
THROUGH_DAYS = 60


def stop_token(letter: Letter) -> str:
    """For the page that ends letters of this kind. It never expires: nobody should have to sign in for that."""
    return signing.dumps([letter.user_id, letter.kind, _address(letter.user)], salt=_STOP)


def read_stop_token(token: str) -> tuple[User, Letter.Kind] | None:
    """Whose letters of which kind it is about, unless it is no token of ours, or went to another address."""
    try:
        user_id, kind, address = signing.loads(token, salt=_STOP)
    except signing.BadSignature:
        return None
    user = _user_at(user_id, address)
    return (user, Letter.Kind(kind)) if user else None


def through_token(letter: Letter, outcome: str) -> str:
    """For the page on which one answer to "Did you get through?" is given."""
    return signing.dumps([letter.pk, outcome, _address(letter.user)], salt=_THROUGH)


def read_through_token(token: str) -> tuple[Letter, str] | None:
    """Which letter it answers and how, unless it is no token of ours, too old, or went to another address."""
    try:
        letter_id, outcome, address = signing.loads(token, salt=_THROUGH, max_age=timedelta(days=THROUGH_DAYS))
    except signing.BadSignature:
        return None
    letters = Letter.objects.select_related("user", "crossing__country_a", "crossing__country_b")
    letter = letters.filter(pk=letter_id, kind=Letter.Kind.THROUGH, user__is_active=True).first()
    return (letter, outcome) if letter and constant_time_compare(_address(letter.user), address) else None


def _user_at(user_id: int, address: str) -> User | None:
    """The member, as long as they have the address that the letter went to."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    return user if user and constant_time_compare(_address(user), address) else None


def _address(user: User) -> Any:
    """So much of the address that another one differs, and not so much that it tells it."""
    return salted_hmac("notifications.address", user.email.lower(), algorithm="sha256").hexdigest()[:16]
