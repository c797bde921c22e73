"""Secret addresses of private feeds: made, renewed, ended, and whose one is. A token is 256 random bits."""

import hashlib
import secrets

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from forum.feeds import absolute
from notifications.models import PrivateFeed

_ROUTES = {PrivateFeed.Kind.NEWS: "notifications:own-news", PrivateFeed.Kind.DATES: "notifications:own-dates"}
_TOKEN_BYTES = 32


def make_address(user: User, kind: PrivateFeed.Kind) -> str:
    """A new absolute URL, which nobody can be shown again. The former one of this kind no longer works."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    values = {"token_hash": _hash(token), "made_at": timezone.now()}
    PrivateFeed.objects.update_or_create(user=user, kind=kind, defaults=values)
    return absolute(reverse(_ROUTES[kind], args=[token]))


def end_address(user: User, kind: PrivateFeed.Kind) -> None:
    """Idempotent."""
    PrivateFeed.objects.filter(user=user, kind=kind).delete()


def end_all(user: User) -> None:
    """When the password or the e-mail address changes: who knew the account may have taken an address along."""
    PrivateFeed.objects.filter(user=user).delete()


def owner_of(token: str, kind: PrivateFeed.Kind) -> User | None:
    """Whose address it is: None for no one's, an ended one, and one of a member who may not sign in or is suspended."""
    hashed = _hash(token)
    feed = PrivateFeed.objects.select_related("user").filter(token_hash=hashed, kind=kind).first()
    if feed is None:
        return None
    user = feed.user
    ended = user.sessions_ended_at is not None and user.sessions_ended_at >= feed.made_at
    return None if ended or not user.can_write else user


def _hash(token: str) -> str:
    """No slow hash: the token is random, and cannot be guessed from a list."""
    return hashlib.sha256(token.encode()).hexdigest()
