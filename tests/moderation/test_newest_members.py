"""Moderators look through the newest members."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from moderation.models import PostAddress
from moderation.views.members import newest_members
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.moderation.factories import make_admin, make_flag, make_moderator

pytestmark = pytest.mark.django_db
PATH = "/moderation/newest/"


@pytest.fixture
def topic():
    return make_topic(author=make_admin(), title="Torugart in June")


@pytest.fixture
def moderator(client, topic):
    user = make_moderator(topic.subforum)
    client.force_login(user)
    return user


def names_on(client, query=""):
    page = client.get(PATH + query)
    return [member.username for member, _ in page.context["rows"]]


def test_the_newest_come_first_with_their_first_post(client, moderator, topic):
    at = timezone.now()
    old = make_user(username="old_hand", joined_at=at + timedelta(minutes=1))
    new = make_user(username="newcomer", joined_at=at + timedelta(minutes=2))
    first = make_post(topic=topic, author=new)
    make_post(topic=topic, author=new)

    page = client.get(PATH)

    assert [member.username for member, _ in page.context["rows"]][:2] == [new.username, old.username]
    assert f"/posts/{first.pk}/" in page.text
    assert "/moderation/members/newcomer/" in page.text


def test_who_joined_long_ago_is_not_listed(client, moderator):
    make_user(username="old_hand", joined_at=timezone.now() - timedelta(days=91))

    assert "old_hand" not in names_on(client)


def test_filters_by_what_they_wrote(client, moderator, topic):
    make_user(username="quiet")
    for name, source in (("linker", "See https://example.org/now."), ("plain", "Bring cash.")):
        make_post(topic=topic, author=make_user(username=name, trust=User.Trust.MEMBER), source=source)
    make_post(topic=topic, author=make_user(username="waiter"), held_at=timezone.now())

    found = {only: names_on(client, f"?only={only}") for only in ("quiet", "held", "links")}

    assert "quiet" in found["quiet"]
    assert not {"linker", "plain", "waiter"} & set(found["quiet"])
    assert (found["held"], found["links"]) == (["waiter"], ["linker"])


def test_what_waits_elsewhere_and_what_may_not_be_read_tells_nothing(client, moderator):
    staff = make_topic(subforum=make_subforum(access="staff"), author=make_admin(), title="The xylophone plan")
    newcomer = make_user(username="newcomer")
    make_post(topic=staff, author=make_admin())
    hidden = make_topic(
        author=newcomer, title="A xylophone for sale", source="https://example.org/", held_at=timezone.now()
    )
    make_flag(make_post(author=newcomer))

    page = client.get(PATH).text

    assert "xylophone" not in page
    assert "flag</span>" not in page
    assert names_on(client, "?only=held") == []
    assert hidden.author.username not in names_on(client, "?only=links")


def test_only_administrators_are_told_of_one_address_of_many(client, moderator, topic):
    for name in ("one", "two"):
        post = make_post(topic=topic, author=make_user(username=name))
        PostAddress.objects.update_or_create(post=post, defaults={"address": "192.0.2.7", "at": timezone.now()})

    to_moderator = client.get(PATH).text
    client.force_login(make_admin())
    to_administrator = client.get(PATH).text

    assert "Wrote from an address" not in to_moderator
    assert to_administrator.count("Wrote from an address of 1 other member") == 2
    assert "192.0.2.7" not in to_administrator


def test_pages_follow_each_other(client, moderator, monkeypatch):
    monkeypatch.setattr(newest_members, "MEMBERS_PER_PAGE", 2)
    at = timezone.now()
    for number in range(5):
        make_user(username=f"newcomer{number}", joined_at=at)

    seen, address = [], ""
    while address is not None:
        page = client.get(PATH + address)
        seen += [member.username for member, _ in page.context["rows"]]
        older = page.context["older"]
        address = f"?after={older}" if older else None

    assert len(seen) == len(set(seen)) >= 5


def test_the_list_asks_no_more_for_more_members(client, moderator, topic):
    client.get(PATH)
    with CaptureQueriesContext(connection) as before:
        client.get(PATH)
    for _ in range(4):
        make_flag(make_post(topic=topic, author=make_user()))
    with CaptureQueriesContext(connection) as after:
        client.get(PATH)

    assert len(after) == len(before)


def test_it_is_for_moderators(client):
    client.force_login(make_user())

    assert client.get(PATH).status_code == 403


def test_a_moderator_is_not_led_to_the_record_of_an_equal(client, moderator, topic):
    equal = make_moderator(topic.subforum, username="an_equal")

    page = client.get(PATH).text

    assert equal.get_absolute_url() in page
    assert "/moderation/members/an_equal/" not in page
