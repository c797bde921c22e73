"""The busiest pages compile no queryset when they are asked for again: their statements are kept (pagecache)."""

from datetime import timedelta

import pytest
from django.db.models.sql.compiler import SQLCompiler

from config import page_cache
from forum.actions.answers import accept_answer
from forum.models import Reading
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic, now
from tests.pages import titles_on

pytestmark = pytest.mark.django_db

PAGES = {
    "index": "/",
    "list": "/forums/visas/",
    "unread topics of a subforum": "/forums/visas/?tab=unread",
    "unread topics": "/unread/",
    "topic with an answer": "/topics/{topic.pk}-{topic.slug}/",
    "post": "/posts/{topic.last_post_id}/",
    "first unread post": "/topics/{topic.pk}/unread/",
    "profile": "/members/{topic.author.username}/",
    "composer of a reply": "/topics/{topic.pk}/reply/",
}


@pytest.fixture
def compiled(monkeypatch):
    """Tables of the querysets that are compiled from now on."""
    tables, as_sql = [], SQLCompiler.as_sql

    def noted(compiler, *arguments, **words):
        tables.append(compiler.query.get_meta().db_table)
        return as_sql(compiler, *arguments, **words)

    monkeypatch.setattr(SQLCompiler, "as_sql", noted)
    return tables


@pytest.fixture
def topic():
    topic = make_topic(subforum=make_subforum(slug="visas"))
    answer = make_post(topic=topic)
    make_post(topic=topic)
    accept_answer(topic.author, answer)
    return topic


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["visitor", "member"])
def test_a_busy_page_compiles_nothing_again(client, topic, compiled, who, page):
    url = PAGES[page].format(topic=topic)
    if who == "member":
        client.force_login(make_user(joined_at=now() - timedelta(days=9)))
    client.get(url)
    compiled.clear()
    page_cache.store.clear()

    response = client.get(url)

    assert response.status_code in {200, 302}
    assert compiled == []


def test_a_changed_post_is_read_without_compiling(client, topic, compiled):
    client.get(topic.get_absolute_url())
    make_post(topic=topic, source="The gate opens at nine.")
    compiled.clear()

    assert "The gate opens at nine." in client.get(topic.get_absolute_url()).text
    assert compiled == []


def test_members_who_share_a_statement_have_each_their_own_unread_topics(client, topic):
    """What one has read, and since when they are here, is not what the other has and is."""
    other = make_topic(subforum=topic.subforum)
    read, late = make_user(joined_at=now() - timedelta(days=9)), make_user(joined_at=now() + timedelta(seconds=9))
    begun = make_user(joined_at=read.joined_at)
    Reading.objects.create(user=read, topic=topic, number=3)
    Reading.objects.create(user=begun, topic=topic, number=1)

    def unread_of(user):
        client.force_login(user)
        counted = client.get("/").text.count(" unread")
        listed = titles_on(client.get("/unread/"))
        assert listed == titles_on(client.get("/forums/visas/?tab=unread"))
        return set(listed), client.get(f"/topics/{topic.pk}/unread/").url.partition("#p")[2], bool(counted)

    posts = [str(pk) for pk in topic.posts.order_by("number").values_list("pk", flat=True)]
    assert unread_of(read) == ({other.title}, posts[-1], True)
    assert unread_of(begun) == ({topic.title, other.title}, posts[1], True)
    assert unread_of(late) == (set(), posts[-1], False)
    assert unread_of(read) == ({other.title}, posts[-1], True)
