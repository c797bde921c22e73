import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from forum.models import Topic
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic, now

pytestmark = pytest.mark.django_db

GUEST_QUERIES = 5
MEMBER_QUERIES = 8


def queries_of(client, url):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def long_topic(posts):
    topic = make_topic()
    for _ in range(posts - 1):
        make_post(topic=topic)
    topic.refresh_from_db()
    return topic


def test_a_topic_page_costs_the_same_whatever_it_shows(client):
    short, long = make_topic(), long_topic(25)
    urls = [short.get_absolute_url(), long.get_absolute_url(), long.url_of_page(2)]

    never_seen = [queries_of(client, url) for url in urls]
    cold = []
    for url in urls:  # pages of one topic share what they show of crossings and similar topics
        Topic.objects.update(version=F("version") + 1)
        cold.append(queries_of(client, url))

    # The first of a process asks for the rules and the texts of the posts as well, and keeps them.
    assert never_seen[0] == never_seen[1] <= GUEST_QUERIES + 2
    assert len(set(cold)) == 1
    assert cold[0] <= GUEST_QUERIES


def test_a_members_topic_page_costs_a_few_queries_more(client):
    long = long_topic(12)
    client.force_login(make_user())

    # The first visit notes the reading, and asks for the rules and texts.
    assert queries_of(client, long.get_absolute_url()) <= MEMBER_QUERIES + 3
    assert queries_of(client, long.get_absolute_url()) <= MEMBER_QUERIES


@pytest.mark.parametrize("topics", [1, 9])
def test_lists_cost_the_same_whatever_they_show(client, topics):
    subforum = make_subforum()
    for _ in range(topics):
        make_topic(subforum=subforum)

    assert queries_of(client, subforum.get_absolute_url()) <= 5
    assert queries_of(client, "/") <= 6  # two of them for the borders
    assert queries_of(client, "/unanswered/") <= 4


def test_a_visitor_gets_no_cookie_and_no_token(client):
    topic = make_topic()

    for url in ["/", topic.get_absolute_url(), topic.subforum.get_absolute_url(), "/unanswered/"]:
        answer = client.get(url)
        assert not answer.cookies
        assert "csrfmiddlewaretoken" not in answer.text


def test_a_permalink_leads_to_the_page_where_the_post_stands(client):
    topic = long_topic(22)
    post = topic.posts.get(number=22)

    answer = client.get(f"/posts/{post.pk}/")

    assert answer.url == f"{topic.url_of_page(2)}#p{post.pk}"


def test_old_titles_in_an_address_lead_to_the_present_one(client):
    topic = make_topic()

    answer = client.get(f"/topics/{topic.pk}-an-older-title/")

    assert answer.status_code == 301
    assert answer.url == topic.get_absolute_url()
    assert answer["Cache-Control"] == "no-cache"  # or browsers would never ask again, though titles may go back


@pytest.mark.parametrize("page", ["0", "2", "99999999999999", "999999999999999999999"])
def test_pages_that_are_not_there_are_not_found(client, page):
    topic = make_topic()

    assert client.get(f"{topic.get_absolute_url()}{page}/").status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "x", "1e309", "١", "2", "99999999999"])
def test_odd_pages_of_a_list_are_not_found(client, page):
    subforum = make_topic().subforum

    assert client.get(subforum.get_absolute_url(), {"page": page}).status_code == 404


def test_pinned_topics_stand_first_then_the_newest(client):
    subforum = make_subforum()
    pinned = make_topic(subforum=subforum, title="Pinned for everybody", pinned_at=now())
    older = make_topic(subforum=subforum, title="The older of the two")
    newer = make_topic(subforum=subforum, title="The newer of the two")

    page = client.get(subforum.get_absolute_url()).text

    places = [page.index(topic.title) for topic in (pinned, newer, older)]
    assert places == sorted(places)


def test_topics_without_a_reply_are_listed_until_somebody_replies(client):
    topic = make_topic(title="Does anybody know Bedel")

    before = client.get("/no-reply/").text
    make_post(topic=topic)
    after = client.get("/no-reply/").text

    assert topic.title in before
    assert topic.title not in after


def test_a_topic_that_is_years_old_says_so(client):
    topic = make_topic()
    Topic.objects.update(opened_at=now().replace(year=now().year - 9, day=1))

    assert "9 years old" in client.get(topic.get_absolute_url()).text


def test_an_empty_forum_names_the_next_step(client):
    assert "Make the first administrator" in client.get("/").text
    make_user(is_staff=True)
    assert "We are still setting up" in client.get("/").text
