"""The live line of an open topic: what came since, for who may read it, and next to nothing while nothing came."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions import ignore
from forum.actions import reactions
from forum.models import Post
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic():
    return make_topic()


def address(topic, number=1) -> str:
    return f"/topics/{topic.pk}/since/{number}/"


def line(client, topic, number=1) -> str:
    answer = client.get(address(topic, number))
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", "", answer.text).split())


class TestThePage:
    def test_says_where_it_asks_and_for_what_is_newer_than_itself(self, client, topic):
        assert f'data-live="{address(topic, 1)}"' in client.get(topic.get_absolute_url()).text

        make_post(topic=topic)

        assert f'data-live="{address(topic, 2)}"' in client.get(topic.get_absolute_url()).text

    @pytest.mark.parametrize("state", ["locked_at", "hidden_at", "held_at"])
    def test_does_not_ask_where_nothing_can_come(self, client, state):
        topic = make_topic(**{state: timezone.now()})
        client.force_login(make_user(is_staff=True))

        page = client.get(topic.get_absolute_url()).text

        assert "data-live" not in page
        assert "live" not in re.findall(r"js/(\w+)\.", page)


class TestTheLine:
    @pytest.mark.parametrize("member", [True, False])
    def test_counts_and_leads_to_the_first_that_is_new(self, client, topic, member):
        if member:
            client.force_login(make_user())
        assert line(client, topic) == ""

        first = make_post(topic=topic)
        assert line(client, topic) == "1 new reply since you opened this page."
        make_post(topic=topic)

        answer = client.get(address(topic)).text
        assert line(client, topic) == "2 new replies since you opened this page."
        assert f'href="/posts/{first.pk}/"' in answer
        assert 'data-count="2"' in answer
        assert line(client, topic, 2) == "1 new reply since you opened this page."

    @pytest.mark.parametrize("how", ["hidden_at", "held_at"])
    def test_says_nothing_of_what_may_not_be_read(self, client, topic, how):
        post = make_post(topic=topic)
        Post.objects.filter(pk=post.pk).update(**{how: timezone.now()})

        assert line(client, topic) == ""
        client.force_login(make_user(is_staff=True))
        assert line(client, topic) == ""

    def test_leaves_out_ones_own_and_whom_one_ignores(self, client, topic):
        reader, loud = make_user(), make_user()
        ignore(reader, loud)
        client.force_login(reader)
        for author in (reader, loud):
            make_post(topic=topic, author=author)
        assert line(client, topic) == ""

        make_post(topic=topic)

        assert line(client, topic) == "1 new reply since you opened this page."

    def test_counts_no_further_than_anybody_needs(self, client, topic, monkeypatch):
        monkeypatch.setattr("forum.views.reading.new_replies.MOST_COUNTED", 2)
        for _ in range(3):
            make_post(topic=topic)

        assert line(client, topic) == "2 or more new replies since you opened this page."

    @pytest.mark.parametrize("number", ["0", "7", "9" * 18])
    def test_takes_any_number(self, client, topic, number):
        assert client.get(address(topic, number)).status_code == 200

    @pytest.mark.parametrize("number", ["-1", "1.5", "x", "9" * 19, ""])
    def test_takes_nothing_else(self, client, topic, number):
        assert client.get(f"/topics/{topic.pk}/since/{number}/").status_code == 404

    def test_is_not_found_where_the_topic_may_not_be_read(self, client):
        for topic in (make_topic(hidden_at=timezone.now()), make_topic(subforum=make_subforum(access="members"))):
            assert client.get(address(topic)).status_code == 404
        assert client.get("/topics/99999999/since/1/").status_code == 404


def queries_of(client, topic, etag):
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address(topic), headers={"if-none-match": etag})
    return answer, [query["sql"] for query in queries]


class TestAskingAgain:
    def test_a_visitor_gets_304_from_the_kept_answer_without_a_cookie(self, client, topic):
        etag = client.get(address(topic))["ETag"]

        answer, queries = queries_of(client, topic, etag)

        assert (answer.status_code, answer.content, len(queries)) == (304, b"", 1)
        assert not any("forum_post" in sql for sql in queries)
        assert not answer.cookies

    def test_a_member_gets_304_without_touching_posts(self, client, topic):
        client.force_login(make_user())
        make_post(topic=topic)
        etag = client.get(address(topic))["ETag"]

        answer, queries = queries_of(client, topic, etag)

        assert (answer.status_code, answer.content, len(queries)) == (304, b"", 3)  # the session, the member, the topic
        assert not any("forum_post" in sql for sql in queries)

    @pytest.mark.parametrize("member", [True, False])
    def test_a_reply_changes_the_answer_and_reading_it_writes_nothing(self, client, topic, member):
        if member:
            client.force_login(make_user())
        etag = client.get(address(topic))["ETag"]
        make_post(topic=topic)

        answer, queries = queries_of(client, topic, etag)

        assert answer.status_code == 200
        assert not any(re.match(r"\s*(INSERT|UPDATE|DELETE)", sql) for sql in queries)

    def test_what_one_member_was_told_is_not_another_members_304(self, client, topic):
        loud, readers = make_user(), [make_user(), make_user()]
        make_post(topic=topic, author=loud)
        client.force_login(readers[0])
        etag = client.get(address(topic))["ETag"]
        assert queries_of(client, topic, etag)[0].status_code == 304

        ignore(readers[0], loud)
        assert queries_of(client, topic, etag)[0].status_code == 200
        client.force_login(readers[1])
        assert queries_of(client, topic, etag)[0].status_code == 200

    def test_many_new_replies_cost_no_query_more(self, client, topic):
        client.force_login(make_user())
        counts = []
        for _ in range(3):
            make_post(topic=topic)
            counts.append(len(queries_of(client, topic, "")[1]))

        assert counts == [4, 4, 4]

    def test_a_reaction_is_no_reply(self, client, topic):
        post = make_post(topic=topic)
        reactions.react(make_user(), post, "helpful")

        assert line(client, topic, 2) == ""
