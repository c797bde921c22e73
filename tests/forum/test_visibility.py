import pytest

from forum.actions import reactions, subforums
from forum.counters.recount import recount
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic, now

pytestmark = pytest.mark.django_db


def in_staff_room(**fields):
    subforum, moderator = make_subforum(access="staff"), make_user()
    subforum.moderators.add(moderator)
    return make_topic(subforum=subforum, author=moderator, title="A secret of the staff", **fields), moderator


def test_the_staff_room_is_there_for_its_moderators_alone(client):
    topic, moderator = in_staff_room()
    places = [topic.get_absolute_url(), topic.subforum.get_absolute_url(), f"/posts/{topic.opening_post_id}/"]

    client.force_login(make_user())
    refused = {client.get(place).status_code for place in places}
    client.force_login(moderator)
    shown = {client.get(place, follow=True).status_code for place in places}

    assert (refused, shown) == ({404}, {200})


@pytest.mark.parametrize("place", ["/", "/unanswered/", "/rules/"])
def test_the_staff_room_leaks_into_no_list(client, place):
    topic, _ = in_staff_room()
    client.force_login(make_user())

    answer = client.get(place)

    assert topic.title not in answer.text
    assert topic.subforum.name not in answer.text


def test_posts_in_the_staff_room_leave_the_profile_alone(client):
    _, moderator = in_staff_room(source="Whisper it.")

    page = client.get(moderator.get_absolute_url()).text

    moderator.refresh_from_db()
    assert "Whisper it." not in page
    assert moderator.posts_count == 0


def test_members_read_the_members_subforum_and_visitors_do_not(client):
    topic = make_topic(subforum=make_subforum(access="members"))

    assert client.get(topic.get_absolute_url()).status_code == 404
    client.force_login(make_user())
    assert client.get(topic.get_absolute_url()).status_code == 200


def test_a_hidden_post_shows_a_line_to_readers_and_its_text_to_moderators(client):
    moderator = make_user()
    post = make_post(source="Buy my stickers.", hidden_at=now(), hidden_by=moderator)
    post.topic.subforum.moderators.add(moderator)

    visitor = client.get(post.topic.get_absolute_url()).text
    client.force_login(moderator)
    staff = client.get(post.topic.get_absolute_url()).text

    assert "Buy my stickers." not in visitor
    assert "Hidden by a moderator" in visitor
    assert "Buy my stickers." in staff


def test_a_hidden_topic_looks_like_one_that_never_was(client):
    topic = make_topic(hidden_at=now())

    hidden = client.get(topic.get_absolute_url())
    never = client.get("/topics/999999999-never/")

    assert hidden.status_code == never.status_code == 404
    assert hidden.content == never.content


@pytest.mark.parametrize("access", ["members", "staff"])
def test_counters_of_members_follow_the_access_of_a_subforum(access):
    post, member = make_post(), make_user()
    reactions.react(member, post, "helpful")

    subforums.change_access(post.topic.subforum, access)
    post.author.refresh_from_db()
    assert post.author.posts_count == 0
    assert recount(mend=False) == []

    subforums.change_access(post.topic.subforum, "open")
    post.author.refresh_from_db()
    assert post.author.posts_count == 1
    assert recount(mend=False) == []


def test_a_quote_does_not_name_the_author_of_a_post_its_readers_may_not_see():
    from forum import markup

    topic, moderator = in_staff_room()
    source = markup.quote(moderator.username, topic.opening_post_id, "a word")

    post = make_post(source=source)

    assert moderator.username not in post.html
