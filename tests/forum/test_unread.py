"""What a member has not read yet."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.readers import as_reader
from forum import unread
from forum.models import Post, Reading, SubforumReading, Topic
from forum.pages import topic_list
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic, now
from tests.pages import titles_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    """Somebody who joined long ago and is signed in."""
    user = make_user(joined_at=now() - timedelta(days=900))
    client.force_login(user)
    return user


def titles(client, url="/unread/"):
    return titles_on(client.get(url))


def test_a_topic_is_unread_until_it_is_read_and_again_after_a_reply(client, reader):
    topic = make_topic(title="Is Bedel open at all")

    assert titles(client) == ["Is Bedel open at all"]
    client.get(topic.get_absolute_url())
    assert titles(client) == []
    make_post(topic=topic)
    assert titles(client) == ["Is Bedel open at all"]


def test_unread_titles_stand_out_in_every_list_and_are_counted(client, reader):
    topic = make_topic()

    listed = client.get(topic.subforum.get_absolute_url()).text
    index = client.get("/").text

    assert '<li class="new">' in listed
    assert "Unread 1<" in listed
    assert "1 unread" in index
    assert '<span class="count">1</span>' in index


def test_reading_the_first_page_leaves_the_second_unread(client, reader):
    topic = make_topic()
    for _ in range(21):
        make_post(topic=topic)

    client.get(topic.get_absolute_url())

    assert Reading.objects.get(user=reader, topic=topic).number == 20
    assert len(titles(client)) == 1


def test_the_way_to_the_first_unread_post(client, reader):
    topic = make_topic()
    client.get(topic.get_absolute_url())
    posts = [make_post(topic=topic) for _ in range(21)]

    answer = client.get(f"/topics/{topic.pk}/unread/")
    assert answer.url.endswith(f"#p{posts[0].pk}")

    topic.refresh_from_db()
    for page in (1, 2):
        client.get(topic.url_of_page(page))
    assert client.get(f"/topics/{topic.pk}/unread/").url.endswith(f"/2/#p{posts[-1].pk}")


def test_new_posts_are_marked_once(client, reader):
    topic = make_topic()
    client.get(topic.get_absolute_url())
    make_post(topic=topic)

    first, second = (client.get(topic.get_absolute_url()).text for _ in range(2))

    assert first.count('"badge new"') == 1
    assert '"badge new"' not in second


def test_a_visit_writes_one_row_and_the_next_one_none(client, reader):
    topic = make_topic()

    def writes():
        with CaptureQueriesContext(connection) as queries:
            client.get(topic.get_absolute_url())
        return [query["sql"] for query in queries if query["sql"].strip().split()[0] in {"INSERT", "UPDATE"}]

    assert len(writes()) == 1
    assert writes() == []


def test_a_visitor_writes_nothing(client):
    client.get(make_topic().get_absolute_url())

    assert not Reading.objects.filter(user__username="").exists()
    assert Reading.objects.count() == 1  # the author's own


def test_ones_own_posts_are_read(client, reader):
    topic = make_topic(author=reader)
    make_post(topic=make_topic(subforum=topic.subforum), author=reader)

    assert titles(client) == []


def test_what_was_written_before_one_joined_counts_as_read(client):
    make_topic()
    client.force_login(make_user())

    assert titles(client) == []


def test_topics_that_rest_count_as_read(client, reader):
    make_topic(last_post_at=now() - unread.UNREAD_FOR - timedelta(days=1))

    assert titles(client) == []


def test_marking_a_subforum_read_leaves_the_others(client, reader):
    one, other = make_topic(title="In the one subforum"), make_topic(title="In another subforum")

    for _ in range(2):
        client.post(f"/forums/{one.subforum.slug}/read/")

    assert titles(client) == [other.title]
    assert SubforumReading.objects.count() == 1


def test_marking_everything_read_leaves_what_came_later(client, reader):
    make_topic()
    until = now()
    later = make_topic(title="Written after the page was made")

    client.post("/read/", {"until": until.isoformat()})

    assert titles(client) == [later.title]


def test_a_mark_never_goes_back(client, reader):
    make_topic()
    client.post("/read/")

    client.post("/read/", {"until": (now() - timedelta(days=30)).isoformat()})

    assert titles(client) == []


@pytest.mark.parametrize("until", ["x", "2026-13-01T00:00:00Z", "2026-01-01T00:00:00"])
def test_a_moment_that_is_none_is_refused(client, reader, until):
    assert client.post("/read/", {"until": until}).status_code == 400


def test_following_a_link_marks_nothing_read(client, reader):
    topic = make_topic()

    client.get("/read/")
    client.get(f"/forums/{topic.subforum.slug}/read/")

    assert titles(client) == [topic.title]


def test_hidden_topics_and_closed_subforums_are_not_listed(client, reader):
    make_topic(hidden_at=now())
    make_topic(subforum=make_subforum(access="staff"), author=make_user(is_staff=True))

    assert titles(client) == []
    assert unread.counts(reader, fresh=True) == {}


def test_a_post_hidden_since_is_no_news(client, reader):
    topic = make_topic()
    client.get(topic.get_absolute_url())
    post = make_post(topic=topic)
    client.force_login(post.author)
    client.post(f"/posts/{post.pk}/withdraw/")
    client.force_login(reader)

    assert titles(client) == []


def test_visitors_are_sent_to_sign_in(client):
    topic = make_topic()

    for url in ["/unread/", f"/topics/{topic.pk}/unread/", "/read/"]:
        assert client.get(url).url.startswith("/account/login/")


@pytest.mark.parametrize("topics", [1, 12])
def test_the_list_costs_the_same_whatever_it_shows(client, reader, topics):
    subforum = make_subforum()
    for _ in range(topics):
        make_topic(subforum=subforum)
    client.get("/unread/")

    with CaptureQueriesContext(connection) as queries:
        client.get("/unread/")

    assert len(queries) == 5  # session, member, counts, topics, their crossings


def test_old_readings_are_forgotten_by_night(reader):
    old, new = make_topic(), make_topic()
    Topic.objects.filter(pk=old.pk).update(last_post_at=now() - timedelta(days=90))

    unread.forget_old_readings()

    assert [reading.topic for reading in Reading.objects.all()] == [new]


def test_a_held_post_is_no_news_for_others(client, reader):
    topic = make_topic()
    client.get(topic.get_absolute_url())
    Post.objects.filter(topic=topic).update(held_at=now())

    assert titles(client) == []


def test_lists_and_the_query_agree_on_what_is_unread(reader):
    """`is_unread` in Python and in SQL are one rule."""
    whole, begun, untouched, old, marked, again = (make_topic(author=make_user()) for _ in range(6))
    for topic in (whole, begun, again):
        make_post(topic=topic)
    for topic, number in ((whole, 2), (begun, 1), (again, 2)):
        Reading.objects.create(user=reader, topic=topic, number=number)
    Topic.objects.filter(pk=old.pk).update(last_post_at=now() - unread.UNREAD_FOR - timedelta(days=1))
    SubforumReading.objects.create(user=reader, subforum=marked.subforum, read_until=now())
    SubforumReading.objects.create(user=reader, subforum=again.subforum, read_until=now() - timedelta(days=900))
    make_post(topic=again)

    rows, _ = topic_list.seldom_asked(as_reader(reader), Topic.objects.order_by("pk"), 1)

    assert len(rows) == 6
    assert {row.pk for row in rows if row.is_unread} == {begun.pk, untouched.pk, again.pk}
    assert {topic.pk for topic in unread.unread_topics(reader)} == {begun.pk, untouched.pk, again.pk}
