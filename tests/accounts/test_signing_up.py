import re
import time
from html import unescape

import pytest
from django.core import signing
from django.utils.html import escape

from accounts.models import User
from accounts.signup import honeypot
from tests.factories import PASSWORD, make_user
from tests.mailbox import sent

pytestmark = pytest.mark.django_db
SITE = "https://borderpost.example"


@pytest.fixture(autouse=True)
def our_address(settings):
    settings.SITE_URL = SITE


def sign_up(client, username="kopek", email="Kopek@Example.org", password=PASSWORD, **extra):
    fields = {"username": username, "email": email, "password1": password, "began": shown(seconds_ago=20)}
    return client.post("/account/signup/", fields, **extra)


def shown(seconds_ago):
    """What the form says of when it was shown."""
    return signing.dumps(time.time() - seconds_ago, salt=honeypot.SALT)


def mailed_path(letter):
    return re.search(rf"{SITE}(/\S+)", letter.body)[1]


def sign_in(client, login, password=PASSWORD, **extra):
    return client.post("/account/login/", {"login": login, "password": password, **extra})


def test_from_signing_up_to_signing_in(client):
    sign_up(client)
    assert not User.objects.get().can_write
    sign_in(client, "kopek")
    assert "_auth_user_id" not in client.session

    link = mailed_path(sent()[0])
    client.get(link)
    assert not User.objects.get().can_write
    client.post(link)

    assert User.objects.get().can_write
    assert sign_in(client, "kopek")["Location"] == "/"
    assert client.session["_auth_user_id"]


def test_a_letter_has_one_reader_and_our_own_links(client):
    sign_up(client, headers={"x-forwarded-host": "evil.example"})

    letter = sent()[0]
    assert letter.to == ["kopek@example.org"]
    assert letter.cc + letter.bcc == []
    assert re.findall(r"https?://[^/\s]+", letter.body) == [SITE]


def test_a_letter_about_an_address_we_know_has_our_own_links_too(client):
    make_user(email="kopek@example.org")

    sign_up(client)

    assert set(re.findall(r"https?://[^/\s]+", sent()[0].body)) == {SITE}
    assert User.objects.count() == 1


def test_signing_up_does_not_tell_who_is_a_member(client):
    make_user(email="old@example.org")

    known = sign_up(client, username="first_try", email="old@example.org")
    unknown = sign_up(client, username="second_try", email="new@example.org")

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


@pytest.mark.parametrize("name", ["Kettle", "kett1e", "KETTLE", "kettIe", "ｋettle"])
def test_a_name_that_looks_like_a_members_is_refused(client, name):
    make_user("kettle")

    answer = sign_up(client, username=name)

    assert "looks like one that is" in answer.text
    assert User.objects.count() == 1


@pytest.mark.parametrize("name", ["moderator", "borderpost", "bob\u202ey", "x.html", "a"])
def test_a_name_we_cannot_give_is_refused_in_words(client, name):
    answer = sign_up(client, username=name)

    assert answer.status_code == 200
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "password1234",
        "borderpost2025",
        "Borderpost!!",
        "kopek_1234567",
        "long_kopek",
        "x" * 4097,
        "1234567890",
    ],
)
def test_a_password_that_is_guessed_first_is_refused(client, password):
    sign_up(client, password=password)

    assert not User.objects.exists()


@pytest.mark.parametrize(
    "password", ["slow train to osh", "pass the bicycle \U0001f6b2", "x y" * 70, "  two spaces  ", "Ä" * 64]
)
def test_a_password_may_hold_anything(client, password):
    sign_up(client, password=password)

    assert User.objects.get().check_password(password)
    assert not User.objects.get().check_password(password.strip()[:-1])


def test_fields_that_are_not_asked_for_change_nothing(client):
    fields = {"username": "kopek", "email": "kopek@example.org", "password1": PASSWORD}
    fields |= {"began": shown(seconds_ago=20)}
    client.post("/account/signup/", fields | {"is_staff": "1", "is_superuser": "1", "trust": "2"})

    user = User.objects.get()
    assert (user.is_staff, user.is_superuser, user.trust) == (False, False, 0)


@pytest.mark.parametrize("email", ["new@example.org", "Known@Example.org"])
def test_known_and_unknown_addresses_hash_one_password(client, email, monkeypatch):
    make_user("known")
    hashed = []
    monkeypatch.setattr("django.contrib.auth.base_user.make_password", lambda raw: hashed.append(raw) or "!x")

    answer = sign_up(client, email=email)

    assert answer.status_code == 302
    assert hashed == [PASSWORD]
    assert len(sent()) == 1


def test_too_many_accounts_from_one_address_wait(client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"sign_up": "2/1h"}

    answers = [sign_up(client, f"rider_{n}x", f"rider{n}@example.org") for n in range(3)]

    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert int(answers[2]["Retry-After"]) > 3500
    assert User.objects.count() == 2


def test_typed_text_is_escaped(client):
    answer = sign_up(client, username="<i>bob", email="<b>")

    assert "<i>bob" not in answer.text
    assert escape("<i>bob") in answer.text


# --- Programs that sign up ---

RIGHT = {"username": "kopek", "email": "kopek@example.org", "password1": PASSWORD}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"website": "https://pills.example"}, "not for people"),
        ({"began": ""}, "send it again"),
        ({"began": "1764000000:made-up"}, "send it again"),
        ({"began": 25 * 60 * 60}, "send it again"),
        ({"began": 1}, "quicker than people"),
    ],
)
def test_what_looks_like_a_program_is_told_so_kindly(client, settings, fields, words):
    settings.SIGN_UP_SECONDS = 10
    began = fields.get("began", 60)
    fields |= {"began": began if isinstance(began, str) else shown(seconds_ago=began)}

    answer = client.post("/account/signup/", RIGHT | fields)

    assert words in answer.text
    assert not User.objects.exists()


def test_the_form_carries_what_lets_people_in(client, settings):
    settings.SIGN_UP_SECONDS = 0
    page = client.get("/account/signup/").text

    client.post("/account/signup/", RIGHT | {"began": token_in(page), "website": ""})

    assert User.objects.get().username == "kopek"


def test_whoever_was_too_quick_only_waits(client, settings):
    settings.SIGN_UP_SECONDS = 10
    token = shown(seconds_ago=9)
    page = client.post("/account/signup/", RIGHT | {"began": token}).text
    assert token_in(page) == token

    settings.SIGN_UP_SECONDS = 9
    client.post("/account/signup/", RIGHT | {"began": token_in(page)})

    assert User.objects.exists()


def test_a_form_that_was_open_for_days_gets_a_new_time(client):
    old = shown(seconds_ago=3 * 24 * 60 * 60)

    page = client.post("/account/signup/", RIGHT | {"began": old}).text

    assert token_in(page) not in {"", old}


def test_nobody_sees_the_field_for_programs(client):
    page = client.get("/account/signup/").text

    trap = re.search(r'<div class="visually-hidden" aria-hidden="true">.*?</div>', page, re.DOTALL)[0]
    assert 'name="website" tabindex="-1" autocomplete="off"' in trap


def token_in(page):
    return unescape(re.search(r'name="began" value="([^"]*)"', page)[1])


@pytest.mark.parametrize("address", ["a@b.example\u2028x", "a@b.exa\u2029mple", "a\u2028@b.example", "a@b\x85.example"])
@pytest.mark.parametrize("path", ["/account/signup/", "/account/password/reset/", "/account/login/"])
def test_an_address_with_a_line_end_is_an_error_in_the_form(client, path, address):
    password = "a long password of words"

    answer = client.post(path, {"email": address, "login": address, "username": "kettle", "password1": password})

    assert answer.status_code in {200, 400}
    assert sent() == []


def test_an_address_that_another_member_only_claims_is_free(client):
    make_user("claimer").emailaddress_set.create(email="kopek@example.org", verified=False)

    sign_up(client)
    client.post(mailed_path(sent()[0]))

    assert User.objects.get(username="kopek").can_write
