"""Sign-up that is open, by invitation, or closed."""

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Invitation, User
from accounts.signup import doors, invitations
from tests.accounts.test_signing_up import shown
from tests.factories import PASSWORD, make_user
from tests.forum.test_at_once import at_once
from tests.mailbox import sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def by_invitation(settings):
    settings.SIGNUP, settings.INVITATIONS_FROM = "invitation", "trusted"
    settings.SITE_URL = "https://borderpost.example"


@pytest.fixture
def admin():
    return make_user("operator_1x", is_staff=True)


def path_of(invitation):
    return invitations.url_of(invitation).removeprefix("https://borderpost.example")


def sign_up(client, path="/account/signup/", username="kopek", email="kopek@example.org"):
    """As a browser: the form of that page, with its hidden fields."""
    page = client.get(path).text
    key = re.search(r'name="invitation" value="([^"]+)"', page)
    fields = {"username": username, "email": email, "password1": PASSWORD, "began": shown(seconds_ago=20)}
    return client.post("/account/signup/", fields | ({"invitation": key[1]} if key else {}))


def test_open_to_all_nobody_needs_an_invitation(client):
    assert sign_up(client).status_code == 302
    assert "Make an account" in client.get("/account/login/").text


@pytest.mark.parametrize(("mode", "words"), [("closed", "cannot be made at present"), ("invitation", "by invitation")])
def test_where_it_is_not_open_the_pages_say_so(client, settings, mode, words):
    settings.SIGNUP = mode

    for path in ("/account/login/", "/account/signup/"):
        page = client.get(path).text
        assert words in page
        assert "Make an account" not in page
    assert not User.objects.exists()
    assert sign_up(client).status_code == 200
    assert not User.objects.exists()


def test_the_letter_to_an_unknown_address_leads_to_no_closed_door(client, settings):
    settings.SIGNUP = "closed"

    client.post("/account/password/reset/", {"email": "who@example.org"})

    assert "signup" not in sent()[0].body


def test_an_invitation_lets_one_in(client, by_invitation, admin):
    made = invitations.invite(admin)

    assert sign_up(client, path_of(made)).status_code == 302

    made.refresh_from_db()
    assert made.members.get().user.username == "kopek"
    assert "This invitation was used" in Client().get(path_of(made)).text
    assert sign_up(Client(), path_of(made), "second_1x", "second@example.org").status_code == 200
    assert User.objects.filter(username="second_1x").count() == 0


def test_while_sign_up_is_closed_an_invitation_lets_nobody_in(client, by_invitation, admin, settings):
    made = invitations.invite(admin)
    settings.SIGNUP = "closed"

    sign_up(client, path_of(made))

    assert not User.objects.filter(username="kopek").exists()


def withdrawn(made):
    invitations.withdraw(made.made_by, made)


def over(made):
    Invitation.objects.update(ends_at=timezone.now() - timedelta(minutes=1))


def maker_suspended(made):
    User.objects.update(suspended_until=timezone.now() + timedelta(days=1))


@pytest.mark.parametrize("ends", [withdrawn, over, maker_suspended])
def test_what_ends_an_invitation_ends_also_the_form_that_is_open(client, by_invitation, admin, ends):
    made = invitations.invite(admin)
    key = invitations.key_of(made)
    ends(made)

    fields = {"username": "kopek", "email": "kopek@example.org", "password1": PASSWORD, "began": shown(seconds_ago=20)}
    answer = client.post("/account/signup/", fields | {"invitation": key})

    assert "By invitation" in answer.text
    assert not User.objects.filter(username="kopek").exists()


@pytest.mark.parametrize("key", ["", "1", "x:y:z", "MQ:1vPkzz:AAAA", "9" * 5000])
def test_an_invented_invitation_is_none(client, by_invitation, key):
    assert "By invitation" in client.get("/account/signup/", {"invitation": key}).text


def test_an_address_with_an_account_uses_it_up_too_so_that_nobody_learns_of_it(client, by_invitation, admin):
    make_user("kettle", email="kopek@example.org")
    made = invitations.invite(admin)

    answer = sign_up(client, path_of(made))

    assert answer["Location"] == "/account/confirm-email/"
    made.refresh_from_db()
    assert (made.uses_count, made.members.count()) == (1, 0)


def test_a_letter_brings_the_link_to_one_reader(client, by_invitation, admin):
    client.force_login(admin)

    client.post("/invitations/", {"note": "From the ferry", "address": "Guest@Example.org", "most_uses": "5"})

    letter = sent()[0]
    assert letter.to == ["guest@example.org"]
    path = re.search(r"https://borderpost\.example(\S+)", letter.body)[1]
    assert sign_up(Client(), path).status_code == 302
    made = Invitation.objects.get()
    assert (made.most_uses, made.uses_count, made.address) == (1, 1, "")


def test_a_withdrawn_invitation_sends_no_letter(client, by_invitation, admin):
    client.force_login(admin)
    client.post("/invitations/", {"address": "guest@example.org"})

    client.post(f"/invitations/{Invitation.objects.get().pk}/withdraw/")

    assert sent() == []
    assert Invitation.objects.get().address == ""


def test_the_list_has_the_link_to_copy_who_joined_and_how_often(client, by_invitation, admin):
    client.force_login(admin)
    client.post("/invitations/", {"note": "The club <i>", "most_uses": "3"})
    made = Invitation.objects.get()
    sign_up(Client(), path_of(made))
    assert "kopek" not in client.get("/invitations/").text
    User.objects.filter(username="kopek").update(email_confirmed_at=timezone.now())

    page = client.get("/invitations/").text

    assert "The club &lt;i&gt;" in page
    assert "Used 1 of 3" in page
    assert "https://borderpost.example/account/signup/?invitation=" in page
    assert 'href="/members/kopek/"' in page


def test_members_of_standing_invite_where_the_setting_says_so(client, by_invitation, settings):
    client.force_login(make_user(trust=User.Trust.TRUSTED))

    assert client.post("/invitations/", {"note": "A friend", "most_uses": "50"}).status_code == 302
    assert Invitation.objects.get().most_uses == 1
    settings.INVITATIONS_FROM = "staff"
    assert client.get("/invitations/").status_code == 403


def test_newcomers_invite_nobody(client, by_invitation):
    client.force_login(make_user(trust=User.Trust.MEMBER))

    assert client.post("/invitations/", {"note": "A friend"}).status_code == 403
    assert not Invitation.objects.exists()


def test_a_member_sees_and_withdraws_only_their_own(client, by_invitation, admin):
    invitations.invite(admin, note="From the office")
    client.force_login(make_user(trust=User.Trust.TRUSTED))

    assert "From the office" not in client.get("/invitations/").text
    assert client.post(f"/invitations/{Invitation.objects.get().pk}/withdraw/").status_code == 403
    assert Invitation.objects.get().is_standing


def test_an_administrator_withdraws_a_members_and_never_sees_its_link(client, by_invitation, admin):
    made = invitations.invite(make_user("kettle", trust=User.Trust.TRUSTED), note="A friend")
    client.force_login(admin)

    page = client.get("/invitations/").text
    assert "kettle" in page
    assert "invitation=" not in page
    for _ in range(2):
        assert client.post(f"/invitations/{made.pk}/withdraw/").status_code == 302
    made.refresh_from_db()
    assert made.withdrawn_by == admin


def test_five_of_a_member_stand_at_once(client, by_invitation):
    member = make_user(trust=User.Trust.TRUSTED)
    client.force_login(member)

    codes = [client.post("/invitations/", {}).status_code for _ in range(6)]

    assert codes == [302] * 5 + [400]


@pytest.mark.parametrize(
    "fields",
    [{"note": "x" * 81}, {"address": "no address"}, {"most_uses": "0"}, {"most_uses": "101"}, {"note": "a\0b"}],
)
def test_a_mistake_is_told_in_words(client, by_invitation, admin, fields):
    client.force_login(admin)

    assert client.post("/invitations/", fields).status_code == 400
    assert not Invitation.objects.exists()


def test_addresses_of_what_stands_no_more_are_forgotten(by_invitation, admin):
    standing = invitations.invite(admin, address="a@example.org")
    ended = invitations.invite(admin, address="b@example.org")
    Invitation.objects.filter(pk=ended.pk).update(ends_at=timezone.now())

    for _ in range(2):
        invitations.forget_addresses()

    assert [row.address for row in Invitation.objects.order_by("pk")] == [standing.address, ""]


def two_at_once(admin):
    """Who of two got in by an invitation for one."""
    key, members = invitations.key_of(invitations.invite(admin)), [make_user(), make_user()]
    let_in = []

    def go_through(member):
        with transaction.atomic():
            if invitations.use(key, member):
                let_in.append(member)

    failures = at_once(*[lambda member=member: go_through(member) for member in members])
    return let_in, failures


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_by_an_invitation_for_one_one_gets_in(by_invitation):
    for _ in range(5):
        let_in, failures = two_at_once(make_user(is_staff=True))
        assert (len(let_in), failures) == (1, [])


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_the_database_refuses_the_second(by_invitation, monkeypatch):
    """Proof that they meet: without the lock both find it standing, and the constraint stops one with an error."""
    monkeypatch.setattr(type(Invitation.objects.all()), "select_for_update", lambda rows, **kw: rows)

    results = [two_at_once(make_user(is_staff=True)) for _ in range(30)]

    assert any(failures for _, failures in results)


def test_the_door_is_the_forms_own(rf, by_invitation, admin):
    key = invitations.key_of(invitations.invite(admin))

    assert doors.may_sign_up(rf.get("/", {"invitation": key}))
    assert doors.may_sign_up(rf.post("/", {"invitation": key}))
    assert not doors.may_sign_up(rf.post(f"/?invitation={key}", {}))


def is_late(user, settings):
    """As an administrator whose second step is due."""
    settings.SECOND_STEP_FOR_STAFF = True
    User.objects.filter(pk=user.pk).update(second_step_due_at=timezone.now() - timedelta(minutes=1))


def test_an_administrator_whose_second_step_is_due_invites_nobody(client, by_invitation, admin, settings):
    made = invitations.invite(make_user("kettle", trust=User.Trust.TRUSTED))
    is_late(admin, settings)
    client.force_login(admin)

    assert client.get("/invitations/").status_code == 403
    assert client.post("/invitations/", {"note": "A friend"}).status_code == 403
    assert client.post(f"/invitations/{made.pk}/withdraw/").status_code == 403
    assert Invitation.objects.get().is_standing


def test_an_administrator_whose_second_step_is_due_invites_as_the_member_they_are(
    client, by_invitation, admin, settings
):
    invitations.invite(make_user("kettle", trust=User.Trust.TRUSTED), note="From elsewhere")
    User.objects.filter(pk=admin.pk).update(trust=User.Trust.TRUSTED)
    is_late(admin, settings)
    client.force_login(admin)

    assert "From elsewhere" not in client.get("/invitations/").text
    client.post("/invitations/", {"note": "A friend", "most_uses": "50"})
    assert Invitation.objects.get(made_by=admin).most_uses == 1


def test_the_invitations_of_an_administrator_whose_second_step_is_due_rest(client, by_invitation, admin, settings):
    made = invitations.invite(admin)
    is_late(admin, settings)

    sign_up(client, path_of(made))

    assert not User.objects.filter(username="kopek").exists()
