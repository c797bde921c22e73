"""Connecting an account of another site with one's own, and taking it off again."""

import json
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.utils import timezone

from accounts.models import FormerAddress
from accounts.signup import former_addresses
from accounts.social import connected
from tests.accounts.signin.steps import prove
from tests.accounts.social.steps import go_through, is_signed_in
from tests.factories import PASSWORD, make_user
from tests.mailbox import sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(client, other_site):
    user = make_user("kettle")
    client.force_login(user)
    return user


def connect(client, other_site):
    return go_through(client, other_site, process="connect")


def test_a_member_connects_it_signs_in_with_it_and_disconnects_it(client, member, other_site, caplog):
    prove(client)
    with caplog.at_level("INFO", logger="borderpost.security"):
        assert connect(client, other_site)["Location"] == "/account/social/"
        assert "Connected" in client.get("/settings/signing-in/").text
        browser = Client()
        go_through(browser, other_site)
        assert is_signed_in(browser)

        account = SocialAccount.objects.get()
        for _ in range(2):
            client.post(f"/account/social/disconnect/{account.pk}/")

    assert not SocialAccount.objects.exists()
    assert "Not connected" in client.get("/settings/signing-in/").text
    assert sorted(letter.subject for letter in sent() if "another site" in letter.subject) == [
        "An account of another site now opens yours at Borderpost",
        "An account of another site was disconnected at Borderpost",
    ]
    events = [json.loads(record.message)["event"] for record in caplog.records if "social-" in record.message]
    assert events == ["social-account-connected", "social-account-removed"]
    other = Client()
    assert go_through(other, other_site)["Location"] == "/account/social/sign-up/"


def test_both_want_a_proof_of_who_it_is_first(client, member, other_site):
    assert connect(client, other_site)["Location"].startswith("/account/reauthenticate/")
    assert not SocialAccount.objects.exists()
    account = SocialAccount.objects.create(user=member, provider="club", uid="p-1")

    assert client.post(f"/account/social/disconnect/{account.pk}/")["Location"].startswith("/account/reauthenticate/")
    assert SocialAccount.objects.exists()


def test_the_password_goes_on_with_connecting(client, member, other_site):
    connect(client, other_site)
    client.post("/account/reauthenticate/", {"password": PASSWORD})

    assert SocialAccount.objects.get().user == member


def test_an_account_of_another_member_is_not_taken_from_them(client, member, other_site):
    owner = make_user("owner")
    SocialAccount.objects.create(user=owner, provider="club", uid="p-1")
    prove(client)

    connect(client, other_site)

    assert SocialAccount.objects.get().user == owner
    assert "belongs to another member already" in client.get("/settings/signing-in/").text


def test_nobody_disconnects_that_of_another_member(client, member, other_site):
    account = SocialAccount.objects.create(user=make_user(), provider="club", uid="p-2")
    prove(client)

    client.post(f"/account/social/disconnect/{account.pk}/")

    assert SocialAccount.objects.exists()
    assert client.get(f"/account/social/disconnect/{account.pk}/").status_code == 405


def test_the_last_way_in_stays(client, member, other_site):
    account = SocialAccount.objects.create(user=member, provider="club", uid="p-1")
    prove(client)
    member.set_unusable_password()
    member.save()
    with pytest.raises(connected.LastWayIn):
        connected.disconnect(member, account.pk)

    Authenticator.objects.create(user=member, type="totp", data={"secret": "x"})
    with pytest.raises(connected.LastWayIn):
        connected.disconnect(member, account.pk)
    Authenticator.objects.create(user=member, type="webauthn", data={})

    assert connected.disconnect(member, account.pk) is not None


def test_who_has_no_password_sets_one_by_letter_before_anything_else(client, other_site):
    user = make_user("kettle")
    SocialAccount.objects.create(user=user, provider="club", uid="p-1")
    user.set_unusable_password()
    user.save()
    go_through(client, other_site)

    answer = client.post("/settings/signing-in/end-others/", follow=True)
    assert answer.request["PATH_INFO"] == "/account/password/by-letter/"
    assert "Send me the letter" in answer.text
    assert client.get("/account/password/set/", follow=True).request["PATH_INFO"] == "/account/password/by-letter/"
    client.post("/account/password/by-letter/")

    assert "/account/password/reset/key/" in sent()[-1].body


def test_letters_for_a_password_are_limited(client, other_site, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"mail_account": "1/1h"}
    user = make_user()
    user.set_unusable_password()
    user.save()
    client.force_login(user)

    assert [client.post("/account/password/by-letter/").status_code for _ in range(2)] == [302, 429]


def test_who_has_a_password_changes_it_as_ever(client, member):
    assert client.get("/account/password/by-letter/")["Location"] == "/account/password/change/"


def test_an_address_taken_back_takes_off_what_a_thief_connected(member):
    old = SocialAccount.objects.create(user=member, provider="club", uid="p-1")
    SocialAccount.objects.filter(pk=old.pk).update(date_joined=timezone.now() - timedelta(days=30))
    SocialAccount.objects.create(user=member, provider="club", uid="p-of-a-thief")
    former = FormerAddress.objects.create(user=member, email="kettle@example.org")

    former_addresses.take_back(former)

    assert [account.uid for account in SocialAccount.objects.all()] == ["p-1"]
