"""The three lists in which apps to the right of the forum register."""

import pytest

from forum import parts, screening, search_help
from forum.models import Post, Topic
from tests.factories import make_user
from tests.forum.factories import make_subforum, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def screened():
    """Registers a screener for one test."""
    registered = []

    def register(screener):
        registered.append(screening.register(screener))

    yield register
    for screener in registered:
        screening.unregister(screener)


def test_a_held_post_is_seen_by_its_author_and_moderators_alone(client, screened):
    topic, author, moderator = make_topic(), make_user(), make_user()
    topic.subforum.moderators.add(moderator)
    screened(lambda draft: screening.Hold("a first post") if draft.topic else None)
    client.force_login(author)

    client.post(f"/topics/{topic.pk}/reply/", {"source": "Cheap visas here."})

    seen = {}
    for name, reader in {"author": author, "moderator": moderator, "stranger": make_user()}.items():
        client.force_login(reader)
        seen[name] = "Cheap visas here." in client.get(topic.get_absolute_url()).text
    topic.refresh_from_db()
    assert seen == {"author": True, "moderator": True, "stranger": False}
    assert (topic.posts_count, topic.last_number) == (1, 2)


def test_a_refused_text_comes_back_with_the_reason(client, screened):
    topic = make_topic()
    screened(lambda draft: screening.Refuse("This page is for roads. Take out the advertisement."))
    client.force_login(make_user())

    answer = client.post(f"/topics/{topic.pk}/reply/", {"source": "Cheap visas here."})

    assert answer.status_code == 400
    assert "Take out the advertisement." in answer.text
    assert "Cheap visas here." in answer.text
    assert Post.objects.filter(topic=topic).count() == 1


def test_a_refusal_wins_over_a_hold(screened):
    screened(lambda draft: screening.Hold("slow"))
    screened(lambda draft: screening.Refuse("no"))
    subforum = make_subforum()

    with pytest.raises(screening.Refused):
        screening.screen(screening.Draft(author=make_user(), subforum=subforum, source="x"))


def test_parts_are_asked_once_for_all_rows():
    topics, calls = [make_topic(), make_topic()], []

    def provider(user, rows):
        calls.append(len(rows))
        return {rows[0].pk: [{"template": "x.html"}]}

    parts.register(parts.Place.TOPIC_LIST, provider)
    try:
        parts.add_parts(parts.Place.TOPIC_LIST, make_user(), topics)
    finally:
        parts.unregister(parts.Place.TOPIC_LIST, provider)

    assert calls == [2]
    assert [topic.parts for topic in topics] == [[{"template": "x.html"}], []]


def test_names_that_a_query_may_mean_come_from_all_helpers_once():
    helpers = [lambda query: ["Торугарт", "Torugart"], lambda query: ["Torugart", query.upper()]]
    for helper in helpers:
        search_help.register(helper)
    try:
        found = search_help.names_meant_by("torougart")
    finally:
        for helper in helpers:
            search_help.unregister(helper)

    assert found == ["Торугарт", "Torugart", "TOROUGART"]
    assert Topic.objects.count() == 0
