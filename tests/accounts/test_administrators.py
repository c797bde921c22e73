"""`manage.py createsuperuser` says why a name or an address cannot be given."""

import builtins
import io
import sys

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def password(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "slow train to osh")


def create(username="kopek", email="kopek@example.org"):
    call_command("createsuperuser", interactive=False, username=username, email=email)


def test_an_administrator_signs_in_at_once(client):
    create()

    client.post("/account/login/", {"login": "kopek", "password": "slow train to osh"})

    assert User.objects.get().is_superuser
    assert client.session["_auth_user_id"]


@pytest.mark.parametrize(
    ("username", "email", "words"),
    [
        ("kettle", "new@example.org", "is taken, or looks like one that is"),
        ("KETT1E", "new@example.org", "is taken, or looks like one that is"),
        ("moderator", "new@example.org", "name"),
        ("a", "new@example.org", "too short"),
        ("kopek", "Kettle@Example.org", "An account has this address already"),
        ("kopek", "nobody", "valid email"),
    ],
)
def test_what_cannot_be_given_is_said(username, email, words):
    make_user("kettle", email="kettle@example.org")

    with pytest.raises(CommandError) as error:
        create(username, email)

    assert words in str(error.value)
    assert User.objects.count() == 1


def test_whoever_answers_questions_is_asked_again(monkeypatch, capsys):
    make_user("kettle", email="kettle@example.org")
    answers = iter(["kettle", "kopek", "kettle@example.org", "kopek@example.org"])
    monkeypatch.setattr(builtins, "input", lambda message: next(answers))
    monkeypatch.setattr("getpass.getpass", lambda *words: "slow train to osh")
    terminal = io.StringIO()
    terminal.isatty = lambda: True

    call_command("createsuperuser", interactive=True, stdin=terminal, stderr=sys.stdout)

    assert User.objects.get(username="kopek").is_superuser
    said = capsys.readouterr().out
    assert "is taken, or looks like one that is" in said
    assert "An account has this address already" in said
