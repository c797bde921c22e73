import pytest

from forum import actions, markup
from forum.counters.recount import recount
from forum.permissions import NotAllowed
from forum.tasks import render_referrers
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic, now

pytestmark = pytest.mark.django_db


def test_an_author_takes_a_post_back_and_its_number_stays(client):
    post = make_post(source="My phone number is 12345.")
    later = make_post(topic=post.topic)
    client.force_login(post.author)

    client.post(f"/posts/{post.pk}/withdraw/")

    page = client.get(post.topic.get_absolute_url()).text
    later.refresh_from_db()
    assert "My phone number" not in page
    assert "Withdrawn by its author" in page
    assert later.number == 3
    assert recount(mend=False) == []


def test_withdrawing_the_last_post_gives_the_topic_its_former_last_post():
    topic = make_topic()
    post = make_post(topic=topic)

    actions.posts.withdraw_post(post.author, post)

    topic.refresh_from_db()
    assert topic.last_post_id == topic.opening_post_id
    assert topic.posts_count == 1


def test_reactions_to_a_withdrawn_post_count_no_more():
    post, member = make_post(), make_user()
    actions.reactions.react(member, post, "helpful")

    actions.posts.withdraw_post(post.author, post)

    member.refresh_from_db()
    post.author.refresh_from_db()
    assert (member.reactions_given, post.author.reactions_received, post.author.posts_count) == (0, 0, 0)
    assert recount(mend=False) == []


def test_nobody_withdraws_the_post_of_another(client):
    post = make_post()
    client.force_login(make_user())

    assert client.post(f"/posts/{post.pk}/withdraw/").status_code == 403


def test_a_post_in_a_locked_topic_stays(client):
    post = make_post()
    type(post.topic).objects.update(locked_at=now())
    client.force_login(post.author)

    assert client.post(f"/posts/{post.pk}/withdraw/").status_code == 403


def test_a_topic_that_a_moderator_has_hidden_is_not_taken_back_by_its_author():
    topic = make_topic()
    actions.visibility.hide_whole(make_user(is_staff=True), topic)

    with pytest.raises(NotAllowed):
        actions.posts.withdraw_topic(topic.author, topic)


def test_an_unanswered_topic_can_be_taken_back(client):
    topic = make_topic()
    client.force_login(topic.author)

    client.post(f"/topics/{topic.pk}/withdraw/")

    assert client.get(topic.get_absolute_url()).status_code == 404
    topic.subforum.refresh_from_db()
    assert (topic.subforum.topics_count, topic.subforum.posts_count, topic.subforum.last_post) == (0, 0, None)
    assert recount(mend=False) == []


def test_an_answered_topic_stays(client):
    post = make_post()
    client.force_login(post.topic.author)

    assert client.post(f"/topics/{post.topic_id}/withdraw/").status_code == 403


def test_quotes_of_a_withdrawn_post_no_longer_name_its_author():
    quoted = make_post(author=make_user(username="yak_rider"))
    quoting = make_post(topic=quoted.topic, source=markup.quote("yak_rider", quoted.pk, "Bring cash.") + "\nYes.")
    assert "yak_rider" in quoting.html

    actions.posts.withdraw_post(quoted.author, quoted)
    render_referrers.func(quoted.pk)

    quoting.refresh_from_db()
    assert "yak_rider" not in quoting.html
    assert "Yes." in quoting.html
