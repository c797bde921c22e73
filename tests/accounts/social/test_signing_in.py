"""Signing in by an account of another site: when it is on, what follows it, and what can go wrong over there."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import MemberSession
from accounts.social import http_session
from tests.accounts.social.steps import address_on, begin, come_back, go_through, is_signed_in
from tests.factories import make_user
from tests.mailbox import sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(other_site):
    user = make_user("kettle")
    SocialAccount.objects.create(user=user, provider="club", uid="p-1")
    return user


# --- Off and on ---


@pytest.mark.parametrize("path", ["with/club/", "with/club/back/", "sign-up/", "", "disconnect/1/", "cancelled/"])
def test_without_the_setting_there_is_no_such_page(client, path):
    client.force_login(make_user())

    assert client.get(f"/account/social/{path}").status_code == 404
    assert client.post(f"/account/social/{path}").status_code == 404


@pytest.mark.parametrize("path", ["/account/login/", "/account/signup/", "/settings/signing-in/", "/"])
def test_without_the_setting_no_page_shows_it_or_asks_the_database_of_it(client, path):
    if path.startswith("/settings"):
        client.force_login(make_user())

    with CaptureQueriesContext(connection) as queries:
        page = client.get(path).text

    assert "Go on with" not in page
    assert "other sites" not in page
    assert not [query for query in queries if "socialaccount" in query["sql"]]


def test_pages_of_sign_in_and_sign_up_have_its_buttons(client, other_site):
    for path in ("/account/login/?next=/rules/", "/account/signup/"):
        assert 'action="/account/social/with/club/"' in client.get(path).text
    assert 'name="next" value="/rules/"' in client.get("/account/login/?next=/rules/").text
    assert "s3cret" not in client.get("/account/login/").text


@pytest.mark.parametrize("site", ["openid_connect", "nobody", "Club", "x" * 300])
def test_there_is_no_other_site(client, other_site, site):
    assert client.get(f"/account/social/with/{site}/").status_code == (200 if site == "openid_connect" else 404)


# --- There and back ---


def test_a_link_alone_goes_nowhere(client, other_site):
    page = client.get("/account/social/with/club/?next=/rules/")

    assert "Travel Club" in page.text
    assert 'name="next" value="/rules/"' in page.text
    assert other_site.asked == []


def test_the_way_there_asks_for_little_and_is_bound_to_this_browser(client, member, other_site):
    url = address_on(begin(client))

    query = {name: value[0] for name, value in parse_qs(urlsplit(url).query).items()}
    assert url.startswith(f"{other_site.url}/authorize?")
    assert sorted(query["scope"].split()) == ["email", "openid"]
    assert query["code_challenge_method"] == "S256"
    assert query["redirect_uri"].endswith("/account/social/with/club/back/")
    stranger = Client()
    assert come_back(stranger, other_site.consent(url)).status_code == 401
    assert not is_signed_in(stranger)


def test_addresses_of_scopes_and_parameters_have_no_effect(client, other_site):
    page = client.post("/account/social/with/club/?scope=admin&auth_params=prompt%3Dnone&process=connect")

    assert "admin" not in address_on(page)
    assert "prompt" not in address_on(page)


def test_a_member_signs_in_and_goes_on_where_they_were(client, member, other_site):
    answer = go_through(client, other_site, next="/rules/")

    assert answer["Location"] == "/rules/"
    assert is_signed_in(client)
    assert MemberSession.objects.filter(user=member).count() == 1


@pytest.mark.parametrize("goal", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"])
def test_nobody_is_led_elsewhere(client, member, other_site, goal):
    assert go_through(client, other_site, next=goal)["Location"] == "/"


def test_an_unknown_device_is_told_by_letter(client, member, other_site):
    member.last_login = timezone.now()
    member.save()

    go_through(client, other_site)
    go_through(client, other_site)

    assert len(sent()) == 1


def test_a_code_works_once(client, member, other_site):
    query = other_site.consent(address_on(begin(client)))
    come_back(client, query)
    client.post("/account/logout/")

    assert come_back(client, query).status_code == 401
    assert not is_signed_in(client)


def test_the_second_step_follows_it(client, member, other_site):
    Authenticator.objects.create(user=member, type="totp", data={"secret": "x"})

    assert go_through(client, other_site)["Location"].startswith("/account/second-step/authenticate/")
    assert not is_signed_in(client)


def test_a_closed_account_stays_closed_and_a_banned_one_reads(client, member, other_site):
    member.banned_at = timezone.now()
    member.save()
    go_through(client, other_site)
    assert is_signed_in(client)
    assert client.get("/members/kettle/flag/").status_code == 403
    member.is_active = False
    member.save()
    other = Client()

    assert go_through(other, other_site)["Location"] == "/account/inactive/"
    assert not is_signed_in(other)


def test_tries_are_limited(client, member, other_site, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"sign_in": "3/10m"}

    codes = [begin(client).status_code for _ in range(4)]

    assert codes == [200, 200, 200, 429]
    assert come_back(client, {"code": "x", "state": "y"}).status_code == 429


# --- What can be wrong over there ---


def test_who_stops_over_there_reads_that_nothing_was_done(client, member, other_site):
    state = parse_qs(urlsplit(address_on(begin(client))).query)["state"][0]

    answer = come_back(client, {"error": "access_denied", "state": state})

    assert answer["Location"] == "/account/social/cancelled/"
    assert "nothing was done" in client.get("/account/social/cancelled/").text


def test_a_site_that_is_away_is_told_in_plain_words(client, member, other_site, caplog):
    query = other_site.consent(address_on(begin(client)))
    other_site.close()

    for answer in (begin(client), come_back(client, query)):
        assert answer.status_code == 503
        assert "Travel Club</bdi> does not answer at present" in answer.text
    assert not is_signed_in(client)


ODD = {
    "an error": {"status": 500},
    "no JSON": {"/.well-known/openid-configuration": "<html>", "/token": "<html>"},
    "a list": {"/.well-known/openid-configuration": "[]", "/token": '["access_token"]'},
    "much too much": {"/.well-known/openid-configuration": "[" + "1," * 200_000 + "1]", "/token": "x" * 300_000},
    "deep": {"/.well-known/openid-configuration": "[" * 100_000, "/token": "[" * 100_000},
}


@pytest.mark.parametrize("ways", ODD.values(), ids=ODD)
def test_odd_answers_are_told_in_plain_words(client, member, other_site, ways):
    query = other_site.consent(address_on(begin(client)))
    other_site.ways = ways

    for answer in (begin(client), come_back(client, query)):
        assert answer.status_code in {401, 503}
        assert "did not say who you are" in answer.text or "does not answer" in answer.text
    assert not is_signed_in(client)


WEAKER = {
    "another issuer": {"issuer": "https://evil.example"},
    "an address that is not encrypted": {"token_endpoint": "ftp://127.0.0.1/token"},
    "no token endpoint": {"token_endpoint": None},
    "a script": {"authorization_endpoint": "javascript:alert(1)"},
}


@pytest.mark.parametrize("configuration", WEAKER.values(), ids=WEAKER)
def test_a_weaker_configuration_is_refused(client, other_site, configuration):
    other_site.ways["configuration"] = configuration

    assert begin(client).status_code == 503


WRONG = {
    "for another site": {"aud": "others"},
    "for several, but asked by another": {"aud": ["borderpost", "others"], "azp": "others"},
    "of another issuer": {"iss": "https://evil.example"},
    "of yesterday": {"exp": 1},
    "without a number": {"sub": ""},
    "with a number that is a list": {"sub": ["p-1"]},
    "with a number that is too long": {"sub": "x" * 500},
    "with a number with a NUL": {"sub": "p\0"},
}


@pytest.mark.parametrize("claims", WRONG.values(), ids=WRONG)
def test_claims_that_are_not_for_us_are_refused(client, member, other_site, claims):
    other_site.ways["claims"] = claims

    answer = go_through(client, other_site)

    assert answer.status_code in {401, 503}
    assert not is_signed_in(client)


@pytest.mark.parametrize("token", [{"id_token": "x"}, {"id_token": None}, {"id_token": "a.é.c"}, {"access_token": 7}])
def test_a_token_that_cannot_be_read_is_refused(client, member, other_site, token):
    other_site.ways["token"] = token

    assert go_through(client, other_site).status_code in {401, 503}
    assert not is_signed_in(client)


@pytest.mark.parametrize(("name", "bound"), [("LARGEST_ANSWER", 10), ("LONGEST", -1)])
def test_an_answer_that_is_too_large_or_takes_too_long_is_given_up(client, other_site, monkeypatch, name, bound):
    monkeypatch.setattr(http_session, name, bound)

    assert begin(client).status_code == 503


def test_the_person_of_another_answer_is_refused(client, member, other_site):
    other_site.ways["userinfo"] = {"sub": "p-2"}

    assert go_through(client, other_site).status_code in {401, 503}


def test_without_the_verifier_of_this_browser_the_code_is_worth_nothing(client, member, other_site):
    query = other_site.consent(address_on(begin(client)))
    session = client.session
    for state in session["socialaccount_states"].values():
        state[0]["pkce_code_verifier"] = "guessed"
    session.save()

    assert come_back(client, query).status_code == 401


def test_failures_stand_in_the_security_log_without_what_was_said(client, member, other_site, caplog):
    other_site.ways["claims"] = {"aud": "others"}
    with caplog.at_level("INFO", logger="borderpost.security"):
        go_through(client, other_site)

    [line] = [json.loads(record.message) for record in caplog.records if "social-sign-in-failed" in record.message]
    assert (line["site"], line["error"]) == ("club", "OAuth2Error")
    assert "t0ken" not in caplog.text
