"""What anybody may send in place of a device's answer: it opens nothing, and is answered in words."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tests.accounts.signin.steps import app_of, prove, sign_in
from tests.factories import make_user

pytestmark = pytest.mark.django_db
LOGIN = "/account/second-step/webauthn/login/"
ODD = [
    "", "{}", "[]", "null", "1", '"x"', "not json", "\U0001f600", "{" * 3000, "[" * 9000, '{"id": "\\u0000"}',
    json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": []}),
    json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": {"userHandle": None}}),
    json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": {"userHandle": "////", "signature": "AA",
        "clientDataJSON": "AA", "authenticatorData": "AA"}}),
    json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": {"userHandle": "MQ", "signature": "AA",
        "clientDataJSON": "e30", "authenticatorData": "A" * 60}}),
    json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "e30",
        "attestationObject": "oA"}}),
    json.dumps({"id": 7, "rawId": ["x"], "type": None, "response": {"clientDataJSON": 1, "attestationObject": {}}}),
    json.dumps({"id": "x" * 30_000}),
]  # fmt: skip


def options(client, purpose):
    return client.post(f"/account/passkeys/{purpose}/").json()["publicKey"]


@pytest.mark.parametrize("credential", ODD, ids=lambda credential: credential[:30])
def test_odd_answers_of_devices_open_nothing(client, credential):
    user = make_user("kettle")
    options(client, "sign-in")
    assert client.post(LOGIN, {"credential": credential}).status_code == 302
    assert "_auth_user_id" not in client.session

    app_of(user)
    sign_in(client, "kettle")
    options(client, "second-step")
    answer = client.post("/account/second-step/authenticate/", {"credential": credential})
    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session

    client.force_login(user)
    prove(client)
    for purpose, path in (("new", "add"), ("again", "reauthenticate")):
        options(client, purpose)
        answer = client.post(f"/account/second-step/webauthn/{path}/", {"credential": credential, "name": "x"})
        assert answer.status_code in {200, 302}
    assert Authenticator.objects.filter(type="webauthn").count() == 0


def test_looking_at_the_sign_in_page_asks_no_device_and_keeps_no_session(client):
    client.get("/account/login/")
    client.get(LOGIN, headers={"x-requested-with": "XMLHttpRequest"})

    assert "session" not in client.cookies


def test_a_question_is_new_each_time_and_bound_to_the_name_of_the_site(client, settings):
    settings.IS_LOCAL = False
    settings.SITE_URL = "https://forum.example.org"

    asked = [options(client, "sign-in") for _ in range(2)]

    assert asked[0]["challenge"] != asked[1]["challenge"]
    assert {one["rpId"] for one in asked} == {"forum.example.org"}
    assert {one["userVerification"] for one in asked} == {"required"}
    assert not any(one.get("allowCredentials") for one in asked)


def test_a_new_passkey_is_one_that_signs_in_alone(client):
    client.force_login(make_user())
    prove(client)

    asked = options(client, "new")["authenticatorSelection"]

    assert asked == {"residentKey": "required", "requireResidentKey": True, "userVerification": "required"}


def test_only_who_gave_the_password_is_asked_for_the_second_step(client):
    app_of(make_user("kettle"))
    refused = [client.post("/account/passkeys/second-step/").status_code]
    sign_in(client, "kettle")

    assert options(client, "second-step")["userVerification"] == "required"
    client.force_login(make_user())
    refused.append(client.post("/account/passkeys/second-step/").status_code)
    assert refused == [403, 403]


def test_a_second_step_that_waits_keeps_its_own_life(client):
    app_of(make_user("kettle"))
    sign_in(client, "kettle")
    before = client.session.get_expiry_age()

    client.post("/account/passkeys/sign-in/")

    assert abs(client.session.get_expiry_age() - before) < 60


def test_questions_and_answers_are_limited(settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"passkey": "1/1h", "sign_in": "1/1h"}
    client = Client()

    asked = [client.post("/account/passkeys/sign-in/").status_code for _ in range(2)]
    client.post("/account/passkeys/sign-in/")
    sent = [client.post(LOGIN, {"credential": '{"id": "x"}'}).status_code for _ in range(2)]

    assert asked == [200, 429]
    assert sent == [302, 429]


@pytest.mark.parametrize("name", ["", "  ", "\u200b\u202e", "x" * 41, "a\x00b"])
def test_odd_names_of_passkeys_are_refused(client, name):
    user = make_user()
    app_of(user)
    kept = Authenticator.objects.create(user=user, type="webauthn", data={"name": "Old", "credential": {}})
    client.force_login(user)
    prove(client)

    answer = client.post(f"/account/second-step/webauthn/keys/{kept.pk}/edit/", {"name": name})

    assert answer.status_code in {200, 400}
    kept.refresh_from_db()
    assert kept.data["name"] == "Old"


def test_passkeys_of_others_are_not_there(client):
    other = make_user()
    kept = Authenticator.objects.create(user=other, type="webauthn", data={"name": "Old", "credential": {}})
    client.force_login(make_user())
    prove(client)

    for verb in ("edit", "remove"):
        path = f"/account/second-step/webauthn/keys/{kept.pk}/{verb}/"
        assert client.get(path).status_code == client.post(path, {"name": "Mine"}).status_code == 404
    assert Authenticator.objects.filter(pk=kept.pk).exists()
