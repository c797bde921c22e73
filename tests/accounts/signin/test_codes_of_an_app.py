"""The second step by an app: set up, asked for at each sign-in, once only, limited, and taken off again."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.test import Client

from accounts.models import User
from notifications.feeds.secret_addresses import make_address
from notifications.models import PrivateFeed
from tests.accounts.signin.steps import app_of, code_now, prove, sign_in
from tests.factories import PASSWORD, make_user
from tests.mailbox import sent

pytestmark = pytest.mark.django_db


def is_signed_in(client):
    return "_auth_user_id" in client.session


def test_an_app_is_set_up_by_picture_or_key_and_recovery_codes_are_shown_once(client):
    user = make_user("kettle")
    client.force_login(user)
    prove(client)

    page = client.get("/account/second-step/totp/activate/").text
    key = "".join(re.search(r'class="key"[^>]*>([^<]*)<', page)[1].split())
    client.post("/account/second-step/totp/activate/", {"code": code_now(key)})

    shown = client.get("/account/second-step/recovery-codes/").text
    codes = re.findall(r"<li><code>(\d{8})</code>", shown)
    assert len(set(codes)) == 10
    assert re.search(r'<svg class="qr-code" viewBox="0 0 \d\d \d\d"', page)
    saved = client.get("/account/second-step/recovery-codes/download/")
    assert saved["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert all(code in saved.text for code in codes)
    session = client.session
    session["recovery_codes_made_at"] = time.time() - 3600
    session.save()
    for path in ("", "download/"):
        later = client.get(f"/account/second-step/recovery-codes/{path}", follow=True)
        assert not any(code in later.text for code in codes)
    assert [letter.subject for letter in sent()] == ["Codes from an app now open your account at Borderpost"]


def test_the_key_stays_the_same_while_it_is_set_up(client):
    client.force_login(make_user())
    prove(client)

    pages = [client.get("/account/second-step/totp/activate/").text for _ in range(2)]

    assert len({re.search(r'class="key"[^>]*>([^<]*)<', page)[1] for page in pages}) == 1


def test_the_password_alone_opens_no_account_with_an_app(client):
    user = make_user("kettle")
    key = app_of(user)

    answer = sign_in(client, "kettle")
    assert answer["Location"] == "/account/second-step/authenticate/"
    assert not is_signed_in(client)
    client.post(answer["Location"], {"code": "000000"})
    assert not is_signed_in(client)

    client.post(answer["Location"], {"code": code_now(key)})
    assert is_signed_in(client)


def test_a_code_works_once(client):
    key = app_of(make_user("kettle"))
    code = code_now(key)
    for one in (client, Client()):
        sign_in(one, "kettle")
        one.post("/account/second-step/authenticate/", {"code": code})

    assert is_signed_in(client)
    assert not is_signed_in(one)


def test_a_recovery_code_works_once_and_a_letter_tells(client):
    user = make_user("kettle")
    app_of(user)
    code = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()[3]
    for one in (client, Client()):
        sign_in(one, "kettle")
        one.post("/account/second-step/authenticate/", {"code": code})

    assert is_signed_in(client)
    assert not is_signed_in(one)
    assert "9 of ten left" in client.get("/settings/signing-in/").text
    assert "A recovery code was used at Borderpost" in [letter.subject for letter in sent()]


def test_few_recovery_codes_are_said(client):
    user = make_user()
    app_of(user)
    kept = Authenticator.objects.get(user=user, type="recovery_codes")
    kept.data["used_mask"] = 0b1111111
    kept.save()
    client.force_login(user)

    assert "3 recovery codes left." in client.get("/settings/signing-in/").text


def test_new_recovery_codes_end_the_old_ones(client):
    user = make_user("kettle")
    app_of(user)
    old = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
    client.force_login(user)
    prove(client)

    client.post("/account/second-step/recovery-codes/generate/")

    page = client.get("/account/second-step/recovery-codes/").text
    new = re.findall(r"<li><code>(\d{8})</code>", page)
    assert len(new) == 10
    assert not set(old) & set(new)
    assert [letter.subject for letter in sent()] == ["New recovery codes at Borderpost"]


def test_a9_tries_at_the_second_step_are_limited_from_wherever_they_come():
    user = make_user("kettle")
    key = app_of(user)
    answers = []
    for n in range(12):
        client = Client(REMOTE_ADDR=f"192.0.2.{n}")
        sign_in(client, "kettle")
        answers.append(client.post("/account/second-step/authenticate/", {"code": "000000"}))

    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 2
    late = client.post("/account/second-step/authenticate/", {"code": code_now(key)})
    assert late.status_code == 429
    assert int(late["Retry-After"]) > 500


def test_a_flood_at_the_second_step_is_shed_for_all(client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"second_step_all": "1/10m"}
    app_of(make_user("kettle"))
    sign_in(client, "kettle")

    answers = [client.post("/account/second-step/authenticate/", {"code": "000000"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 503]


@pytest.mark.parametrize("code", ["", "1", "abcdef", "٣٣٣٣٣٣", "1" * 5000, "12\x0034", "🧊" * 6])
def test_odd_codes_are_answered_in_words(client, code):
    app_of(make_user("kettle"))
    sign_in(client, "kettle")

    answer = client.post("/account/second-step/authenticate/", {"code": code})

    assert answer.status_code in {200, 400}
    assert not is_signed_in(client)


def test_a_key_that_cannot_be_read_any_more_lets_nobody_in(client, settings):
    user = make_user("kettle")
    key = app_of(user)
    settings.SECRET_KEY = "another key, " * 5
    empty = totp.format_hotp_value(totp.hotp_value("", int(time.time()) // 30))
    sign_in(client, "kettle")

    for code in (code_now(key), empty):
        client.post("/account/second-step/authenticate/", {"code": code})

    assert not is_signed_in(client)


def test_a_key_stored_under_an_older_secret_still_works(client, settings):
    key = app_of(make_user("kettle"))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, " * 5
    sign_in(client, "kettle")

    client.post("/account/second-step/authenticate/", {"code": code_now(key)})

    assert is_signed_in(client)


def test_what_is_stored_is_not_the_key():
    user = make_user()
    key = app_of(user)

    for kept in Authenticator.objects.filter(user=user):
        assert key not in str(kept.data)
        for code in kept.wrap().get_unused_codes() if kept.type == "recovery_codes" else []:
            assert code not in str(kept.data)


def test_taking_the_app_off_signs_every_other_device_out(client):
    user = make_user("kettle")
    app_of(user)
    here, elsewhere = client, Client()
    here.force_login(user)
    elsewhere.force_login(user)
    prove(here)

    here.post("/account/second-step/totp/deactivate/")

    assert not Authenticator.objects.filter(user=user).exists()
    assert here.get("/settings/").status_code == 200
    assert elsewhere.get("/settings/").status_code == 302
    assert [letter.subject for letter in sent()] == ["Codes from an app were turned off at Borderpost"]


def test_a4_taking_it_off_ends_private_feeds_and_pending_links(client):
    user = make_user("kettle")
    app_of(user)
    feed = make_address(user, PrivateFeed.Kind.NEWS).removeprefix(settings.SITE_URL)
    Client().post("/account/password/reset/", {"email": "kettle@example.org"})
    link = re.search(r"http\S+(/account/password/reset/key/\S+)", sent()[-1].body)[1]
    assert Client().get(feed).status_code == 200
    assert Client().get(link, follow=True).context["form"]
    client.force_login(user)
    prove(client)

    client.post("/account/second-step/totp/deactivate/")

    assert Client().get(feed).status_code == 404
    assert "This link" in Client().get(link, follow=True).text


def test_whether_there_is_a_second_step_is_known_whatever_changes_it():
    user = make_user()
    stale = User.objects.get(pk=user.pk)
    app_of(user)
    stale.save()

    assert User.objects.get(pk=user.pk).second_step_at is not None
    Authenticator.objects.filter(user=user, type="totp").delete()
    assert User.objects.get(pk=user.pk).second_step_at is None


def test_nothing_about_second_steps_changes_without_proof(client):
    user = make_user()
    app_of(user)
    client.force_login(user)
    paths = [
        "totp/activate/", "totp/deactivate/", "recovery-codes/", "recovery-codes/download/", "recovery-codes/generate/",
        "webauthn/add/",
    ]  # fmt: skip

    for path in paths:
        for send in (client.get, client.post):
            answer = send(f"/account/second-step/{path}")
            assert answer.status_code == 302
    assert Authenticator.objects.filter(user=user).count() == 2


def test_a3_proof_gives_the_session_a_new_key(client):
    user = make_user()
    client.force_login(user)
    before = client.session.session_key

    client.post("/account/reauthenticate/", {"password": PASSWORD})

    assert client.session.session_key != before
    assert Client(headers={"cookie": f"session={before}"}).get("/settings/").status_code == 302


def test_only_ways_that_a_member_has_are_offered(client):
    user = make_user()
    client.force_login(user)
    assert "Use a code" not in client.get("/account/reauthenticate/").text
    assert client.get("/account/second-step/reauthenticate/")["Location"] == "/account/reauthenticate/"

    key = app_of(user)
    page = client.get("/account/reauthenticate/?next=/settings/").text
    assert "Use a code" in page
    assert "Use a passkey" not in page
    client.post("/account/second-step/reauthenticate/", {"code": code_now(key)})
    assert client.get("/account/second-step/totp/deactivate/").status_code == 200
