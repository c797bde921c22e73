"""The list of members: by name or time, page by page, for members only."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def reader(client):
    reader = make_user(username="zoe")
    client.force_login(reader)
    return reader


def listed(client, **query):
    return [member.username for member in client.get("/members/", query).context["rows"]]


def walk(client, path):
    found = []
    while path:
        context = client.get(path).context
        found += [member.username for member in context["rows"]]
        path = f"/members/{context['next_url']}" if context["next_url"] else ""
    return found


def test_by_name_whatever_the_capitals(client):
    for name in ("bakyt", "Aigul", "Ruslan"):
        make_user(username=name)

    assert listed(client) == ["Aigul", "bakyt", "Ruslan", "zoe"]


@pytest.mark.parametrize("order", ["", "newest"])
def test_page_by_page_nobody_is_missed_or_there_twice(client, monkeypatch, order):
    names = [f"rider_{letter}" for letter in "eadcb"]
    joined = timezone.now()
    for name in names:
        make_user(username=name, joined_at=joined)
    everybody = listed(client, order=order)
    monkeypatch.setattr("forum.views.members.member_directory.MEMBERS_PER_PAGE", 2)

    assert walk(client, f"/members/?order={order}") == everybody
    assert sorted(everybody) == sorted([*names, "zoe"])


def test_newest_first(client):
    for name in ("first", "second"):
        make_user(username=name)

    assert listed(client, order="newest") == ["second", "first", "zoe"]


@pytest.mark.parametrize(
    ("begins", "found"), [("ba", ["bakyt", "Basil"]), ("BAS", ["Basil"]), ("x", []), ("%", []), ("_", []), ("b\\", [])]
)
def test_by_how_the_name_begins(client, begins, found):
    for name in ("bakyt", "Basil", "Ruslan"):
        make_user(username=name)

    assert listed(client, q=begins) == found


@pytest.mark.parametrize("state", [{"is_active": False}, {"banned_at": timezone.now()}, {"email_confirmed_at": None}])
def test_who_left_was_banned_or_never_confirmed_is_not_listed(client, state):
    make_user(username="ghost", **state)

    assert listed(client) == ["zoe"]


def test_who_is_suspended_for_a_while_stays(client):
    make_user(username="hothead", suspended_until=timezone.now() + timezone.timedelta(days=2))

    assert listed(client) == ["hothead", "zoe"]


def test_nobody_after_whoever_is_not_there(client):
    assert listed(client, after="999999") == []
    assert client.get("/members/", {"after": "x"}).status_code == 404


def test_no_address_and_nothing_private_is_on_it(client, reader):
    member = make_user(username="bakyt", location="Naryn", bio="A guide.")

    page = client.get("/members/").text

    assert not [word for word in (member.email, reader.email, "Naryn", "A guide.") if word in page]


def test_a_visitor_is_sent_to_sign_in(client):
    client.logout()

    assert client.get("/members/").url.startswith("/account/login/")


def test_the_queries_do_not_grow(client):
    def asked():
        client.get("/members/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/members/")
        return len(queries)

    few = asked()
    for _ in range(4):
        make_user()

    assert asked() == few
