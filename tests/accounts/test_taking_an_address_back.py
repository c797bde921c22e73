"""Goals A4, A6 and A12: who lost an account to somebody who changed its address gets it back by the letter there."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.models import FormerAddress, MemberSession, User
from accounts.signup import former_addresses
from config.worker import nightly
from tests.accounts.test_signing_up import sign_up
from tests.factories import PASSWORD, make_user
from tests.forum.test_at_once import at_once
from tests.mailbox import sent

pytestmark = pytest.mark.django_db
SITE = "https://borderpost.example"


@pytest.fixture(autouse=True)
def our_address(settings):
    settings.SITE_URL = SITE


@pytest.fixture
def member():
    return make_user("kettle", email="old@example.org")


def link_in(letter):
    return re.search(rf"{SITE}(/\S+)", letter.body)[1]


def letter_to(address, with_words=""):
    return [letter for letter in sent() if letter.to == [address] and with_words in letter.subject][-1]


def sign_in(client, password=PASSWORD):
    return client.post("/account/login/", {"login": "kettle", "password": password})


def is_signed_in(client):
    return client.get("/settings/").status_code == 200


def change_address(client, new="thief@example.org"):
    """By somebody who knows the password; the address is confirmed at the new one."""
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    client.post("/account/email/", {"email": new, "action_add": "1"})
    client.post(link_in(letter_to(new)))


@pytest.fixture
def thief(member):
    client = Client()
    sign_in(client)
    change_address(client)
    return client


@pytest.fixture
def link(thief):
    return link_in(letter_to("old@example.org", "changed"))


def test_the_link_gives_the_address_back_and_a_new_password_by_letter(client, member, thief, link):
    new = "by night bus to kashgar"
    thief.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    page = client.get(link)
    assert "Take it back" in page.text
    member.refresh_from_db()
    assert member.email == "thief@example.org"

    answer = client.post(link)

    member.refresh_from_db()
    assert answer.status_code == 200
    assert member.email == "old@example.org"
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [("old@example.org", True, True)]
    assert not is_signed_in(thief)
    for password in (PASSWORD, new):
        sign_in(client, password)
        assert not is_signed_in(client)

    form = client.get(link_in(letter_to("old@example.org", "new password")), follow=True)
    mine = "a fourth sentence of mine"
    client.post(form.redirect_chain[-1][0], {"password1": mine, "password2": mine})
    sign_in(client, mine)
    assert is_signed_in(client)


def test_a_second_step_that_the_thief_added_goes_and_one_of_before_stays(link, client, member):
    own = Authenticator.objects.create(user=member, type="totp", data={"secret": "x"})
    Authenticator.objects.filter(pk=own.pk).update(created_at=timezone.now() - timedelta(days=30))
    Authenticator.objects.create(user=member, type="recovery_codes", data={"seed": "x", "used_mask": 0})

    client.post(link)

    assert list(Authenticator.objects.all()) == [own]


def test_a_second_step_that_the_thief_added_before_the_change_goes_too(link, client, member):
    before = Authenticator.objects.create(user=member, type="webauthn", data={})
    Authenticator.objects.filter(pk=before.pk).update(created_at=timezone.now() - timedelta(days=6))

    client.post(link)

    assert not Authenticator.objects.exists()


def test_the_sessions_of_before_leave_no_row(link, client, member, thief):
    thief.get("/settings/")
    key = thief.session.session_key
    assert MemberSession.objects.filter(user=member, session=key).exists()

    client.post(link)

    assert not MemberSession.objects.filter(user=member).exists()
    assert not Session.objects.filter(pk=key).exists()


def test_it_works_in_a_browser_that_is_signed_in(link, client, member, thief):
    assert thief.post(link).status_code == 200
    assert not is_signed_in(thief)


def test_the_thief_is_told_without_any_link(link, client):
    client.post(link)

    letter = letter_to("thief@example.org", "taken back")
    assert "http" not in letter.body
    assert "kettle" not in letter.body


def test_a_letter_tells_the_former_address_and_not_the_new_one(link):
    letter = letter_to("old@example.org", "changed")

    assert "thief" not in letter.body
    assert set(re.findall(r"https?://[^/\s]+", letter.body)) == {SITE}


def test_it_works_once(link, client, member):
    client.post(link)
    User.objects.update(email="another@example.org")

    assert client.post(link).status_code == 404
    assert "leads nowhere" in client.get(link).text
    member.refresh_from_db()
    assert member.email == "another@example.org"


def test_it_works_for_a_week(link, client, member):
    FormerAddress.objects.update(replaced_at=timezone.now() - timedelta(days=7, minutes=1))

    assert client.post(link).status_code == 404
    member.refresh_from_db()
    assert member.email == "thief@example.org"
    assert former_addresses.forget_old in nightly.CHORES
    assert [former_addresses.forget_old(), former_addresses.forget_old()] == [1, 0]


def test_changing_it_again_keeps_no_thief_in(link, client, member, thief):
    change_address(thief, "second@example.org")
    second = link_in(letter_to("thief@example.org", "changed"))

    client.post(link)

    member.refresh_from_db()
    assert member.email == "old@example.org"
    assert client.post(second).status_code == 404
    member.refresh_from_db()
    assert member.email == "old@example.org"


def test_all_links_of_before_are_dead_afterwards(link, client, member, thief):
    thief.post("/account/email/", {"email": "third@example.org", "action_add": "1"})
    confirmation = link_in(letter_to("third@example.org"))
    Client().post("/account/password/reset/", {"email": "thief@example.org"})
    reset = link_in(letter_to("thief@example.org", "new password"))

    client.post(link)

    assert Client().post(confirmation).status_code == 404
    assert "has been used before" in Client().get(reset, follow=True).text
    member.refresh_from_db()
    assert member.email == "old@example.org"


def test_an_address_that_another_account_has_by_now_is_not_taken_from_it(link, client, member):
    make_user("other", email="old@example.org")

    answer = client.post(link)

    assert answer.status_code == 409
    member.refresh_from_db()
    assert member.email == "thief@example.org"
    assert member.has_usable_password()


def test_an_account_that_the_thief_made_with_the_address_and_cannot_confirm_keeps_nobody_out(link, client, member):
    sign_up(Client(), username="claimer", email="old@example.org")
    assert User.objects.filter(email="old@example.org").exists()

    answer = client.post(link)

    assert answer.status_code == 200
    member.refresh_from_db()
    assert member.email == "old@example.org"
    assert not User.objects.filter(username="claimer").exists()


def test_an_account_that_somebody_has_used_is_not_taken_for_such_a_claim(link, client, member):
    """An administrator may have taken the confirmation back."""
    make_user("other", email="old@example.org", email_confirmed_at=None, last_login=timezone.now())

    assert client.post(link).status_code == 409
    assert User.objects.filter(username="other").exists()


def test_the_address_of_a_closed_account_is_not_taken_back(link, client, member):
    User.objects.update(is_active=False)

    assert client.post(link).status_code == 404


@pytest.mark.parametrize("key", ["x", "MQ:1vPkzz:AAAA", "1" * 4000, "Im9uZSI:1:2"])
def test_an_invented_link_tells_nothing(client, key):
    pages = {client.get(f"/account/take-back/{key}/").text, client.get("/account/take-back/another/").text}

    assert len({page.replace(key, "another") for page in pages}) == 1
    assert client.post(f"/account/take-back/{key}/").status_code == 404


def test_an_address_that_was_never_confirmed_is_not_kept(client):
    user = make_user("kopek", email_confirmed_at=None)
    address = EmailAddress.objects.create(user=user, email=user.email, primary=True)

    address.set_verified(commit=True)

    assert not FormerAddress.objects.exists()


def test_a_change_tells_nobody_who_else_has_an_account(client, member):
    """The same answer for an address that is free and for one that has an account."""
    make_user("other", email="other@example.org")
    sign_in(client)
    client.post("/account/reauthenticate/", {"password": PASSWORD})

    answers = [
        client.post("/account/email/", {"email": email, "action_add": "1"})
        for email in ("other@example.org", "free@example.org")
    ]

    assert {(answer.status_code, answer.get("Location")) for answer in answers} == {(302, "/account/email/")}


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_take_it_back_once():
    user = make_user("kettle")
    FormerAddress.objects.create(user=user, email="old@example.org")
    former, done = FormerAddress.objects.select_related("user").get(), []

    failures = at_once(*[lambda: done.append(former_addresses.take_back(former))] * 2)

    assert failures == []
    assert sorted(result is None for result in done) == [False, True]
    assert EmailAddress.objects.filter(user=user).count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_both_would_do_it(monkeypatch):
    """Proof that the test above could fail."""
    monkeypatch.setattr(type(User.objects.all()), "select_for_update", lambda rows, **kw: rows)
    results = []

    for number in range(20):
        user = make_user(f"rider_{number}xx")
        former = FormerAddress.objects.create(user=user, email=f"old{number}@example.org")
        done = []
        failures = at_once(*[lambda former=former, done=done: done.append(former_addresses.take_back(former))] * 2)
        results.append(bool(failures) or None not in done)

    assert any(results)
