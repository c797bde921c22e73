"""Pages that are kept for visitors never name what moderators have taken out of sight."""

import pytest

from forum.actions import visibility
from forum.models import Subforum, Topic
from moderation.actions import post_acts, topic_acts
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.moderation.factories import WHY, make_admin, make_flag

pytestmark = pytest.mark.django_db
TITLE = "The marmot of Torugart"


@pytest.fixture
def admin():
    return make_admin()


def seen(client, thing):
    return TITLE in client.get(thing.get_absolute_url()).text


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def for_few():
    return make_subforum(access=Subforum.Access.STAFF)


@pytest.fixture
def moved(admin, client, for_few):
    """A topic that stands elsewhere now, and the subforum that points at it."""
    topic = make_topic(title=TITLE)
    make_post(topic=topic)
    before, merged = topic.subforum, make_topic(subforum=topic.subforum)
    topic_acts.move(admin, topic, make_subforum(), WHY)
    topic_acts.move(admin, merged, Subforum.objects.latest("pk"), WHY)
    topic.refresh_from_db()
    assert seen(client, before)
    return topic, before


def test_a_list_points_no_longer_at_a_moved_topic_that_was_hidden(client, admin, moved, committed):
    topic, before = moved

    with committed():
        topic_acts.hide(admin, topic, WHY)
    assert not seen(client, before)

    with committed():
        topic_acts.restore(admin, topic, WHY)
    assert seen(client, before)


def test_nor_at_one_that_members_flagged_until_it_was_approved(client, admin, moved, settings, committed):
    topic, before = moved
    settings.FLAGS_HIDE_AT = 1.0
    with committed():
        visibility.hide_post(admin, topic.posts.exclude(pk=topic.opening_post_id).get())

    with committed():
        make_flag(topic.opening_post)
    assert not seen(client, before)

    with committed():
        post_acts.approve(admin, topic.opening_post, WHY)
    assert seen(client, before)


def test_a_list_calls_a_moved_topic_by_its_new_title(client, admin, moved, committed):
    topic, before = moved

    with committed():
        topic_acts.retitle(admin, topic, "Another animal altogether", WHY)

    assert not seen(client, before)


def test_a_list_points_no_longer_at_a_moved_topic_that_was_merged(client, admin, moved, committed):
    topic, before = moved

    with committed():
        topic_acts.merge(admin, topic, Topic.objects.filter(subforum=topic.subforum).exclude(pk=topic.pk).get(), WHY)

    assert not seen(client, before)


def test_nor_at_one_that_was_moved_on_to_a_subforum_for_few(client, admin, moved, for_few, committed):
    topic, before = moved

    with committed():
        topic_acts.move(admin, topic, for_few, WHY)

    assert not seen(client, before)


@pytest.fixture
def duplicates(admin, client):
    older = make_topic(title=TITLE)
    newer = make_topic(subforum=older.subforum, title="Marmots again")
    topic_acts.mark_duplicate(admin, newer, older, WHY)
    assert seen(client, newer)
    return older, newer


def test_a_duplicate_names_the_other_again_when_it_was_approved(client, admin, duplicates, settings, committed):
    older, newer = duplicates
    settings.FLAGS_HIDE_AT = 1.0
    with committed():
        make_flag(older.opening_post)
    assert not seen(client, newer)

    with committed():
        post_acts.approve(admin, older.opening_post, WHY)
    assert seen(client, newer)


def test_a_duplicate_calls_the_other_by_its_new_title(client, admin, duplicates, committed):
    older, newer = duplicates

    with committed():
        topic_acts.retitle(admin, older, "Another animal altogether", WHY)

    assert not seen(client, newer)
