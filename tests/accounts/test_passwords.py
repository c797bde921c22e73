"""Goals A1, A2 and A12: which passwords are refused, how they are hashed, and what a wrong one costs."""

import argon2 as library
import pytest
from django.contrib.auth import hashers
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import User
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
OF_PRODUCTION = [
    "accounts.passwords.hashers.Argon2idHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]


@pytest.fixture
def production(settings, monkeypatch):
    """The hashers of production; PBKDF2 with fewer rounds, as nothing here looks at the clock."""
    monkeypatch.setattr(hashers.PBKDF2PasswordHasher, "iterations", 1000)
    settings.PASSWORD_HASHERS = OF_PRODUCTION


def sign_in(client, login="kettle", password=PASSWORD):
    return client.post("/account/login/", {"login": login, "password": password})


MEMBER = User(username="Dusty Panniers", email="anneli.karhu@postbox.example")


@pytest.mark.parametrize(
    "password",
    [
        "short", "password1234", "1234567890", "qwertyuiop", "borderpost2025", "bordercrossing", "Border Crossing 26",
        "visa-passport-1", "overlander2026", "dusty panniers", "dustypanniers99", "panniers_2026", "anneli1987!!",
        "karhu.anneli.1", "anneli.karhu@postbox.example", "x" * 4097,
    ],
)  # fmt: skip
def test_a1_what_is_guessed_first_is_refused_in_our_words(password):
    with pytest.raises(ValidationError) as refused:
        validate_password(password, MEMBER)

    words = " ".join(refused.value.messages)
    assert "too common" not in words
    assert "too similar" not in words
    assert "must contain" not in words


@pytest.mark.parametrize(
    "password",
    ["slow train to osh", "aaaaaaaaaab", "x" * 64, "four " * 40, "pass\U0001f6b2 by bicycle", "ночным автобусом"],
)
def test_a1_anything_else_is_taken_without_rules_of_composition(password):
    validate_password(password, MEMBER)


def test_a1_words_of_a_site_with_its_own_name_are_refused(monkeypatch):
    monkeypatch.setattr("accounts.passwords.validators.site_name", lambda: "Yurt and Yak")

    with pytest.raises(ValidationError):
        validate_password("yurt and yak 26", MEMBER)


def test_a1_nothing_is_cut_off(production, client):
    long = "by night bus to kashgar " * 9
    make_user("kettle", password=long)

    sign_in(client, password=long[:72])
    assert "_auth_user_id" not in client.session
    sign_in(client, password=long.upper())
    assert "_auth_user_id" not in client.session
    sign_in(client, password=long)
    assert "_auth_user_id" in client.session


def test_a2_new_passwords_are_hashed_by_argon2id(production):
    member = make_user("kettle")

    assert member.password.startswith("argon2$argon2id$v=19$m=19456,t=3,p=1$")


def test_a2_an_older_hash_is_renewed_on_signing_in(production, client):
    member = older_hash(make_user("kettle"))

    sign_in(client)

    member.refresh_from_db()
    assert member.password.startswith("argon2$")
    assert member.check_password(PASSWORD)
    assert client.get("/settings/").status_code == 200


def test_a2_a_wrong_password_renews_nothing(production, client):
    member = older_hash(make_user("kettle"))

    sign_in(client, password="a wrong one, of words")

    member.refresh_from_db()
    assert member.password.startswith("pbkdf2_sha256$")


@pytest.mark.parametrize("login", ["older", "newer", "nobody_here", "nobody@example.org", "without_password"])
def test_a12_a_wrong_password_costs_both_ways_while_there_are_older_hashes(production, client, monkeypatch, login):
    older_hash(make_user("older"))
    make_user("newer")
    User.objects.filter(pk=make_user("without_password").pk).update(password=hashers.make_password(None))
    done = noted(monkeypatch)

    sign_in(client, login, "a wrong one, of words")

    assert sorted(done) == ["argon2", "pbkdf2_sha256"]


@pytest.mark.parametrize("login", ["newer", "nobody_here"])
def test_a12_without_older_hashes_one_way_is_enough(production, client, monkeypatch, login):
    make_user("newer")
    done = noted(monkeypatch)

    sign_in(client, login, "a wrong one, of words")

    assert done == ["argon2"]


def older_hash(member):
    member.password = hashers.make_password(PASSWORD, hasher="pbkdf2_sha256")
    member.save(update_fields=["password"])
    return member


def noted(monkeypatch):
    """The algorithm of each hash that is made, whether to compare one or to lose time."""
    done, pbkdf2, hash_secret, verify = [], hashers.pbkdf2, library.low_level.hash_secret, library.PasswordHasher.verify
    monkeypatch.setattr(hashers, "pbkdf2", lambda *args, **kw: done.append("pbkdf2_sha256") or pbkdf2(*args, **kw))
    monkeypatch.setattr(
        library.low_level, "hash_secret", lambda *args, **kw: done.append("argon2") or hash_secret(*args, **kw)
    )
    monkeypatch.setattr(
        library.PasswordHasher, "verify", lambda *args, **kw: done.append("argon2") or verify(*args, **kw)
    )
    return done
