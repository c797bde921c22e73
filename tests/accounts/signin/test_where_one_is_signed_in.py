"""The list of one's own sessions: device, block of addresses, last use; ending one or all others."""

import re
import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import MemberSession, User
from accounts.signin import devices
from accounts.signin.browser_words import browser_words
from tests.accounts.signin.steps import prove, sign_in
from tests.factories import PASSWORD, make_user
from tests.mailbox import sent

pytestmark = pytest.mark.django_db
PAGE = "/settings/signing-in/"
PHONE = "Mozilla/5.0 (Android 14; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0"


def is_signed_in(client):
    return client.get("/settings/").status_code == 200


def device_of(user, **extra):
    client = Client(**extra)
    client.force_login(user)
    return client


def test_a_sign_in_stands_in_the_list_with_device_and_block(client):
    make_user("kettle")
    sign_in(client, "kettle", REMOTE_ADDR="203.0.113.77", HTTP_USER_AGENT=PHONE)

    page = client.get(PAGE).text

    assert "Firefox on Android" in page
    assert "203.0.113.…, now" in page
    assert "203.0.113.77" not in page
    assert "this one" in page
    assert client.session.session_key not in page
    kept = MemberSession.objects.get()
    assert (kept.device, kept.place) == ("Firefox on Android", "203.0.113.0/24")


@pytest.mark.parametrize(
    ("address", "block", "shown"),
    [
        ("192.0.2.9", "192.0.2.0/24", "192.0.2.…"),
        ("2001:db8:5:7::1", "2001:db8:5::/48", "2001:db8:5:…"),
        ("::ffff:192.0.2.9", "192.0.2.0/24", "192.0.2.…"),
        ("unknown", "", ""),
    ],
)
def test_places_are_blocks(address, block, shown):
    assert devices.block_of(address) == block
    assert MemberSession(place=block).short_place == shown


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (PHONE, "Firefox on Android"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/120.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (iPhone; like Mac OS X) Version/17.0 Mobile Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) CriOS/120.0 Mobile Safari/604.1", "Chrome on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537.36 Edg/120.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/17 Safari/605", "Safari on Mac"),
        ("curl/8.0", "A browser that does not say its name"),
        ("", "A browser that does not say its name"),
        ("<b>\x00" * 9000, "A browser that does not say its name"),
        ("Linux", "A browser on Linux"),
    ],
)  # fmt: skip
def test_devices_are_told_in_plain_words(agent, words):
    assert browser_words(agent) == words


def test_use_is_written_once_an_hour_and_never_for_visitors(client):
    user = make_user()
    client.force_login(user)
    client.get("/settings/")
    with CaptureQueriesContext(connection) as within_the_hour:
        client.get("/settings/")
    session = client.session
    session["noted"] = [time.time() - 3601, session.session_key]
    session.save()
    with CaptureQueriesContext(connection) as after_it:
        client.get("/settings/")
    with CaptureQueriesContext(connection) as of_a_visitor:
        Client().get("/")

    def writes(queries):
        return [query["sql"] for query in queries if "accounts_membersession" in query["sql"]]

    assert writes(within_the_hour) == []
    assert len(writes(after_it)) == 1
    assert writes(of_a_visitor) == []


def test_a_longer_list_asks_no_more(client):
    user = make_user()
    client.force_login(user)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        client.get(PAGE)
    for _ in range(5):
        device_of(user)
    with CaptureQueriesContext(connection) as many:
        page = client.get(PAGE)

    assert page.text.count("<b>A browser") == 6
    assert len(many) == len(one)


def test_a10_one_session_is_ended_from_another(client):
    user = make_user()
    lost = device_of(user)
    client.force_login(user)
    prove(client)
    number = MemberSession.objects.order_by("pk").first().pk

    for _ in range(2):
        client.post(f"{PAGE}end/{number}/")

    assert not is_signed_in(lost)
    assert is_signed_in(client)
    assert MemberSession.objects.count() == 1


def test_nobody_ends_the_session_of_somebody_else(client):
    other = device_of(make_user())
    number = MemberSession.objects.get().pk
    client.force_login(make_user())
    prove(client)

    answers = [client.post(f"{PAGE}end/{pk}/").status_code for pk in (number, 10**9, 10**18)]

    assert is_signed_in(other)
    assert answers == [302] * 3


def test_all_others_are_ended_at_once_also_those_that_were_never_noted(client):
    user = make_user()
    others = [device_of(user) for _ in range(3)]
    MemberSession.objects.filter(user=user).delete()
    others.append(device_of(user))
    client.force_login(user)
    prove(client)

    client.post(f"{PAGE}end-others/")

    assert [is_signed_in(other) for other in others] == [False] * 4
    assert is_signed_in(client)
    assert client.get(PAGE).text.count("<b>A browser") == 1


def test_ending_wants_proof_and_goes_on_after_it(client):
    user = make_user()
    lost = device_of(user)
    client.force_login(user)
    number = MemberSession.objects.order_by("pk").first().pk

    asked = client.post(f"{PAGE}end/{number}/")
    assert asked["Location"].startswith("/account/reauthenticate/?next=")
    assert is_signed_in(lost)

    client.post(asked["Location"], {"password": PASSWORD, "next": f"{PAGE}end/{number}/"})
    assert not is_signed_in(lost)


def test_a_link_ends_nothing(client):
    user = make_user()
    lost = device_of(user)
    client.force_login(user)
    prove(client)

    for path in (f"end/{MemberSession.objects.order_by('pk').first().pk}/", "end-others/"):
        assert client.get(PAGE + path).status_code == 302
    assert is_signed_in(lost)


def test_signing_out_takes_the_row_along(client):
    client.force_login(make_user())
    assert MemberSession.objects.count() == 1

    client.post("/account/logout/")

    assert not MemberSession.objects.exists()


def test_a4_a_changed_password_leaves_one_row(client):
    user = make_user("kettle")
    device_of(user)
    client.force_login(user)

    new = "a slower train to osh"
    client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    client.get(PAGE)

    assert [kept.session_id for kept in MemberSession.objects.all()] == [client.session.session_key]


def test_expired_and_old_sessions_are_swept_with_their_rows():
    expired, old, young = make_user(), make_user(), make_user()
    for user in (expired, old, young):
        device_of(user)
    now = timezone.now()
    Session.objects.filter(pk__in=MemberSession.objects.filter(user=expired).values("session")).update(
        expire_date=now - timedelta(minutes=1)
    )
    MemberSession.objects.filter(user=old).update(began_at=now - devices.LONGEST - timedelta(days=1))

    call_command("clearsessions")
    devices.end_old()

    assert [kept.user_id for kept in MemberSession.objects.all()] == [young.pk]
    assert Session.objects.count() == 1


def test_a_session_that_ends_meanwhile_is_not_written_again(client):
    user = make_user()
    client.force_login(user)
    session = client.session
    session["noted"] = [0, ""]
    Session.objects.all().delete()

    assert client.get(PAGE).status_code == 302
    assert not MemberSession.objects.exists()


def test_a_new_device_is_told_by_letter_and_a_known_one_is_not():
    user = make_user("kettle")
    first, other = Client(), Client()
    sign_in(first, "kettle")
    assert sent() == []

    sign_in(other, "kettle")
    assert [letter.subject for letter in sent()] == ["A new device at Borderpost"]
    letter = sent()[-1].body
    assert "/settings/signing-in/" in letter
    assert "/account/password/reset/" in letter

    for client in (first, other):
        client.post("/account/logout/")
        sign_in(client, "kettle")
    assert len(sent()) == 1
    assert User.objects.get(pk=user.pk).last_login


def test_a_forged_or_borrowed_cookie_makes_no_device_known(client):
    make_user("kettle")
    make_user("kopek")
    sign_in(client, "kettle")
    sign_in(Client(), "kopek")
    borrowed = client.cookies["known"].value
    forged = re.sub(r"^.", "x", borrowed)

    for value in (borrowed, forged, "", "\ud83d"[:0] + "ü"):
        thief = Client()
        thief.cookies["known"] = value
        sign_in(thief, "kopek")

    assert len(sent()) == 1  # one waits for all that happened meanwhile
    assert sent()[0].to == ["kopek@example.org"]
