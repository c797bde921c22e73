"""What is refused when posts move between topics: by whose place it is, and by what has changed meanwhile."""

import pytest

from forum.actions import rearrange
from forum.actions.topics import mark_duplicate, unmark_duplicate
from forum.models import Post, Topic
from forum.permissions import CannotBeDone, NotAllowed
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator():
    return make_user(is_staff=True)


@pytest.fixture
def topic():
    return make_topic()


@pytest.fixture
def reply(topic):
    return make_post(topic=topic)


def as_seen(post):
    """As a form showed it that is sent later."""
    return Post.objects.select_related("topic__subforum").get(pk=post.pk)


def test_who_moderates_only_one_of_the_two_places_splits_nothing_off(topic, reply):
    other = make_topic()
    of_here, of_there, of_both = make_user(), make_user(), make_user()
    topic.subforum.moderators.add(of_here, of_both)
    other.subforum.moderators.add(of_there, of_both)

    for moderator in (of_here, of_there):
        with pytest.raises(NotAllowed):
            rearrange.split_posts(moderator, [as_seen(reply)], title="Elsewhere", subforum=other.subforum)

    made = rearrange.split_posts(of_both, [as_seen(reply)], title="Elsewhere", subforum=other.subforum)
    assert made.target.subforum == other.subforum


def test_posts_that_another_moderator_moved_meanwhile_are_not_moved_from_where_they_were(moderator, topic, reply):
    make_post(topic=topic)
    seen, other = as_seen(reply), make_topic()
    rearrange.split_posts(moderator, [as_seen(reply)], title="First come")

    for act in (
        lambda: rearrange.split_posts(moderator, [seen], title="Too late"),
        lambda: rearrange.move_posts(moderator, [seen], other),
    ):
        with pytest.raises(CannotBeDone, match="stand in another topic meanwhile"):
            act()


def test_posts_of_a_topic_that_was_merged_meanwhile_are_not_moved_either(moderator, topic, reply):
    seen, into, other = as_seen(reply), make_topic(), make_topic()
    rearrange.merge_topics(moderator, topic, into)

    with pytest.raises(CannotBeDone, match="meanwhile"):
        rearrange.split_posts(moderator, [seen], title="Too late")
    with pytest.raises(CannotBeDone, match="meanwhile"):
        rearrange.move_posts(moderator, [seen], other)


def test_a_split_is_not_taken_back_while_the_new_topic_is_a_duplicate_or_has_some(moderator, topic, reply):
    made = rearrange.split_posts(moderator, [as_seen(reply)], title="Another")
    new, other = Topic.objects.get(pk=made.target_id), make_topic()

    for duplicate, of in ((new, other), (other, new)):
        mark_duplicate(moderator, duplicate, of)
        with pytest.raises(CannotBeDone, match="is a duplicate, or has duplicates"):
            rearrange.undo_rearrangement(moderator, made)
        unmark_duplicate(moderator, Topic.objects.get(pk=duplicate.pk))

    rearrange.undo_rearrangement(moderator, made)
    assert Post.objects.get(pk=reply.pk).topic == topic


def test_a_merging_and_a_move_are_taken_back_though_the_other_topic_has_duplicates(moderator, topic, reply):
    make_post(topic=topic)
    into = make_topic()
    moved = rearrange.move_posts(moderator, [as_seen(reply)], into)
    mark_duplicate(moderator, make_topic(), into)

    rearrange.undo_rearrangement(moderator, moved)
    merged = rearrange.merge_topics(moderator, topic, into)
    rearrange.undo_rearrangement(moderator, merged)

    assert Post.objects.get(pk=reply.pk).topic == topic
