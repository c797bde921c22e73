"""A new account for somebody whom another site names: all rules of sign-up hold."""

import re
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.sessions.models import Session
from django.core import signing
from django.test import Client
from django.utils import timezone

from accounts.models import Invitation, SignUpQuestion, User
from accounts.signup import honeypot, invitations
from tests.accounts.social.steps import begin, fill_in, go_through, is_signed_in
from tests.factories import make_user
from tests.mailbox import sent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def took_their_time(settings):
    settings.SIGN_UP_SECONDS = 0


def test_a_name_is_chosen_and_the_address_confirmed_by_our_letter(client, other_site):
    answer = go_through(client, other_site)

    assert answer["Location"] == "/account/social/sign-up/"
    page = client.get("/account/social/sign-up/").text
    assert 'value="kettle@elsewhere.example"' in page
    assert "password" not in re.search(r"<form class=\"stack.*?</form>", page, re.DOTALL)[0]
    assert fill_in(client)["Location"] == "/account/confirm-email/"

    user = User.objects.get(username="far_rider")
    assert (user.has_usable_password(), user.email_confirmed_at) == (False, None)
    assert SocialAccount.objects.get().user == user
    assert not is_signed_in(client)
    assert [letter.to for letter in sent()] == [["kettle@elsewhere.example"]]

    assert go_through(Client(), other_site)["Location"] == "/account/confirm-email/"


def test_the_link_of_the_letter_signs_in_and_later_the_other_site_does(client, other_site):
    go_through(client, other_site)
    fill_in(client)
    link = re.search(r"https?://[^/]+(/account/confirm-email/\S+)", sent()[0].body)[1]
    client.post(link)
    assert is_signed_in(client)

    later = Client()
    go_through(later, other_site)

    assert is_signed_in(later)


def test_nothing_of_the_other_site_is_kept_but_the_number(client, other_site):
    other_site.person |= {"name": "Real Name", "preferred_username": "realname", "picture": "https://x.example/me.jpg"}
    go_through(client, other_site)

    kept = str(dict(client.session.items()))
    assert "t0ken" not in kept
    assert "Real Name" not in kept
    assert "realname" not in client.get("/account/social/sign-up/").text
    fill_in(client)
    account = SocialAccount.objects.get()
    assert (account.provider, account.uid, account.extra_data) == ("club", "p-1", {})
    assert not SocialToken.objects.exists()
    assert all("t0ken" not in str(session.get_decoded()) for session in Session.objects.all())


def test_an_address_that_has_an_account_is_never_linked_and_not_told(client, other_site):
    member = make_user("kettle", email="kettle@elsewhere.example")
    EmailAddress.objects.get_or_create(user=member, email=member.email, verified=True, primary=True)
    other_site.ways["claims"] = {"email": "kettle@elsewhere.example", "email_verified": True}
    answers = []
    for person, email in (("p-1", "kettle@elsewhere.example"), ("p-2", "nobody@elsewhere.example")):
        other_site.person["sub"] = person
        browser = Client()
        first = go_through(browser, other_site)
        second = fill_in(browser, email=email, username=f"rider_{person[-1]}x")
        answers.append((first.status_code, first["Location"], second.status_code, second["Location"]))

    assert answers[0] == answers[1]
    assert not SocialAccount.objects.filter(user=member).exists()
    assert {letter.to[0] for letter in sent()} == {"kettle@elsewhere.example", "nobody@elsewhere.example"}
    assert not is_signed_in(client)


def test_where_sign_up_is_closed_there_is_none_by_another_site(client, other_site, settings):
    settings.SIGNUP = "closed"

    page = go_through(client, other_site).text

    assert "New accounts" in page or "cannot be made" in page
    assert "socialaccount_sociallogin" not in client.session
    assert client.get("/account/social/sign-up/")["Location"] == "/account/login/"


def test_an_invitation_goes_along_to_the_other_site_and_back(client, other_site, settings):
    settings.SIGNUP = "invitation"
    admin = make_user(is_staff=True)
    stranger = Client()
    assert go_through(stranger, other_site).status_code == 200
    assert "socialaccount_sociallogin" not in stranger.session
    client.force_login(admin)
    client.post("/invitations/", {"note": "A rider", "most_uses": "1"})
    key = invitations.key_of(Invitation.objects.get())
    client.logout()
    assert f'name="invitation" value="{key}"' in client.get(f"/account/signup/?invitation={key}").text

    assert go_through(client, other_site, invitation=key)["Location"] == "/account/social/sign-up/"
    fill_in(client, invitation=key)

    assert User.objects.filter(username="far_rider").exists()
    other_site.person["sub"] = "p-2"
    again = Client()
    go_through(again, other_site, invitation=key)
    assert "socialaccount_sociallogin" not in again.session


def test_the_entry_question_the_trap_and_names_hold(client, other_site):
    SignUpQuestion.objects.create(pk=1, question="Which pass?", answers=["torugart"], changed_at=timezone.now())
    make_user("taken_name")
    go_through(client, other_site)

    for fields in ({"username": "taken_name"}, {"username": "admin"}, {"website": "x"}, {"email": "nobody"}):
        assert fill_in(client, **{"answer": "Torugart"} | fields).status_code == 200
    assert fill_in(client, answer="Irkeshtam").status_code == 200
    assert not SocialAccount.objects.exists()
    assert fill_in(client, answer="Torugart").status_code == 302
    assert SocialAccount.objects.exists()


def test_without_coming_from_there_there_is_no_such_form(client, other_site):
    assert client.get("/account/social/sign-up/")["Location"] == "/account/login/"


def test_one_account_over_there_makes_one_here(client, other_site):
    tabs = [Client(), Client()]
    for tab in tabs:
        go_through(tab, other_site)

    fill_in(tabs[0])
    answer = fill_in(tabs[1], username="far_rider_2", email="other@elsewhere.example")

    assert answer["Location"] == "/account/social/failed/"
    assert SocialAccount.objects.count() == 1


def test_sign_ups_are_limited(client, other_site, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"sign_up": "1/1h"}
    codes = []
    for number in range(2):
        other_site.person["sub"] = f"p-{number}"
        browser = Client()
        go_through(browser, other_site)
        codes.append(fill_in(browser, username=f"rider_{number}x", email=f"r{number}@elsewhere.example").status_code)

    assert codes == [302, 429]


def test_a_form_sent_too_quickly_is_refused(client, other_site, settings):
    settings.SIGN_UP_SECONDS = 60
    go_through(client, other_site)

    assert fill_in(client, began=signing.dumps(time.time(), salt=honeypot.SALT)).status_code == 200
    assert not SocialAccount.objects.exists()
    assert begin(client).status_code == 200
