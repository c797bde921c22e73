"""The benchmark of known and unknown addresses, made small: every form answers as the forum does."""

import pytest

from bench import known_addresses

pytestmark = pytest.mark.django_db


def test_every_form_is_asked_for_known_and_for_unknown_addresses():
    found = known_addresses.measure(samples=1)

    assert [name for name, *_ in found] == [*known_addresses.FORMS]
