"""Encryption of secrets and texts in the database (Fernet) by SECRET_KEY, and after a change of it by
SECRET_KEY_FALLBACKS. Each purpose has keys of its own."""

import base64
import hashlib
from collections.abc import Callable

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes

KEPT_TEXTS = "accounts.kept_texts"
SECOND_STEPS = "accounts.second_steps"
SIGN_IN_CODES = "accounts.sign_in_codes"


def seal(text: str, purpose: str) -> bytes:
    return _fernet(purpose).encrypt(text.encode())


def opened(sealed: bytes | memoryview | str, purpose: str) -> str | None:
    """The text; None if it was sealed with a key that is no longer known or for another purpose, or is not ours."""
    try:
        return _fernet(purpose).decrypt(force_bytes(sealed)).decode()
    except InvalidToken:
        return None


def _fernet(purpose: str) -> MultiFernet:
    """The first key encrypts, all of them decrypt."""
    secrets = [force_bytes(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    keys = [_key_of(secret, purpose) for secret in secrets]
    if former := _FORMER_KEYS.get(purpose):
        keys += [former(secret) for secret in secrets]
    return MultiFernet([Fernet(key) for key in keys])


def _key_of(secret: bytes, purpose: str) -> bytes:
    """SECRET_KEY is long and random, so one round of a keyed hash is enough to make a key of its own of it."""
    key = hashlib.sha512(secret).digest()
    return base64.urlsafe_b64encode(hashlib.blake2b(purpose.encode(), key=key, digest_size=32).digest())


def _former_key_of_second_steps(secret: bytes) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"second step " + secret).digest())


# By which rows were encrypted before purposes had keys of one kind: they are still read. Second steps stand for years.
_FORMER_KEYS: dict[str, Callable[[bytes], bytes]] = {
    SECOND_STEPS: _former_key_of_second_steps,
    SIGN_IN_CODES: lambda secret: _key_of(secret, KEPT_TEXTS),
}
