"""Encryption of rows by SECRET_KEY, and after a change of it by SECRET_KEY_FALLBACKS."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

_PURPOSE = b"accounts.kept_texts"


def seal(text: str) -> bytes:
    return _fernet().encrypt(text.encode())


def opened(sealed: bytes | memoryview) -> str | None:
    """The text; None if it was sealed with a key that is no longer known, or is not ours."""
    try:
        return _fernet().decrypt(bytes(sealed)).decode()
    except InvalidToken:
        return None


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(_key_from(secret)) for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]])


def _key_from(secret: str | bytes) -> bytes:
    """SECRET_KEY is long and random, so one round of a keyed hash is enough to make a key of its own of it."""
    raw = secret if isinstance(secret, bytes) else secret.encode()
    return base64.urlsafe_b64encode(
        hashlib.blake2b(_PURPOSE, key=hashlib.sha512(raw).digest(), digest_size=32).digest()
    )
