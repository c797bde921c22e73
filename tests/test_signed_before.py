"""What an older release signed and gave away is still read: links in letters, forms that are open."""

import pytest
from django.core import signing
from django.utils import timezone

from accounts.signup import honeypot
from crossings.status.update import today
from notifications.letters import signed_addresses
from notifications.models import Letter
from tests.crossings.factories import make_crossing
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter():
    about = {"crossing": make_crossing(), "travel_on": today(), "direction": "a-b"}
    return Letter.objects.create(user=make_user(), kind="through", key="through", made_at=timezone.now(), **about)


def test_the_link_of_a_letter_sent_before_links_died_with_the_password_is_over(client, letter):
    token = signing.dumps([letter.pk, "crossed", signed_addresses._address(letter.user)], salt="notifications.through")

    assert signed_addresses.read_through_token(token) is None
    assert client.get(f"/through/{token}/").status_code == 404


def test_a_link_that_was_signed_for_something_else_is_not(letter):
    token = signing.dumps([letter.pk, "crossed", signed_addresses._address(letter.user)], salt="notifications.stop")

    assert signed_addresses.read_through_token(token) is None


def test_a_form_that_was_opened_before_can_be_sent():
    began = signing.dumps(timezone.now().timestamp() - 60, salt="accounts.traps")

    assert honeypot.stamp_of({"began": began}) == began
    assert honeypot.problem_with({"began": began}) is None
