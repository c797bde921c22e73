"""Limits that are on: the refused text is given back, nothing is written."""

import pytest

from forum.models import Post, Reaction, Topic
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_each(settings):
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, "1/1h")


def test_too_many_replies_wait_and_the_text_is_given_back(client):
    topic = make_topic()
    client.force_login(make_user())

    client.post(f"/topics/{topic.pk}/reply/", {"source": "The first."})
    answer = client.post(f"/topics/{topic.pk}/reply/", {"source": "The second."})

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert "The second." in answer.text
    assert Post.objects.filter(topic=topic).count() == 2


def test_too_many_topics_wait(client):
    subforum = make_subforum()
    client.force_login(make_user())

    answers = [
        client.post(f"/forums/{subforum.slug}/new/", {"title": f"A topic number {number}", "source": "x"})
        for number in range(2)
    ]

    assert [answer.status_code for answer in answers] == [302, 429]
    assert Topic.objects.count() == 1


def test_too_many_reactions_wait(client):
    post = make_post()
    client.force_login(make_user())

    client.post(f"/posts/{post.pk}/react/helpful/")
    answer = client.post(f"/posts/{post.pk}/react/still_true/")

    assert answer.status_code == 429
    assert Reaction.objects.count() == 1


def test_too_many_previews_wait(client):
    topic = make_topic()
    client.force_login(make_user())

    answers = [client.post(f"/topics/{topic.pk}/reply/", {"source": "x", "preview": "1"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 429]
