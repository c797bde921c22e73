"""Goals A6 and A12: the link of a letter confirms an address, once, by a button; a new member is signed in by it."""

from datetime import timedelta
from threading import Thread

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.signin import challenges
from accounts.signup import confirmation_links
from tests.accounts.test_signing_up import mailed_path, sign_up
from tests.factories import make_user
from tests.mailbox import sent
from tests.races import wait_until, wait_until_one_is_blocked

pytestmark = pytest.mark.django_db
BLOCKED = "SELECT count(*) FROM pg_locks WHERE NOT granted"
LATER = timedelta(days=1, minutes=1)


@pytest.fixture(autouse=True)
def our_address(settings):
    settings.SITE_URL = "https://borderpost.example"


@pytest.fixture
def link(client):
    sign_up(client)
    return mailed_path(sent()[0])


def is_signed_in(client):
    return client.get("/settings/").status_code == 200


def test_opening_the_link_changes_nothing(client, link):
    page = client.get(link)

    assert "Confirm and sign in" in page.text
    assert not User.objects.get().can_write
    assert not is_signed_in(client)
    assert page["Referrer-Policy"] == "same-origin"


def test_the_button_confirms_and_signs_in_on_any_device(link):
    elsewhere = Client()

    answer = elsewhere.post(link)

    assert answer["Location"] == "/"
    assert is_signed_in(elsewhere)
    assert User.objects.get().can_write


def test_the_link_works_once(link):
    Client().post(link)
    again = Client()

    answer = again.post(link)

    assert answer.status_code == 404
    assert "has been used before" in answer.text
    assert not is_signed_in(again)


def test_the_link_works_for_a_day(client, link, monkeypatch):
    later = timezone.now() + LATER
    monkeypatch.setattr("django.core.signing.time.time", later.timestamp)

    assert client.post(link).status_code == 404
    assert not User.objects.get().can_write


CHANGES = {
    "password": lambda user: user.set_password("changed in between"),
    "address": lambda user: setattr(user, "email", "other@example.org"),
    "sessions": lambda user: setattr(user, "sessions_ended_at", timezone.now()),
    "closed": lambda user: setattr(user, "is_active", False),
}


@pytest.mark.parametrize("change", CHANGES)
def test_after_a_change_of_the_account_the_link_is_dead(client, link, change):
    user = User.objects.get()
    CHANGES[change](user)
    user.save()

    assert client.post(link).status_code == 404
    assert not is_signed_in(client)
    assert User.objects.get().email_confirmed_at is None


def test_who_was_signed_in_before_is_not_signed_in_by_a_link(client, link):
    """As an administrator may have confirmed the address, and the member has a password and a second step."""
    User.objects.update(last_login=timezone.now())

    assert client.post(link)["Location"] == "/account/login/"
    assert not is_signed_in(client)


def test_a_second_step_follows_the_link(client, link):
    Authenticator.objects.create(user=User.objects.get(), type="totp", data={"secret": "x"})

    client.post(link)

    assert not is_signed_in(client)


def test_a_new_address_of_a_member_signs_nobody_in(client):
    member = make_user("kettle")
    address = EmailAddress.objects.create(user=member, email="new@example.org", verified=False, primary=False)

    answer = client.post(f"/account/confirm-email/{confirmation_links.key_of(address)}/")

    assert answer["Location"] == "/account/login/"
    assert not is_signed_in(client)
    member.refresh_from_db()
    assert member.email == "new@example.org"


def test_somebody_else_who_is_signed_in_here_stays_so(link):
    other = Client()
    other.force_login(make_user("kettle"))

    assert "You are signed in as" in other.get(link).text
    other.post(link)

    assert other.get("/settings/").context["user"].username == "kettle"
    assert User.objects.get(username="kopek").can_write


def test_a_passkey_prompt_that_was_cancelled_shortens_no_session(link):
    device = Client()
    device.post("/account/passkeys/sign-in/")
    assert device.session.get_expiry_age() <= challenges.LIFE

    device.post(link)

    assert is_signed_in(device)
    assert device.session.get_expiry_age() > challenges.LIFE


def test_an_address_that_another_confirmed_meanwhile_is_refused(client, link):
    other = make_user("kettle")
    EmailAddress.objects.create(user=other, email="kopek@example.org", verified=True, primary=False)

    answer = client.post(link)

    assert answer.status_code == 404
    assert not is_signed_in(client)


@pytest.mark.parametrize("key", ["x", "WzEsMl0:1:2", "a" * 3000, "%00", "WyJhIl0:1vPkzz:AAAA"])
def test_an_invented_link_is_answered_in_words(client, key):
    assert client.get(f"/account/confirm-email/{key}/").status_code in {200, 400, 404}
    assert client.post(f"/account/confirm-email/{key}/").status_code in {400, 404}


def test_a_link_that_was_tampered_with_is_dead(client, link):
    assert client.post(f"{link[:-2]}A/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_confirmations_at_once_sign_in_one(monkeypatch):
    good = count_good(monkeypatch)

    assert press_twice() == [302, 404]
    assert good == [True, False]


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_both_would_find_the_link_good(monkeypatch):
    """Proof that the test above could fail: here nothing is locked. What both do after that, each as if alone, may
    end in either order."""
    good = count_good(monkeypatch)
    unlocked = EmailAddress.objects.all()
    monkeypatch.setattr(type(EmailAddress.objects), "select_for_update", lambda self, **kw: unlocked.all())

    press_twice()

    assert good == [True, True]


def count_good(monkeypatch):
    """Whether each press found the link good, in the order in which they looked."""
    good, look = [], confirmation_links.address_of

    def look_and_count(key, *among):
        found = look(key, *among)
        good.append(found is not None)
        return found

    monkeypatch.setattr(confirmation_links, "address_of", look_and_count)
    return good


def press_twice():
    """The codes of two presses, of which both have found the link good, if nothing keeps the second from it."""
    sign_up(Client())
    link, codes = mailed_path(sent()[0]), []

    def press():
        try:
            codes.append(Client().post(link).status_code)
        finally:
            connection.close()

    first, second = Thread(target=press), Thread(target=press)
    with transaction.atomic():
        list(EmailAddress.objects.raw("SELECT * FROM account_emailaddress FOR UPDATE"))
        first.start()
        wait_until_one_is_blocked()
        second.start()
        wait_until_two_are_blocked()
    first.join()
    second.join()
    return sorted(codes)


def wait_until_two_are_blocked():
    def are_blocked():
        with connection.cursor() as cursor:
            cursor.execute(BLOCKED)
            return cursor.fetchone()[0] >= 2

    wait_until(are_blocked)
