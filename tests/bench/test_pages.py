"""The pages of the benchmark, asked for inside: right answers, their queries, and what makes them cold."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from accounts.models import ExpertBadge
from bench.meter.inside import Inside
from bench.pages import pages_of
from bench.sample import Sample, SignedIn
from demo.texts import Writer
from forum.models import Post, Subforum, Topic
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic, now

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_connection():
    """The test's transaction lives in its connection, as Django's own test client knows."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def pages():
    """Of a small forum; of the longest topic only the posts that are looked for are there."""
    topic = make_post(topic=make_topic(), number=20).topic
    longest = make_topic(subforum=topic.subforum)
    Post.objects.bulk_create(
        Post(topic=longest, author=longest.author, number=number, source="x", html=f"<p>number {number}</p>",
             markup_version=1, written_at=longest.opened_at)
        for number in (20, 10_000, 20_000)
    )  # fmt: skip
    Topic.objects.filter(pk=longest.pk).update(last_number=20_000, posts_count=2000)
    member, expert = make_user(), make_user()
    ExpertBadge.objects.create(user=expert, title="Pass expert", countries=["KG"], given_by=member, given_at=now())
    sample = Sample(
        Topic.objects.get(pk=topic.pk), Topic.objects.get(pk=longest.pk), make_topic(),
        SignedIn(member), SignedIn(member), Writer("replies"), SignedIn(expert),
    )  # fmt: skip
    return {page.name: page for page in pages_of(sample)}


@pytest.mark.parametrize(
    "name",
    [
        "guest-kept",
        "guest",
        "guest-changed",
        "guest-replied",
        "member",
        "live",
        "live-member",
        "index",
        "list",
        "page-1",
        "page-500",
        "page-1000",
        "reply",
        "desk",
    ],
)
def test_each_page_answers_as_it_must(pages, name):
    page = pages[name]
    page.prepare()

    page.check(Inside().request(page))


def test_queries_of_a_page_are_counted_after_a_first_request(pages):
    queries = Inside().queries(pages["guest"])

    assert 1 <= len(queries) <= 5
    assert any("forum_post" in query["sql"] for query in queries)


@pytest.mark.parametrize("name", ["live", "live-member"])
def test_the_live_line_reads_no_posts_while_nothing_is_new(pages, name):
    queries = Inside().queries(pages[name])

    assert len(queries) <= pages[name].budget.queries
    assert not any("forum_post" in query["sql"] for query in queries)


def test_each_reply_is_a_post_of_its_own_and_writes_no_session(pages):
    page, inside = pages["reply"], Inside()
    key = re.search("session=(\\w+)", page.cookies)[1]
    before, session = Post.objects.count(), Session.objects.get(pk=key).session_data

    for _ in range(3):
        page.prepare()
        page.check(inside.request(page))
    assert Post.objects.count() == before + 3
    assert Session.objects.get(pk=key).session_data == session


def test_cold_raises_the_version_that_a_kept_page_is_valid_by(pages):
    topic = Topic.objects.select_related("subforum").earliest("pk")
    for name in ("guest", "index", "list"):
        pages[name].prepare()
    pages["guest-kept"].prepare()

    assert Topic.objects.get(pk=topic.pk).version == topic.version + 1
    assert Subforum.objects.get(pk=topic.subforum_id).version == topic.subforum.version + 2
