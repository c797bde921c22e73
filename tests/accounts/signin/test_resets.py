"""A lost second step: an administrator takes it off, for members below them, or the operator by a command."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.logs import security_log
from accounts.models import User
from forum.permissions import NotAllowed
from moderation.actions.second_steps import take_off
from moderation.log.entries import Why
from moderation.models import ModerationEntry
from tests.accounts.signin.steps import app_of, prove, sign_in
from tests.factories import make_user
from tests.forum.factories import make_subforum
from tests.mailbox import sent
from tests.moderation.factories import make_admin, make_moderator

pytestmark = pytest.mark.django_db
WHY = {"reason": "We met in Osh."}


def path_of(member):
    return f"/moderation/members/{member.username}/second-step/"


def test_an_administrator_takes_it_off_and_it_is_logged_and_told(client):
    member = make_moderator(make_subforum(), username="kettle")
    app_of(member)
    elsewhere = Client()
    elsewhere.force_login(member)
    client.force_login(make_admin())
    prove(client)

    assert "Second step lost" in client.get("/moderation/members/kettle/").text
    for _ in range(2):
        client.post(path_of(member), WHY)

    assert not Authenticator.objects.filter(user=member).exists()
    entry = ModerationEntry.objects.get()
    assert (entry.verb, entry.member, entry.words.reason) == ("reset-second-step", member, WHY["reason"])
    assert elsewhere.get("/settings/").status_code == 302
    assert [letter.subject for letter in sent()] == ["Your second step was taken off at Borderpost"]
    assert sent()[0].to == ["kettle@example.org"]
    sign_in(elsewhere, "kettle")
    assert elsewhere.get("/settings/").status_code == 200


def test_a_reason_is_asked_for_and_proof(client):
    member = make_user()
    app_of(member)
    client.force_login(make_admin())

    assert client.post(path_of(member), WHY)["Location"].startswith("/account/reauthenticate/")
    prove(client)
    assert client.post(path_of(member), {"reason": " \u200b"}).status_code == 400
    assert Authenticator.objects.filter(user=member).exists()


def test_nobody_takes_off_their_own_or_that_of_an_equal(client):
    admin, other = make_admin(), make_admin()
    for user in (admin, other):
        app_of(user)
    client.force_login(admin)
    prove(client)

    assert [client.post(path_of(user), WHY).status_code for user in (admin, other)] == [403, 403]
    client.force_login(make_moderator(make_subforum()))
    prove(client)
    assert client.post(path_of(make_user()), WHY).status_code == 403
    assert Authenticator.objects.count() == 4


def test_the_act_itself_asks_who_it_is():
    member = make_user()
    app_of(member)

    with pytest.raises(NotAllowed):
        take_off(make_moderator(make_subforum()), member, Why(reason="We met in Osh."))

    assert Authenticator.objects.filter(user=member).exists()


def test_it_stands_in_no_public_log_and_cannot_be_taken_back(client):
    member = make_user()
    app_of(member)
    client.force_login(make_admin())
    prove(client)
    client.post(path_of(member), WHY)

    assert "second step" not in Client().get("/log/").text
    entry = ModerationEntry.objects.get()
    client.post(f"/moderation/entries/{entry.pk}/undo/")
    assert ModerationEntry.objects.count() == 1


def test_the_operator_takes_it_off_by_a_command(capsys, caplog, settings):
    settings.SECOND_STEP_FOR_STAFF = True
    admin = make_user("kettle", is_staff=True)
    app_of(admin)
    User.objects.filter(pk=admin.pk).update(second_step_due_at=admin.joined_at)
    security_log.logger.addHandler(caplog.handler)

    call_command("reset_second_step", "KETT1E")
    call_command("reset_second_step", "kettle@example.org")
    with pytest.raises(CommandError, match="Nobody has this name"):
        call_command("reset_second_step", "nobody")
    security_log.logger.removeHandler(caplog.handler)

    said = capsys.readouterr().out
    assert "kettle is signed out everywhere" in said
    assert "rights as moderator or administrator rest" in said
    assert "kettle has no second step." in said
    assert [letter.subject for letter in sent()] == ["Your second step was taken off at Borderpost"]
    events = [json.loads(line.getMessage())["event"] for line in caplog.records if line.name == "borderpost.security"]
    assert events == ["second-step-reset"]


def test_whoever_makes_an_administrator_is_told(capsys, monkeypatch, settings):
    settings.SECOND_STEP_FOR_STAFF = True
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "slow train to osh")

    call_command("createsuperuser", interactive=False, username="kopek", email="kopek@example.org")

    assert "add a second step within a week" in capsys.readouterr().out
    assert User.objects.get().second_step_due_at is not None
