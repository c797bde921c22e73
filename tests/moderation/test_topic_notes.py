"""What everybody sees of acts on the page of a topic, and in the list that it left."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forum.actions import posts, reactions, visibility
from forum.actions.rules import set_rules
from forum.models import Topic
from moderation.actions import post_acts, topic_acts, undo
from moderation.filters import duplicates
from moderation.log.entries import Why
from moderation.models import Flag, QueueItem
from tests.crossings.factories import make_crossing
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.moderation.factories import make_admin, make_moderator
from tests.pages import plain

pytestmark = pytest.mark.django_db

WHY = Why(reason="For order.")


@pytest.fixture
def admin():
    return make_admin()


def shown(client, topic):
    response = client.get(Topic.objects.get(pk=topic.pk).get_absolute_url())
    assert response.status_code == 200
    return plain(response.content.decode())


def test_acts_stand_on_the_page_without_names(client, admin):
    topic = make_topic()
    topic_acts.pin(admin, topic, WHY)
    entry = topic_acts.lock(admin, topic, WHY)
    undo.undo(admin, entry)

    page = shown(client, topic)

    assert "Taken back: locked" in page
    assert "Pinned" in page
    assert "(taken back)" in page
    assert admin.username not in page


def test_what_was_hidden_is_told_and_what_was_rejected_is_not(client, admin):
    topic = make_topic()
    hidden, waiting = make_post(topic=topic), make_post(topic=topic)
    post_acts.hide(admin, hidden, WHY)
    visibility.hold_post(None, waiting)
    post_acts.reject(admin, waiting, WHY)

    page = shown(client, topic)

    assert "A post hidden" in page
    assert "rejected" not in page.lower()


def test_a_hidden_post_names_the_rule_that_it_broke(client, admin):
    topic = make_topic()
    set_rules(admin, topic.subforum, introduction="Look.", rules=["Nothing is sold here."])
    post = make_post(topic=topic)
    entry = post_acts.hide(admin, post, Why(rule=1, reason="A private reason."))
    path = f"/forums/{topic.subforum.slug}/rules/history/1/"
    stub = f'It was about <a href="{path}">rule 1</a>.'

    page = shown(client, topic)
    assert stub in page
    assert "A private reason." not in page
    client.force_login(admin)
    assert stub in shown(client, topic)
    client.logout()

    undo.undo(admin, entry)
    posts.withdraw_post(post.author, post)
    page = shown(client, topic)
    assert "Withdrawn by its author" in page
    assert "It was about" not in page


def test_what_was_restored_and_then_withdrawn_broke_no_rule(client, admin):
    post = make_post()
    set_rules(admin, None, introduction="Look.", rules=["Nothing illegal."])
    post_acts.hide(admin, post, Why(rule=1, is_forum_rule=True))
    post_acts.restore(admin, post, WHY)
    posts.withdraw_post(post.author, post)

    assert "It was about" not in shown(client, post.topic)


def test_a_topic_that_was_left_alone_asks_nothing_more(client, admin):
    left_alone, acted_on = make_topic(), make_topic()
    topic_acts.pin(admin, acted_on, WHY)
    for topic in (left_alone, acted_on):
        shown(client, topic)

    with CaptureQueriesContext(connection) as before:
        shown(client, left_alone)
    with CaptureQueriesContext(connection) as after:
        shown(client, acted_on)

    assert len(after) <= len(before) + 2


def test_duplicates_point_both_ways(client, admin):
    topic, before = make_topic(title="Torugart in May?"), make_topic(title="Is Torugart open in May?")
    topic_acts.mark_duplicate(admin, topic, before, WHY)

    assert "This was asked before." in shown(client, topic)
    assert before.get_absolute_url() in shown(client, topic)
    assert topic.get_absolute_url() in shown(client, before)


def test_duplicates_tell_nothing_of_what_a_visitor_may_not_read(client, admin):
    topic = make_topic()
    secret = make_topic(title="A secret title", subforum=make_subforum(access="staff"), author=admin)
    topic_acts.mark_duplicate(admin, topic, secret, WHY)

    assert "A secret title" not in shown(client, topic)


def test_a_merged_topic_is_named_where_its_posts_are(client, admin):
    source, target = make_topic(title="The second question"), make_topic(title="The first question")
    topic_acts.merge(admin, source, target, WHY)

    assert "Merged into this topic: “The second question”" in shown(client, target)
    assert "Another topic merged into this one" in shown(client, target)


def test_a_topic_that_was_split_off_says_where_it_comes_from(client, admin):
    source = make_topic(title="The long topic")
    post = make_post(topic=source)
    topic_acts.split(admin, [post], WHY, title="A question of its own")
    new = Topic.objects.get(title="A question of its own")

    assert source.get_absolute_url() in shown(client, new)
    assert "Posts split off" in shown(client, source)


def test_the_list_points_to_a_topic_that_was_moved_away(client, admin):
    topic, other = make_topic(title="Wrong place"), make_subforum(name="The right place")
    before = topic.subforum
    topic_acts.move(admin, topic, other, WHY)

    page = client.get(before.get_absolute_url()).content.decode()

    assert "Moved from here" in page
    assert "The right place" in page


def test_the_list_points_to_nothing_that_the_reader_may_not_read(client, admin):
    topic, other = make_topic(title="Wrong place"), make_subforum(access="members")
    before = topic.subforum
    topic_acts.move(admin, topic, other, WHY)

    assert "Wrong place" not in client.get(before.get_absolute_url()).content.decode()


def test_moderators_find_the_way_to_act_and_members_do_not(client):
    topic = make_topic()
    moderator = make_moderator(topic.subforum)
    way = f"/moderation/topics/{topic.pk}/"

    client.force_login(moderator)
    of_moderator = (way in shown(client, topic), "/moderation/forums/" in listed(client, topic))
    client.force_login(make_user())

    assert of_moderator == (True, True)
    assert way not in shown(client, topic)
    assert "/moderation/forums/" not in listed(client, topic)


def listed(client, topic):
    return client.get(topic.subforum.get_absolute_url()).content.decode()


# --- What the filter puts into the queue ---


def test_a_question_that_was_asked_before_waits_for_a_moderator_once():
    make_crossing(name="Torugart")
    first = make_topic(title="Is Torugart open for bicycles in June?", source="Is Torugart open for bicycles in June?")
    second = make_topic(title="Is Torugart open for bicycles in June", source="Is Torugart open for bicycles in June?")

    flag = duplicates.look(second.pk)
    again = duplicates.look(second.pk)

    assert flag is not None
    assert (flag.other_topic_id, flag.by, again) == (first.pk, None, None)
    assert QueueItem.objects.get().kinds == ["duplicate"]


def test_a_question_of_its_own_waits_for_nobody():
    make_topic(title="Is Torugart open for bicycles in June?")
    other = make_topic(title="Where to change money in Osh", source="Banks or the bazaar?")

    assert duplicates.look(other.pk) is None


def test_a_hidden_topic_is_no_duplicate():
    make_crossing(name="Torugart")
    make_topic(title="Is Torugart open for bicycles in June?")
    second = make_topic(title="Is Torugart open for bicycles in June?")
    visibility.hide_topic(make_admin(), second)

    assert duplicates.look(second.pk) is None


def test_what_three_members_call_outdated_waits_for_a_moderator_once():
    post = make_post()
    members = [make_user(trust=1) for _ in range(4)]

    for member in members[:2]:
        reactions.react(member, post, "outdated")
    after_two = Flag.objects.count()
    for member in members[2:]:
        reactions.react(member, post, "outdated")

    assert after_two == 0
    assert Flag.objects.get().reason == Flag.Reason.OUTDATED
    assert QueueItem.objects.get().kinds == ["outdated"]
