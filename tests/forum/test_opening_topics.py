import uuid

import pytest

from forum.models import Topic
from tests.factories import make_user
from tests.forum.factories import make_subforum, make_topic

pytestmark = pytest.mark.django_db

TITLE = "Kulma on a motorbike in May"


def ask(client, subforum, title=TITLE, source="Is it open?", **fields):
    return client.post(f"/forums/{subforum.slug}/new/", {"title": title, "source": source, **fields})


def test_a_member_opens_a_topic_and_reads_it(client):
    subforum = make_subforum()
    client.force_login(make_user())

    answer = ask(client, subforum)

    topic = Topic.objects.get()
    subforum.refresh_from_db()
    assert answer.status_code == 302
    assert topic.get_absolute_url() == f"/topics/{topic.pk}-kulma-on-a-motorbike-in-may/"
    assert (subforum.topics_count, subforum.posts_count) == (1, 1)
    assert TITLE in client.get(answer.url, follow=True).text


def test_the_same_form_sent_twice_makes_one_topic(client):
    subforum, key = make_subforum(), uuid.uuid4()
    client.force_login(make_user())

    ask(client, subforum, idempotency_key=key)
    ask(client, subforum, idempotency_key=key)

    assert Topic.objects.count() == 1


@pytest.mark.parametrize("title", ["", "short", "x" * 121, "!?!?!?!?!?"])
def test_a_title_nobody_would_find_is_refused_in_words_and_the_text_is_kept(client, title):
    subforum = make_subforum()
    client.force_login(make_user())

    answer = ask(client, subforum, title, "A long story about Kulma.")

    assert answer.status_code == 400
    assert "A long story about Kulma." in answer.text
    assert not Topic.objects.exists()


def test_titles_in_any_script_have_an_address(client):
    topic = make_topic(title="吐尔尕特 открыт ли переход")

    answer = client.get(topic.get_absolute_url())

    assert answer.status_code == 200
    assert "吐尔尕特" in answer.text


def test_the_rules_are_open_until_a_member_has_posted_there_once(client):
    from forum.actions.rules import set_rules

    subforum, member = make_subforum(), make_user()
    set_rules(make_user(is_staff=True), subforum, introduction="Look first.", rules=["Look for a topic first."])
    client.force_login(member)

    before = client.get(f"/forums/{subforum.slug}/new/").text
    make_topic(subforum=subforum, author=member)
    after = client.get(f"/forums/{subforum.slug}/new/").text

    assert '<details class="rules" open' in before
    assert '<details class="rules" open' not in after
    assert "Look for a topic first." in after
