"""What pages of crossings know when moderators put topics and posts elsewhere."""

import pytest

from crossings.links import actions
from crossings.models import Crossing, CrossingReport, CrossingTopic, TopicTerms
from forum.actions import rearrange, topics, visibility
from forum.models import Post
from tests.crossings.factories import make_crossing, make_report
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator():
    return make_user(is_staff=True)


def linked(topic):
    links = CrossingTopic.objects.standing().filter(topic=topic)
    return set(links.values_list("crossing__slug", flat=True))


def topic_about(*crossings, **fields):
    topic = make_topic(title="A question about a border", **fields)
    actions.set_links(topic.author, topic, crossings)
    return topic


def test_links_follow_a_merged_topic_and_go_back(moderator):
    one, other = make_crossing(), make_crossing()
    source, target = topic_about(one, other), topic_about(other)

    made = rearrange.merge_topics(moderator, source, target)
    merged = linked(target)
    rearrange.undo_rearrangement(moderator, made)

    assert merged == {one.slug, other.slug}
    assert (linked(source), linked(target)) == ({one.slug, other.slug}, {other.slug})


def test_a_link_that_somebody_removed_does_not_come_back_with_a_merging(moderator):
    one = make_crossing()
    source, target = topic_about(one), topic_about(one)
    actions.set_links(moderator, target, [])

    rearrange.merge_topics(moderator, source, target)

    assert linked(target) == set()


def test_a_split_topic_is_about_the_same_crossings(moderator):
    one = make_crossing()
    topic = topic_about(one)
    post = make_post(topic=topic)

    made = rearrange.split_posts(moderator, [post], title="Another question")

    assert linked(made.target) == {one.slug}
    assert TopicTerms.objects.filter(topic=made.target).exists()


def test_reports_in_a_topic_that_only_members_may_read_now_count_no_longer(
    moderator, django_capture_on_commit_callbacks
):
    report = make_report(make_crossing())
    counted = Crossing.objects.get(pk=report.crossing_id).confirmed_count

    with django_capture_on_commit_callbacks(execute=True):
        topics.move_topic(moderator, report.post.topic, make_subforum(access="members"))

    assert (counted, Crossing.objects.get(pk=report.crossing_id).confirmed_count) == (1, 0)


def test_two_report_topics_can_be_merged(moderator):
    one, other = make_crossing(), make_crossing()
    first, second = make_report(crossing=one), make_report(crossing=other)

    rearrange.merge_topics(moderator, first.post.topic, second.post.topic)
    third = make_report(crossing=one)

    assert Post.objects.get(pk=first.post_id).topic_id == second.post.topic_id
    assert third.post.topic_id != first.post.topic_id


def test_a_restored_post_counts_again(moderator, django_capture_on_commit_callbacks):
    report = make_report(crossing=make_crossing())
    make_report(crossing=report.crossing)
    second = CrossingReport.objects.exclude(pk=report.pk).get().post

    with django_capture_on_commit_callbacks(execute=True):
        visibility.hide_post(moderator, second)
    hidden = Crossing.objects.get(pk=report.crossing_id).confirmed_count
    with django_capture_on_commit_callbacks(execute=True):
        visibility.restore_post(moderator, second)

    assert Crossing.objects.get(pk=report.crossing_id).confirmed_count == hidden + 1
