from datetime import timedelta

import pytest
from django.utils import timezone

from forum.actions import visibility
from forum.counters.recount import recount
from forum.models import Post, Topic
from forum.permissions import CannotBeDone, NotAllowed
from forum.signals import post_published, post_restored
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator():
    return make_user(is_staff=True)


@pytest.fixture
def heard():
    """The names of the signals that were sent, with the post."""
    found = []

    def note_published(post, **kwargs):
        found.append(("published", post.pk))

    def note_restored(post, **kwargs):
        found.append(("restored", post.pk))

    post_published.connect(note_published)
    post_restored.connect(note_restored)
    yield found
    post_published.disconnect(note_published)
    post_restored.disconnect(note_restored)


def test_a_hidden_post_leaves_every_counter_and_comes_back_to_it(moderator):
    post = make_post()

    visibility.hide_post(moderator, post)
    post.author.refresh_from_db()
    hidden = (Topic.objects.get(pk=post.topic_id).posts_count, post.author.posts_count, recount(mend=False))
    visibility.restore_post(moderator, post)
    post.author.refresh_from_db()

    assert hidden == (1, 0, [])
    assert (Topic.objects.get(pk=post.topic_id).posts_count, post.author.posts_count) == (2, 1)
    assert recount(mend=False) == []


def test_hiding_twice_and_restoring_twice_change_nothing_more(moderator):
    post = make_post()

    for _ in range(2):
        visibility.hide_post(moderator, post)
    hidden_at = Post.objects.get(pk=post.pk).hidden_at
    visibility.hide_post(moderator, post)
    assert Post.objects.get(pk=post.pk).hidden_at == hidden_at
    for _ in range(2):
        visibility.restore_post(moderator, post)

    assert Post.objects.get(pk=post.pk).is_readable
    assert recount(mend=False) == []


def test_a_post_is_hidden_by_moderators_of_its_own_subforum_only():
    post, elsewhere = make_post(), make_subforum()
    of_another = make_user()
    elsewhere.moderators.add(of_another)

    for user in (
        post.author,
        make_user(),
        of_another,
        make_user(is_staff=True, suspended_until=timezone.now() + timedelta(days=1)),
    ):
        with pytest.raises(NotAllowed):
            visibility.hide_post(user, post)

    assert Post.objects.get(pk=post.pk).is_readable


def test_an_opening_post_is_hidden_with_its_topic_alone(moderator):
    topic = make_topic()

    with pytest.raises(CannotBeDone):
        visibility.hide_post(moderator, topic.opening_post)
    visibility.hide_topic(moderator, topic)

    assert not Topic.objects.get(pk=topic.pk).is_readable
    assert recount(mend=False) == []


def test_what_its_author_withdrew_stays_withdrawn(moderator):
    post = make_post()
    post.refresh_from_db()
    visibility.hide(post.author, post)

    with pytest.raises(CannotBeDone):
        visibility.restore_post(moderator, post)


def test_a_topic_is_hidden_and_restored_with_all_its_counters(moderator):
    topic = make_topic()
    make_post(topic=topic)

    visibility.hide_topic(moderator, topic)
    in_between = recount(mend=False)
    topic.subforum.refresh_from_db()
    counted = (topic.subforum.topics_count, topic.subforum.posts_count)
    visibility.restore_topic(moderator, topic)
    topic.subforum.refresh_from_db()

    assert (in_between, counted) == ([], (0, 0))
    assert (topic.subforum.topics_count, topic.subforum.posts_count) == (1, 2)
    assert recount(mend=False) == []


def test_a_held_post_is_published_once_and_told_once(moderator, heard):
    post = make_post()
    heard.clear()
    visibility.hold_post(None, post)
    held = Post.objects.get(pk=post.pk)

    for _ in range(2):
        visibility.approve_post(moderator, held)

    assert held.held_at is not None
    assert heard == [("published", post.pk)]
    assert Post.objects.get(pk=post.pk).is_readable
    assert recount(mend=False) == []


def test_a_held_opening_post_holds_its_topic(moderator, client):
    topic = make_topic()

    visibility.hold_post(None, topic.opening_post)
    while_held = (client.get(topic.get_absolute_url()).status_code, recount(mend=False))
    visibility.approve_post(moderator, Post.objects.get(pk=topic.opening_post_id))

    assert while_held == (404, [])
    assert client.get(topic.get_absolute_url()).status_code == 200
    assert recount(mend=False) == []


def test_a_rejected_post_waits_again_when_that_is_taken_back(moderator, heard):
    post = make_post()
    visibility.hold_post(None, post)
    heard.clear()
    visibility.hide_post(moderator, post)

    with pytest.raises(CannotBeDone):
        visibility.approve_post(moderator, post)
    visibility.restore_post(moderator, post)

    found = Post.objects.get(pk=post.pk)
    assert found.hidden_at is None
    assert found.held_at is not None
    assert heard == []


def test_a_reply_that_waits_is_not_published_in_a_hidden_topic(moderator):
    post = make_post()
    visibility.hold_post(None, post)
    visibility.hide_topic(moderator, post.topic)

    with pytest.raises(CannotBeDone):
        visibility.approve_post(moderator, post)


def test_only_moderators_hold_and_approve():
    post = make_post()

    with pytest.raises(NotAllowed):
        visibility.hold_post(make_user(), post)
    visibility.hold_post(None, post)
    with pytest.raises(NotAllowed):
        visibility.approve_post(post.author, post)
