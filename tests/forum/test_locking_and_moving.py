import pytest

from forum.actions import posts, reactions, rearrange, topics, visibility
from forum.counters.recount import recount
from forum.models import Subforum, Topic, TopicPointer
from forum.permissions import CannotBeDone, NotAllowed
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator():
    return make_user(is_staff=True)


def test_a_locked_topic_says_why_and_takes_no_replies(moderator, client):
    topic = make_topic()

    topics.lock_topic(moderator, topic, reason="Answered on the page of the crossing.")

    assert "Answered on the page of the crossing." in client.get(topic.get_absolute_url()).content.decode()
    with pytest.raises(NotAllowed):
        posts.reply(make_user(), topic, source="One more thing.")


def test_unlocking_takes_the_reason_away(moderator):
    topic = make_topic()
    topics.lock_topic(moderator, topic, reason="Too heated.")

    for _ in range(2):
        topics.unlock_topic(moderator, topic)

    topic.refresh_from_db()
    assert (topic.locked_at, topic.lock_reason) == (None, "")


def test_a_pinned_topic_stands_first(moderator):
    pinned, newer = make_topic(), None
    newer = make_topic(subforum=pinned.subforum)

    topics.pin_topic(moderator, pinned)
    first = list(Topic.objects.filter(subforum=pinned.subforum).pinned_first())
    topics.unpin_topic(moderator, pinned)

    assert first == [pinned, newer]
    assert list(Topic.objects.filter(subforum=pinned.subforum).pinned_first()) == [newer, pinned]


@pytest.mark.parametrize("access", Subforum.Access.values)
def test_a_moved_topic_takes_its_counters_along_and_leaves_a_pointer(moderator, access):
    topic, other = make_topic(), make_subforum(access=access)
    reactions.react(make_user(), make_post(topic=topic), "helpful")

    topics.move_topic(moderator, topic, other)

    assert recount(mend=False) == []
    assert list(TopicPointer.objects.values_list("topic", "subforum")) == [(topic.pk, topic.subforum_id)]


def test_a_topic_that_comes_back_leaves_its_pointer_only_where_it_is_not(moderator):
    topic, other = make_topic(), make_subforum()

    topics.move_topic(moderator, topic, other)
    topics.move_topic(moderator, topic, topic.subforum)

    assert list(TopicPointer.objects.values_list("subforum", flat=True)) == [other.pk]


def test_nobody_moves_a_topic_into_or_out_of_a_subforum_they_do_not_moderate():
    topic, other = make_topic(), make_subforum()
    of_one, of_other = make_user(), make_user()
    topic.subforum.moderators.add(of_one)
    other.moderators.add(of_other)

    for user in (of_one, of_other, topic.author):
        with pytest.raises(NotAllowed):
            topics.move_topic(user, topic, other)

    assert Topic.objects.get(pk=topic.pk).subforum_id == topic.subforum_id


def test_a_new_title_is_kept_in_the_history(moderator):
    topic = make_topic(title="Help")

    topics.retitle(moderator, topic, "Torugart, Naryn to Kashgar, bicycle, 2026", reason="Says what it is about")

    assert Topic.objects.get(pk=topic.pk).title == "Torugart, Naryn to Kashgar, bicycle, 2026"
    assert list(topic.opening_post.revisions.values_list("title", flat=True)) == ["Help"]
    assert recount(mend=False) == []


def test_a_duplicate_stays_and_is_counted_where_it_points(moderator):
    topic, before = make_topic(), make_topic()

    for _ in range(2):
        topics.mark_duplicate(moderator, topic, before)
    marked = (Topic.objects.get(pk=topic.pk).duplicate_of_id, Topic.objects.get(pk=before.pk).duplicates_count)
    for _ in range(2):
        topics.unmark_duplicate(moderator, topic)

    assert marked == (before.pk, 1)
    assert Topic.objects.get(pk=before.pk).duplicates_count == 0
    assert recount(mend=False) == []


def test_duplicates_never_point_in_a_circle_or_to_nothing(moderator):
    topic, before, third, hidden = make_topic(), make_topic(), make_topic(), make_topic()
    topics.mark_duplicate(moderator, topic, before)
    visibility.hide_topic(moderator, hidden)

    for one, of in ((before, topic), (before, third), (third, topic), (topic, third), (third, third), (third, hidden)):
        with pytest.raises(CannotBeDone):
            topics.mark_duplicate(moderator, one, of)


def test_what_was_merged_is_no_topic_to_lock_or_move(moderator):
    topic, target = make_topic(), make_topic()
    rearrange.merge_topics(moderator, topic, target)

    for act in (topics.lock_topic, topics.pin_topic, visibility.restore_topic):
        with pytest.raises(CannotBeDone):
            act(moderator, topic)
    with pytest.raises(CannotBeDone):
        topics.move_topic(moderator, topic, make_subforum())
