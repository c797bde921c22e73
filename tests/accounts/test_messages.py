"""Django's messages: of members in a signed cookie, of visitors and where they are too long in the session."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import SUCCESS
from django.contrib.sessions.backends.cache import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse

from accounts.members.message_storage import MemberCookie, MessageStorage
from tests.factories import make_user
from tests.forum.factories import make_topic

COOKIE = MemberCookie.cookie_name


def request_of(user, cookies=None, session=None):
    request = HttpRequest()
    request.user, request.session = user, session if session is not None else SessionStore()
    request.COOKIES = {"session": "of-theirs", **(cookies or {})}
    return request


def cookies_after(user, *words):
    storage, answer = MessageStorage(request_of(user)), HttpResponse()
    for message in words:
        storage.add(SUCCESS, message)
    storage.update(answer)
    return {name: morsel.value for name, morsel in answer.cookies.items()}


@pytest.mark.django_db
def test_a_member_reads_a_message_once_and_no_session_is_written(client):
    topic = make_topic()
    client.force_login(make_user())
    client.get("/about/")  # notes the session
    key = client.cookies["session"].value
    before = Session.objects.get(pk=key).session_data

    sent = client.post(f"/topics/{topic.pk}/reply/", {"source": "It was open on Monday."})
    first, second = client.get("/about/"), client.get("/about/")

    assert sent.cookies[COOKIE]["httponly"]
    assert sent.cookies[COOKIE]["samesite"] == "Lax"
    assert "Reply posted." in first.text
    assert "Reply posted." not in second.text
    assert client.cookies[COOKIE].value == ""
    assert Session.objects.get(pk=key).session_data == before


@pytest.mark.django_db
def test_only_the_member_whom_it_was_for_reads_a_message():
    member, other = make_user(), make_user()
    cookies = cookies_after(member, "Your flag was sent.")

    assert [str(message) for message in MessageStorage(request_of(member, cookies))] == ["Your flag was sent."]
    for user in (other, AnonymousUser()):
        assert list(MessageStorage(request_of(user, cookies))) == []


@pytest.mark.django_db
def test_a_cookie_that_was_changed_is_not_read_and_goes():
    member = make_user()
    cookies = {COOKIE: cookies_after(member, "Your flag was sent.")[COOKIE][:-1] + "!"}
    storage, answer = MessageStorage(request_of(member, cookies)), HttpResponse()

    shown = list(storage)
    storage.update(answer)

    assert shown == []
    assert answer.cookies[COOKIE].value == ""


@pytest.mark.django_db
def test_the_cookie_of_a_member_who_has_signed_out_goes():
    cookies = cookies_after(make_user(), "Your flag was sent.")
    session = SessionStore()
    storage, answer = MessageStorage(request_of(AnonymousUser(), cookies, session)), HttpResponse()

    storage.add(SUCCESS, "You are signed out.")
    storage.update(answer)

    assert answer.cookies[COOKIE].value == ""
    assert "You are signed out." in session["_messages"]
    assert "flag" not in session["_messages"]


@pytest.mark.django_db
def test_what_does_not_fit_into_a_cookie_is_in_the_session():
    member, session = make_user(), SessionStore()
    words = [f"{number} " + "".join(chr(0x4E00 + (number * 997 + place * 31) % 20_000) for place in range(150))
             for number in range(6)]  # fmt: skip
    storage, answer = MessageStorage(request_of(member, session=session)), HttpResponse()
    for message in words:
        storage.add(SUCCESS, message)
    storage.update(answer)

    cookies = {COOKIE: answer.cookies[COOKIE].value}
    found = [str(message) for message in MessageStorage(request_of(member, cookies, session))]

    assert len(answer.cookies[COOKIE].output()) < 4_000
    assert session["_messages"]
    assert found == words
