"""A member gets another name, and everything says so."""

import pytest

from accounts.rename import rename
from forum import markup
from forum.models import SiteVersion
from tests.factories import make_user
from tests.forum.factories import make_post

pytestmark = pytest.mark.django_db


def test_an_administrator_renames_a_member(client):
    member = make_user(username="yakrider")
    client.force_login(make_user(is_staff=True))

    answer = client.post("/members/yakrider/rename/", {"name": "Yak of Naryn"})

    member.refresh_from_db()
    assert (member.username, answer.url) == ("Yak of Naryn", member.get_absolute_url())
    assert client.get("/members/yakrider/").status_code == 404


@pytest.mark.parametrize("name", ["", "ab", "moderator", "occupied", "0ccupied", "x" * 31, "bad\u202ename"])
def test_a_name_nobody_may_have_is_refused_in_words(client, name):
    make_user(username="occupied")
    member = make_user(username="yakrider")
    client.force_login(make_user(is_staff=True))

    answer = client.post("/members/yakrider/rename/", {"name": name})

    member.refresh_from_db()
    assert (answer.status_code, member.username) in {(400, "yakrider"), (200, "yakrider")}
    assert 'role="alert"' in answer.text


def test_others_rename_nobody(client):
    make_user(username="yakrider")
    client.force_login(make_user(username="somebody"))

    assert client.post("/members/yakrider/rename/", {"name": "Ridiculous"}).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_mentions_and_quotes_follow():
    member = make_user(username="yakrider")
    quoted = make_post(author=member)
    mention = make_post(source="Ask @yakrider.")
    quote = make_post(topic=quoted.topic, source=markup.quote("yakrider", quoted.pk, "Bring cash."))
    version = quote.topic.version

    rename(member, "naryn_rider")

    for post in (mention, quote):
        post.refresh_from_db()
    assert "/members/yakrider/" not in mention.html
    assert "naryn_rider" in quote.html
    quote.topic.refresh_from_db()
    assert quote.topic.version > version


def test_the_same_name_again_changes_nothing():
    member = make_user(username="yakrider")
    before = list(SiteVersion.objects.values_list("version"))

    rename(member, "yakrider")

    assert list(SiteVersion.objects.values_list("version")) == before
