"""Warning, suspending, banning and cleaning up, through the member's page."""

import pytest

from forum.models import Post
from moderation.models import ModerationEntry, Suspension, Warning
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.moderation.factories import make_admin, make_moderator

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return make_user(username="loud_lorry", trust=1)


@pytest.fixture
def admin(client):
    found = make_admin()
    client.force_login(found)
    return found


def act(client, member, name, **more):
    return client.post(
        f"/moderation/members/{member.username}/act/", {"act": name, "reason": "For order.", **more}, follow=True
    )


def test_a_member_is_warned_with_points_and_reason(client, admin, member):
    shown = act(client, member, "warn", points="2", reason="Please be kind.").content.decode()

    assert Warning.objects.get().points == 2
    assert "Warned loud_lorry." in shown
    assert "Please be kind." in shown


def test_a_member_is_suspended_for_days_and_can_write_again(client, admin, member):
    act(client, member, "suspend", days="3")
    act(client, member, "suspend", days="3")
    member.refresh_from_db()
    suspended = member.is_suspended
    act(client, member, "lift")
    member.refresh_from_db()

    assert Suspension.objects.count() == 1
    assert suspended
    assert not member.is_suspended


def test_a_ban_ends_as_it_began(client, admin, member):
    act(client, member, "ban")
    member.refresh_from_db()
    banned = member.is_banned
    shown = act(client, member, "unban").content.decode()
    member.refresh_from_db()

    assert banned
    assert not member.is_banned
    assert "Ended the ban of loud_lorry." in shown


def test_everything_of_a_spammer_is_hidden_and_comes_back(client, admin, member):
    post = make_post(author=member)

    act(client, member, "clean", reason="Advertising.")
    hidden = Post.objects.get(pk=post.pk).hidden_at
    client.post(f"/moderation/entries/{ModerationEntry.objects.get().pk}/undo/")

    assert hidden
    assert Post.objects.get(pk=post.pk).is_readable
    member.refresh_from_db()
    assert not member.is_banned


def test_what_makes_no_sense_is_said_and_what_was_typed_stays(client, admin, member):
    for data in (
        {"act": "suspend", "days": ""}, {"act": "suspend", "days": "0"}, {"act": "suspend", "days": "99999999999"},
        {"act": "warn", "points": "11"}, {"act": "warn", "rule": "44"}, {"act": "burn"}, {},
    ):  # fmt: skip
        response = client.post(f"/moderation/members/{member.username}/act/", data | {"reason": "My reason."})
        assert response.status_code == 400
        assert "My reason." in response.content.decode()
    assert not ModerationEntry.objects.exists()


def test_moderators_act_on_members_but_not_on_equals(client, member):
    subforum = make_subforum()
    moderator, equal = make_moderator(subforum), make_moderator(subforum)
    make_post(topic=make_topic(subforum=subforum), author=member)
    client.force_login(moderator)

    assert act(client, member, "warn").status_code == 200
    assert act(client, member, "ban").status_code == 403
    assert act(client, equal, "warn").status_code == 403
    assert act(client, moderator, "warn").status_code == 403


def test_what_only_administrators_may_is_said_beside_what_was_typed(client, member):
    moderator = make_moderator(make_subforum())
    make_post(topic=make_topic(subforum=moderator.moderated_subforums.get()), author=member)
    client.force_login(moderator)

    response = act(client, member, "suspend", days="60", reason="My reason.")

    assert response.status_code == 403
    assert "Only administrators may do this." in response.text
    assert "My reason." in response.text


def test_members_and_visitors_act_on_nobody(client, member):
    assert act(client, member, "warn").redirect_chain[0][0].startswith("/account/login/")
    client.force_login(make_user())
    assert act(client, member, "warn").status_code == 403
