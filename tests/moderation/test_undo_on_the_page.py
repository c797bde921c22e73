"""After an act its undo stands on the page where it was done, for one thing and for many, until that page is left."""

import re

import pytest

from accounts.models import User
from forum.models import Post, Topic
from moderation.actions import member_acts, post_acts, spam, topic_acts
from moderation.log.entries import erase_words
from moderation.models import ModerationEntry, Verb, Warning
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.moderation.factories import WHY, make_admin, make_member_of, make_moderator

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic():
    return make_topic(title="Torugart by bicycle")


@pytest.fixture
def moderator(topic, client):
    found = make_moderator(topic.subforum)
    client.force_login(found)
    return found


def done_in(page):
    """What the undo of a page would take back, and where it leads then; None without one."""
    bar = re.search(r'<div class="undo".*?data-undo', page, re.DOTALL)
    return dict(re.findall(r'name="(done|next)" value="([^"]*)"', bar[0])) if bar else None


def post_and_look(client, path, **data):
    return client.post(path, {"reason": "For order."} | data, follow=True).text


def take_back(client, page):
    return client.post("/moderation/undo/", done_in(page), follow=True)


@pytest.mark.parametrize("name", ["lock", "pin", "hide"])
def test_what_was_done_to_a_topic_is_taken_back_on_its_page(client, moderator, topic, name):
    path = f"/moderation/topics/{topic.pk}/"
    page = post_and_look(client, path, act=name)

    answer = take_back(client, page)

    found = Topic.objects.get(pk=topic.pk)
    assert (found.locked_at, found.pinned_at, found.hidden_at) == (None, None, None)
    assert answer.redirect_chain == [(path, 302)]
    assert "Taken back." in answer.text
    assert done_in(answer.text) is None


def test_the_undo_stands_until_the_page_is_left(client, moderator, topic):
    page = client.post(f"/moderation/topics/{topic.pk}/", {"act": "lock"}, follow=True)
    path = page.redirect_chain[-1][0]

    assert done_in(page.text)
    assert done_in(client.get(path).text) == done_in(page.text)
    assert done_in(client.get(f"/moderation/topics/{topic.pk}/").text) is None


def test_many_ticked_posts_come_back_together_and_in_the_queue(client, moderator, topic):
    posts = [make_post(topic=topic) for _ in range(3)]
    page = post_and_look(client, f"/moderation/topics/{topic.pk}/", act="hide-posts", posts=[post.pk for post in posts])
    assert "Hid 3 posts." in page

    take_back(client, page)

    assert not topic.posts.exclude(hidden_at=None).exists()
    assert ModerationEntry.objects.filter(verb=Verb.UNDO).count() == 3


def test_many_topics_come_back_together_on_the_page_of_the_subforum(client, moderator, topic):
    topics = [topic, make_topic(subforum=topic.subforum)]
    make_post(topic=topic)
    path = f"/moderation/forums/{topic.subforum.slug}/"
    page = post_and_look(client, path, act="hide", topics=[topic.pk for topic in topics])
    assert "Hid 2 topics, with 1 reply." in page

    answer = take_back(client, page)

    assert answer.redirect_chain == [(path, 302)]
    assert Topic.objects.filter(hidden_at=None).count() == 2


def test_topics_that_were_moved_together_go_back_together(client, moderator, topic):
    topics, other = [topic, make_topic(subforum=topic.subforum)], make_subforum()
    other.moderators.add(moderator)
    ids = [topic.pk for topic in topics]
    page = post_and_look(
        client, f"/moderation/forums/{topic.subforum.slug}/", act="move", topics=ids, subforum=other.pk
    )

    take_back(client, page)

    assert set(Topic.objects.values_list("subforum", flat=True)) == {topic.subforum_id}


def test_of_many_all_are_taken_back_or_none(client, moderator, topic):
    posts = [make_post(topic=topic) for _ in range(2)]
    page = post_and_look(client, f"/moderation/topics/{topic.pk}/", act="hide-posts", posts=[post.pk for post in posts])
    post_acts.restore(moderator, Post.objects.get(pk=posts[0].pk), WHY)

    answer = take_back(client, page)

    assert "This was changed again since." in answer.text
    assert Post.objects.get(pk=posts[1].pk).hidden_at
    assert not ModerationEntry.objects.filter(verb=Verb.UNDO).exists()


def test_warned_authors_lose_their_points_again_and_what_these_caused(client, moderator, topic):
    posts = [make_post(topic=topic) for _ in range(2)]
    page = post_and_look(
        client, f"/moderation/topics/{topic.pk}/", act="warn", points="3", posts=[post.pk for post in posts]
    )
    suspended = User.objects.exclude(suspended_until=None).count()

    take_back(client, page)

    assert suspended == 2
    assert not Warning.objects.filter(revoked_at=None).exists()
    assert not User.objects.exclude(suspended_until=None).exists()


def test_after_posts_moved_the_undo_leads_back_to_where_they_came_from(client, moderator, topic):
    post = make_post(topic=topic)
    page = post_and_look(
        client, f"/moderation/topics/{topic.pk}/", act="split", posts=[post.pk], split_title="Which bus?"
    )
    assert "Moderate: Which bus?" in page

    answer = take_back(client, page)

    assert "Moderate: Torugart by bicycle" in answer.text
    assert Post.objects.get(pk=post.pk).topic_id == topic.pk


def test_an_edit_is_taken_back_beside_the_post(client, moderator, topic):
    post = make_post(topic=topic, source="Call 12345.")
    page = post_and_look(client, f"/moderation/posts/{post.pk}/edit/", source="Call me.", based_on=0)

    take_back(client, page)

    assert Post.objects.get(pk=post.pk).source == "Call 12345."


@pytest.mark.parametrize("name", ["warn", "suspend", "ban", "clean"])
def test_what_was_done_to_a_newcomer_by_mistake_is_taken_back_on_their_page(client, moderator, topic, name):
    member = make_user(username="kind_newcomer", trust=User.Trust.NEW)
    post = make_post(topic=topic, author=member)
    path = f"/moderation/members/{member.username}/"
    page = post_and_look(client, f"{path}act/", act=name, points="3", days="3")

    answer = take_back(client, page)

    member.refresh_from_db()
    assert (answer.redirect_chain, member.is_suspended) == ([(path, 302)], False)
    assert Post.objects.get(pk=post.pk).is_readable
    assert not Warning.objects.filter(revoked_at=None).exists()


def test_whoever_banned_a_newcomer_by_mistake_ends_it_there_later(client, moderator):
    member = make_member_of(moderator, username="kind_newcomer", trust=User.Trust.NEW)
    path = f"/moderation/members/{member.username}/"
    post_and_look(client, f"{path}act/", act="ban")

    page = client.get(path).text
    assert "End the ban" in page
    assert f"/moderation/entries/{ModerationEntry.objects.get().pk}/undo/" in page
    shown = post_and_look(client, f"{path}act/", act="unban")

    member.refresh_from_db()
    assert not member.is_banned
    assert "Ended the ban of kind_newcomer." in shown


def test_other_moderators_do_not_end_the_ban_of_a_newcomer(client, moderator, topic):
    member = make_member_of(moderator, username="kind_newcomer", trust=User.Trust.NEW)
    member_acts.ban(make_moderator(topic.subforum), member, WHY)

    page = client.get(f"/moderation/members/{member.username}/").text
    answer = client.post(f"/moderation/members/{member.username}/act/", {"act": "unban"})

    assert "End the ban" not in page
    assert answer.status_code == 403
    member.refresh_from_db()
    assert member.is_banned


def test_nobody_takes_back_what_another_did_by_naming_it(client, moderator, topic):
    entry = topic_acts.lock(moderator, topic, WHY)
    client.force_login(make_moderator(topic.subforum))

    assert client.post("/moderation/undo/", {"done": str(entry.pk)}).status_code == 404
    assert done_in(client.get(f"/moderation/topics/{topic.pk}/?done={entry.pk}").text) is None
    assert Topic.objects.get(pk=topic.pk).locked_at


@pytest.mark.parametrize("done", ["", "-", "x", "0", "9" * 30, "1-2-<b>", "²", "-".join(["5"] * 900)])
def test_what_names_nothing_is_nothing(client, moderator, topic, done):
    assert client.post("/moderation/undo/", {"done": done}).status_code == 404
    assert client.get(f"/moderation/topics/{topic.pk}/", {"done": done}).status_code == 200


def test_an_undo_leads_to_no_other_site(client, moderator, topic):
    entry = topic_acts.lock(moderator, topic, WHY)

    answer = client.post("/moderation/undo/", {"done": str(entry.pk), "next": "https://example.org/moderation/"})

    assert answer.url == "/moderation/"


def test_twice_is_once(client, moderator, topic):
    page = post_and_look(client, f"/moderation/topics/{topic.pk}/", act="lock")

    take_back(client, page)
    again = take_back(client, page)

    assert "That was taken back already." in again.text
    assert ModerationEntry.objects.filter(verb=Verb.UNDO).count() == 1


def test_whose_words_were_erased_has_no_undo(client, moderator, topic):
    page = post_and_look(client, f"/moderation/topics/{topic.pk}/", act="lock")
    erase_words(make_admin(), ModerationEntry.objects.get())

    assert done_in(client.get(f"/moderation/topics/{topic.pk}/?done={done_in(page)['done']}").text) is None


def test_the_page_says_what_a_clean_up_hid(client, moderator, topic):
    member = make_user(username="cheap_permits", trust=User.Trust.NEW)
    own = make_topic(subforum=topic.subforum, author=member)
    make_post(topic=own)
    for place in (topic, topic, own):
        make_post(topic=place, author=member)
    path = f"/moderation/members/{member.username}/"

    before = client.get(path).text
    after = post_and_look(client, f"{path}act/", act="clean")

    assert "This hides 4 posts in 2 topics" in before
    assert "1 whole topic, with 1 reply by 1 other member." in before
    assert "Ban and hide 4 posts" in before
    assert "Cleaned up after cheap_permits. 4 posts in 2 topics hidden, signed out everywhere." in after
    assert spam.clean_spam(moderator, member, WHY) is None
