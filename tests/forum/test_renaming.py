"""A member gets another name, and everything says so."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.members.rename import rename
from accounts.models import FormerName, User
from forum import markup
from forum.models import SiteVersion
from moderation.models import ModerationEntry
from tests.accounts.test_signing_up import sign_up
from tests.factories import make_user
from tests.forum.factories import make_post
from tests.forum.test_at_once import at_once

pytestmark = pytest.mark.django_db


def test_an_administrator_renames_a_member(client):
    member = make_user(username="yakrider")
    client.force_login(make_user(is_staff=True))

    answer = client.post("/members/yakrider/rename/", {"name": "Yak of Naryn"})

    member.refresh_from_db()
    assert (member.username, answer.url) == ("Yak of Naryn", member.get_absolute_url())
    assert client.get("/members/yakrider/")["Location"] == member.get_absolute_url()


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


# --- By the member ---


@pytest.fixture
def member():
    return make_user(username="yakrider")


def change_name(client, name):
    return client.post("/settings/name/", {"name": name})


def test_a_member_changes_their_own_name(client, member):
    client.force_login(member)

    assert change_name(client, " Naryn  Rider ").status_code == 302

    member.refresh_from_db()
    assert member.username == "Naryn Rider"
    assert "yakrider" in client.get("/settings/name/").text


def test_then_they_wait_and_administrators_do_not(client, member, settings):
    client.force_login(member)
    change_name(client, "naryn_rider")

    answer = change_name(client, "third_name")

    assert answer.status_code == 400
    assert "again from" in answer.text
    rename(member, "third_name", by=make_user(is_staff=True))
    member.refresh_from_db()
    assert member.username == "third_name"
    assert change_name(client, "fourth_name").status_code == 400
    FormerName.objects.update(given_up_at=timezone.now() - timedelta(days=settings.NAME_CHANGE_DAYS, minutes=1))
    assert change_name(client, "fourth_name").status_code == 302


def test_what_an_administrator_changed_makes_nobody_wait(client, member):
    rename(member, "naryn_rider", by=make_user(is_staff=True))
    client.force_login(member)

    assert change_name(client, "yak_of_naryn").status_code == 302


@pytest.mark.parametrize(
    "name", ["", "ab", "moderator", "occupied", "0ccupied", "x" * 31, "bad\u202ename", "a\0b", "y" * 300]
)
def test_a_name_a_member_may_not_have_is_refused_in_words(client, member, name):
    make_user(username="occupied")
    client.force_login(member)

    answer = change_name(client, name)

    assert answer.status_code == 400
    member.refresh_from_db()
    assert member.username == "yakrider"


def test_a_suspended_member_keeps_the_name(client, member):
    User.objects.update(suspended_until=timezone.now() + timedelta(days=1))
    client.force_login(member)

    assert change_name(client, "naryn_rider").status_code == 403


@pytest.mark.parametrize("name", ["yakrider", "YAKRIDER", "yakr1der"])
def test_within_a_year_the_old_name_and_what_looks_like_it_are_free_for_nobody_else(client, member, name):
    rename(member, "naryn_rider")

    assert "looks like one that is" in sign_up(client, username=name).text
    with pytest.raises(ValidationError):
        rename(make_user(), name)

    FormerName.objects.update(given_up_at=timezone.now() - timedelta(days=365, minutes=1))
    assert sign_up(client, username=name).status_code == 302


def test_the_member_may_go_back_to_it(member):
    rename(member, "naryn_rider")
    rename(member, "yakrider")

    member.refresh_from_db()
    assert member.username == "yakrider"


def test_old_addresses_and_mentions_lead_to_the_member(client, member):
    rename(member, "naryn_rider")
    rename(member, "third_name")

    for old in ("yakrider", "YAKRIDER", "naryn_rider"):
        answer = client.get(f"/members/{old}/")
        assert (answer.status_code, answer["Location"]) == (302, "/members/third_name/")
    assert client.get("/members/yakrider/topics/")["Location"] == "/members/third_name/topics/"
    assert 'href="/members/third_name/"' in make_post(source="Ask @yakrider there.").html
    assert 'href="/members/third_name/"' in make_post(source="Ask @naryn_rider there.").html


def test_a_name_that_somebody_else_took_after_a_year_is_theirs(client, member):
    rename(member, "naryn_rider")
    FormerName.objects.update(given_up_at=timezone.now() - timedelta(days=366))
    make_user(username="yakrider", email="second@example.org")

    assert client.get("/members/yakrider/").status_code == 200
    assert 'href="/members/yakrider/"' in make_post(source="Ask @yakrider there.").html


def test_the_old_name_of_a_closed_account_leads_nowhere(client, member):
    rename(member, "naryn_rider")
    User.objects.filter(pk=member.pk).update(is_active=False)

    assert client.get("/members/yakrider/").status_code == 404


def test_moderators_see_which_names_somebody_had_and_others_do_not(client, member):
    rename(member, "naryn_rider", by=member)
    client.force_login(make_user())
    assert "yakrider" not in client.get("/members/naryn_rider/").text

    client.force_login(make_user(is_staff=True))

    assert "yakrider" in client.get("/moderation/members/naryn_rider/").text


def test_an_administrators_change_stands_in_the_log_and_a_members_own_does_not(member):
    admin = make_user(is_staff=True)
    rename(member, "naryn_rider", by=member)
    rename(member, "third_name", by=admin)

    entry = ModerationEntry.objects.get()
    assert (entry.by, entry.member, entry.verb) == (admin, member, "rename-member")
    assert entry.words.before["name"] == "naryn_rider"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_want_one_name_at_once_one_gets_it_and_the_other_words():
    for number in range(5):
        riders = [make_user(f"left_{number}_{side}x") for side in "ab"]
        wanted = f"wanted_{number}x"
        failures = at_once(*[lambda rider=rider, wanted=wanted: rename(rider, wanted) for rider in riders])

        assert [type(failure) for failure in failures] == [ValidationError]


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_change_a_name_once():
    member = make_user("yakrider")

    failures = at_once(*[lambda: rename(member, "naryn_rider", by=member)] * 2)

    assert failures == []
    assert FormerName.objects.filter(user=member).count() == 1
