"""What is stored encrypted: each purpose by keys of its own, read again after SECRET_KEY was changed."""

import base64
import hashlib

import pytest
from cryptography.fernet import Fernet

from accounts import cipher
from accounts.signin.second_step_adapter import SecondStepAdapter

PURPOSES = [cipher.KEPT_TEXTS, cipher.SECOND_STEPS, cipher.SIGN_IN_CODES]


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_changed_secret_key_still_opens_it(settings, purpose):
    sealed = cipher.seal("by bicycle", purpose)

    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another one " * 5
    assert cipher.opened(sealed, purpose) == "by bicycle"
    settings.SECRET_KEY_FALLBACKS = []
    assert cipher.opened(sealed, purpose) is None


def test_what_is_for_one_purpose_opens_for_no_other():
    sealed = cipher.seal("by bicycle", cipher.SECOND_STEPS)

    assert cipher.opened(sealed, cipher.KEPT_TEXTS) is None
    assert cipher.opened(sealed, cipher.SIGN_IN_CODES) is None


@pytest.mark.parametrize("odd", ["", b"", "nonsense", "käse", memoryview(b"\xff\x00")])
def test_what_is_not_ours_is_not_opened(odd):
    assert cipher.opened(odd, cipher.KEPT_TEXTS) is None


def test_the_key_of_an_app_that_was_stored_before_is_still_read(settings):
    former = base64.urlsafe_b64encode(hashlib.sha256(f"second step {settings.SECRET_KEY}".encode()).digest())
    stored = Fernet(former).encrypt(b"JBSWY3DP").decode()

    assert SecondStepAdapter().decrypt(stored) == "JBSWY3DP"
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another one " * 5
    assert SecondStepAdapter().decrypt(stored) == "JBSWY3DP"


def test_texts_and_codes_that_were_stored_before_are_still_read(settings):
    key = hashlib.sha512(settings.SECRET_KEY.encode()).digest()
    former = hashlib.blake2b(b"accounts.kept_texts", key=key, digest_size=32).digest()
    stored = Fernet(base64.urlsafe_b64encode(former)).encrypt(b"by bicycle")

    assert cipher.opened(stored, cipher.KEPT_TEXTS) == "by bicycle"
    assert cipher.opened(stored, cipher.SIGN_IN_CODES) == "by bicycle"


def test_a_key_that_is_lost_fits_no_code():
    lost = SecondStepAdapter().decrypt("nonsense")

    assert len(base64.b32decode(lost)) == 20
    assert lost != SecondStepAdapter().decrypt("nonsense")
