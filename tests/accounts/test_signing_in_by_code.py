"""Signing in by the code of a letter, where SIGN_IN_BY_CODE offers it: goals A6, A8, A9 and A12."""

import json
import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import SignInCode
from accounts.signin.reset_second_step import reset_second_step
from accounts.signup import sign_in_codes
from config.worker import nightly
from tests.factories import make_user
from tests.mailbox import sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def offered(settings):
    settings.ACCOUNT_LOGIN_BY_CODE_ENABLED = True
    return make_user("kettle")


def ask(client, email="kettle@example.org"):
    return client.post("/account/login/code/", {"email": email})


def code_in(letter):
    return re.search(r"^\s*([A-Z0-9-]{6,})\s*$", letter.body, re.MULTILINE)[1]


def enter(client, code):
    return client.post("/account/login/code/confirm/", {"code": code})


def is_signed_in(client):
    return client.get("/settings/").status_code == 200


def test_it_is_not_offered_unless_it_is_set(client):
    assert client.get("/account/login/code/").status_code == 404
    assert "by a code" not in client.get("/account/login/").text


def test_the_code_of_the_letter_lets_in_once(client, offered):
    assert "by a code" in client.get("/account/login/").text
    ask(client)
    code = code_in(sent()[0])

    enter(client, code)

    assert is_signed_in(client)
    other = Client()
    enter(other, code)
    assert not is_signed_in(other)


def test_a_second_step_follows_the_code(client, offered):
    Authenticator.objects.create(user=offered, type="totp", data={"secret": "x"})
    ask(client)

    enter(client, code_in(sent()[0]))

    assert not is_signed_in(client)


def test_another_browser_cannot_use_it(client, offered):
    ask(client)
    other = Client()
    ask(other, "who@example.org")

    enter(other, code_in(sent()[0]))

    assert not is_signed_in(other)


def test_three_wrong_codes_end_it(client, offered):
    ask(client)
    for _ in range(3):
        enter(client, "WRONG-CODE")

    enter(client, code_in(sent()[0]))

    assert not is_signed_in(client)


def test_it_is_kept_encrypted_and_swept(client, offered):
    ask(client)
    code = code_in(sent()[0])

    assert code.encode() not in bytes(SignInCode.objects.get().sealed)
    SignInCode.objects.update(made_at=timezone.now() - timedelta(minutes=16))
    assert sign_in_codes.forget_old in nightly.CHORES
    assert [sign_in_codes.forget_old(), sign_in_codes.forget_old()] == [1, 0]


def test_the_session_of_the_browser_that_asked_does_not_hold_it_readable(client, offered):
    ask(client)
    code = code_in(sent()[0])

    kept = json.dumps(dict(client.session.items()))
    assert "login_by_code" in kept
    assert code not in kept
    assert code.replace("-", "") not in kept


def test_a_session_whose_code_cannot_be_read_lets_nobody_in(client, offered):
    ask(client)
    session = client.session
    session["account_login"]["state"]["stages"]["login_by_code"]["data"]["code"] = "nonsense"
    session.save()

    for code in ("nonsense", "", code_in(sent()[0])):
        enter(client, code)

    assert not is_signed_in(client)


def test_a_letter_that_comes_too_late_is_not_sent(client, offered):
    ask(client)
    SignInCode.objects.update(made_at=timezone.now() - timedelta(minutes=16))

    assert sent() == []


def test_known_and_unknown_addresses_get_the_same_page_and_a_letter(client, offered):
    answers = [ask(Client(), email) for email in ("kettle@example.org", "who@example.org")]

    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, "/account/login/code/confirm/")}
    assert sorted(letter.to[0] for letter in sent()) == ["kettle@example.org", "who@example.org"]


def test_letters_for_one_account_are_limited_whoever_asks(offered, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"mail_account": "2/1h"}

    for email in ("kettle@example.org", "who@example.org"):
        codes = [Client().post("/account/login/code/", {"email": email}).status_code for _ in range(3)]
        assert codes == [302, 302, 429]


def test_a_closed_account_stays_closed(client, offered):
    offered.is_active = False
    offered.save()

    ask(client)

    assert not SignInCode.objects.exists()


CHANGES = {
    "password": lambda user: user.set_password("changed in between"),
    "address": lambda user: setattr(user, "email", "other@example.org"),
    "sessions": lambda user: setattr(user, "sessions_ended_at", timezone.now()),
}


@pytest.mark.parametrize("change", CHANGES)
def test_after_a_change_of_the_account_a_code_of_before_is_dead(client, offered, change):
    ask(client)
    code = code_in(sent()[0])
    CHANGES[change](offered)
    offered.save()

    enter(client, code)

    assert not is_signed_in(client)


def test_a_code_asked_for_before_the_second_step_was_taken_off_is_not_sent_any_more(client, offered):
    Authenticator.objects.create(user=offered, type="totp", data={"secret": "x"})
    ask(client)

    reset_second_step(offered)

    assert [letter.subject for letter in sent() if "code" in letter.subject.lower()] == []


def test_only_the_newest_code_counts(client, offered):
    ask(client)
    older = code_in(sent()[0])
    newer = Client()
    ask(newer)

    enter(client, older)
    enter(newer, code_in(sent()[-1]))

    assert not is_signed_in(client)
    assert is_signed_in(newer)
    assert not SignInCode.objects.exists()


def test_an_address_that_waits_to_be_confirmed_gets_no_code(client, offered):
    offered.emailaddress_set.create(email="thief@example.org", verified=False)

    ask(client, "thief@example.org")

    assert not SignInCode.objects.exists()
    assert "no account with this address" in " ".join(sent()[0].body.split())


def test_known_and_unknown_addresses_cost_the_same_statements(offered):
    known, unknown = (statements_of_asking(email) for email in ("kettle@example.org", "who@example.org"))

    assert known == unknown
    assert any("accounts_signincode" in statement for statement in known)


def statements_of_asking(email):
    with CaptureQueriesContext(connection) as queries:
        ask(Client(), email)
    return [re.sub(r"'[^']*'|[^ ]*\d[^ ]*", "?", query["sql"])[:60] for query in queries]


@pytest.mark.parametrize("code", ["", "x" * 5000, "a\0b", "٣٣٣٣٣٣"])
def test_an_odd_code_is_answered_in_words(client, offered, code):
    ask(client)

    assert enter(client, code).status_code in {200, 400}
    assert not is_signed_in(client)
