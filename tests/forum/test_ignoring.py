"""Whoever ignores a member finds the member's posts folded, and pays nothing for it while ignoring nobody."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import ignore
from accounts.models import Ignored, User
from forum.actions import answers
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic
from tests.pages import plain

pytestmark = pytest.mark.django_db
FOLDED = "whom you ignore"


@pytest.fixture
def reader(client):
    reader = make_user()
    client.force_login(reader)
    return reader


def page_of(client, topic):
    return client.get(topic.get_absolute_url()).text


class TestAPostIsFolded:
    def test_only_for_whoever_ignores_its_author(self, client, reader):
        post = make_post(source="Bring cash.")
        make_post(topic=post.topic, source="And a pen.")
        ignore(reader, post.author)

        page = page_of(client, post.topic)

        assert page.count(FOLDED) == 1
        assert f"Post 2 by {post.author.username}, {FOLDED}" in plain(page)
        folded = re.search(r"<details class=\"ignored\">.*?</details>", page, re.DOTALL)[0]
        assert "Bring cash." in folded
        assert "And a pen." not in folded

        for other in (make_user(), post.author):
            client.force_login(other)
            assert FOLDED not in page_of(client, post.topic)
        client.logout()
        assert FOLDED not in page_of(client, post.topic)

    def test_until_they_are_read_again(self, client, reader):
        post = make_post()
        ignore(reader, post.author)
        assert FOLDED in page_of(client, post.topic)

        client.post(f"/members/{post.author.username}/stop-ignoring/")

        assert FOLDED not in page_of(client, post.topic)

    def test_also_as_an_accepted_answer(self, client, reader):
        post = make_post()
        answers.accept_answer(post.topic.author, post)
        ignore(reader, post.author)

        assert f"Answer 2 by {post.author.username}, {FOLDED}" in plain(page_of(client, post.topic))

    def test_but_not_where_its_author_moderates(self, client, reader):
        post = make_post()
        elsewhere = make_post(author=post.author)
        post.topic.subforum.moderators.add(post.author)
        ignore(reader, post.author)

        assert FOLDED not in page_of(client, post.topic)
        assert FOLDED in page_of(client, elsewhere.topic)

    def test_nor_for_whoever_moderates_there(self, client, reader):
        post = make_post()
        elsewhere = make_post(author=post.author)
        post.topic.subforum.moderators.add(reader)
        ignore(reader, post.author)

        assert FOLDED not in page_of(client, post.topic)
        assert FOLDED in page_of(client, elsewhere.topic)

    def test_nor_of_somebody_who_became_an_administrator(self, client, reader):
        post = make_post()
        ignore(reader, post.author)
        User.objects.filter(pk=post.author_id).update(is_staff=True)

        assert FOLDED not in page_of(client, post.topic)


def test_no_query_more_for_ignoring_one_or_many(client, reader):
    topic = make_topic()
    posts = [make_post(topic=topic) for _ in range(6)]
    counts = []
    for _ in range(2):  # the first reading is noted, and counts are kept
        page_of(client, topic)
    for ignored in ([], posts[:1], posts):
        for post in ignored:
            ignore(reader, post.author)
        page_of(client, topic)
        with CaptureQueriesContext(connection) as queries:
            page_of(client, topic)
        counts.append(len(queries))

    assert len(set(counts)) == 1


class TestTheProfile:
    def test_leads_to_a_page_that_says_what_it_means(self, client, reader):
        member = make_user("loud_lorry")

        assert 'href="/members/loud_lorry/ignore/"' in client.get(member.get_absolute_url()).text
        assert "Nobody else learns of it" in client.get("/members/loud_lorry/ignore/").text
        assert not Ignored.objects.exists()

        answer = client.post("/members/loud_lorry/ignore/", follow=True)

        assert "You ignore loud_lorry. Their posts are folded for you." in plain(answer.text)
        assert "Read again" in answer.text

    def test_has_no_such_button_for_oneself_an_administrator_and_a_visitor(self, client, reader):
        admin, member = make_user(is_staff=True), make_user()

        assert "/ignore/" not in client.get(reader.get_absolute_url()).text
        assert "/ignore/" not in client.get(admin.get_absolute_url()).text
        client.logout()
        assert "/ignore/" not in client.get(member.get_absolute_url()).text

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_nobody_ignores_an_administrator_by_typing_the_address(self, client, reader, method):
        admin = make_user(is_staff=True)

        assert getattr(client, method)(f"/members/{admin.username}/ignore/").status_code == 403
        assert not Ignored.objects.exists()

    @pytest.mark.parametrize("name", ["nobody_here", "unconfirmed", "%00", "a" * 300])
    def test_whom_nobody_sees_nobody_ignores(self, client, reader, name):
        make_user("unconfirmed", email_confirmed_at=None)

        assert client.post(f"/members/{name}/ignore/").status_code in {400, 404}
        assert not Ignored.objects.exists()


def test_the_list_names_them_and_costs_the_same_for_many(client, reader, django_assert_max_num_queries):
    members = [make_user() for _ in range(4)]
    for member in members:
        ignore(reader, member)

    with django_assert_max_num_queries(5):
        page = client.get("/settings/ignored/").text

    assert all(member.username in page for member in members)


def test_too_many_are_refused_in_words(client, reader, monkeypatch):
    monkeypatch.setattr("accounts.actions.MOST_IGNORED", 1)
    one, other = make_user(), make_user()
    ignore(reader, one)

    answer = client.post(f"/members/{other.username}/ignore/", follow=True)

    assert "You ignore 1 members already." in answer.text
    assert Ignored.objects.count() == 1
