"""One line of JSON for each event: who, what, from where, in UTC, and no secret."""

import json
import logging
from datetime import datetime, timedelta

import pytest
from django.test import Client

from accounts.logs import security_log
from moderation.actions import member_acts
from tests.accounts.signin.steps import prove
from tests.factories import PASSWORD, make_user
from tests.forum.factories import make_post, make_subforum
from tests.mailbox import sent
from tests.moderation.factories import WHY, make_admin, make_moderator

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(caplog):
    """The lines that were written so far, each read as JSON."""
    security_log.logger.addHandler(caplog.handler)
    yield lambda: [json.loads(record.getMessage()) for record in caplog.records if record.name == "borderpost.security"]
    security_log.logger.removeHandler(caplog.handler)


def events(lines):
    return [line["event"] for line in lines()]


def sign_in(client, login, password):
    return client.post("/account/login/", {"login": login, "password": password}, REMOTE_ADDR="192.0.2.7")


def test_a_sign_in_and_a_failure_are_noted_with_time_and_address(client, lines):
    member = make_user("kettle")

    sign_in(client, "kettle", "a wrong passphrase")
    sign_in(client, "kettle", PASSWORD)

    failed, done = lines()
    assert (failed["event"], failed["login"]) == ("sign-in-failed", f"account {member.pk}")
    assert (done["event"], done["of"], done["address"], done["route"]) == (
        "signed-in", member.pk, "192.0.2.7", "account_login",
    )  # fmt: skip
    assert datetime.fromisoformat(done["at"]).utcoffset() == timedelta(0)


def test_what_was_typed_stands_nowhere(client, lines):
    make_user("kettle")

    sign_in(client, "my secret passphrase", "a wrong passphrase")
    sign_in(client, "kettle", PASSWORD)
    client.post("/account/password/reset/", {"email": "kettle@example.org"})
    link = next(word for word in sent()[-1].body.split() if "/reset/key/" in word)
    client.get(link, follow=True)
    told = json.dumps(lines())

    for secret in ("passphrase", PASSWORD, "kettle@example.org", link.split("/key/")[1]):
        assert secret not in told


def test_no_text_from_outside_begins_a_line(client, caplog, lines):
    sign_in(client, "a\r\nFAKE\u2028line", "x")
    security_log.note("limit", scope='a\r\n{"event": "signed-in"}\u2028\x85')

    for record in caplog.records:
        assert len(record.getMessage().splitlines()) == 1
    assert events(lines) == ["sign-in-failed", "limit"]


def test_limits_and_refusals_are_noted(client, settings, lines):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"search": "1/1h"}
    member = make_user()
    client.force_login(member)
    client.get("/staff/")
    client.get("/search/?q=bedel")
    client.get("/search/?q=bedel")
    Client(enforce_csrf_checks=True).post("/theme/", {"theme": "dark"})

    assert events(lines) == ["signed-in", "refused", "limit", "refused-form"]
    assert (lines()[1]["member"], lines()[1]["route"]) == (member.pk, "forum:staff")


def test_roles_and_badges_are_noted(client, lines):
    admin, member, subforum = make_user(is_staff=True, is_superuser=True), make_user("newmod"), make_subforum()
    client.force_login(admin)
    prove(client)

    client.post(f"/members/{member.username}/badges/", {"title": "China expert", "countries": "CN", "reason": "x"})
    client.post(f"/operator/accounts/user/{member.pk}/change/", {"trust": "1", "is_staff": "on", "is_active": "on"})
    fields = {"section": subforum.section_id, "name": subforum.name, "slug": subforum.slug, "access": "open"}
    client.post(f"/staff/subforums/{subforum.slug}/", fields | {"position": "1", "icon": "msg", "moderators": "newmod"})

    told = {line["event"]: line for line in lines()}
    assert told["badge-given"]["of"] == member.pk
    assert "is_staff" in told["member-changed"]["fields"]
    assert told["subforum-saved"]["moderators"] == [member.pk]


def test_acts_on_members_are_noted_when_they_are_committed(lines, django_capture_on_commit_callbacks):
    admin, member = make_admin(), make_user()

    with django_capture_on_commit_callbacks(execute=True):
        entry = member_acts.ban(admin, member, WHY)
        assert lines() == []

    assert [(line["verb"], line["by"], line["of"], line["entry"]) for line in lines()] == [
        ("ban", admin.pk, member.pk, entry.pk)
    ]


def test_looks_at_private_things_are_noted(client, lines):
    post = make_post()
    client.force_login(make_moderator(post.topic.subforum))

    client.post(f"/moderation/posts/{post.pk}/address/", REMOTE_ADDR="192.0.2.7")
    client.get(f"/moderation/members/{post.author.username}/")

    assert events(lines)[1:] in (["looked-at-member"], ["looked-at-address", "looked-at-member"])


def test_it_is_no_part_of_the_other_log_and_always_on(settings):
    assert security_log.logger.isEnabledFor(logging.INFO)
    assert settings.LOGGING["loggers"]["borderpost.security"]["propagate"] is False
