"""The latest topics and posts: by subforum, by country, unread, and where one wrote; page by page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions import ignore
from crossings.links.actions import link_topic
from forum.actions import topics
from forum.models import Post, Topic
from forum.unread import note_reading
from tests.crossings.factories import make_crossing
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.pages import plain

pytestmark = pytest.mark.django_db
PATHS = ["/latest/", "/latest/posts/"]


@pytest.fixture
def here():
    return make_subforum(slug="here")


@pytest.fixture
def member():
    return make_user(joined_at=timezone.now() - timezone.timedelta(days=9))


def named(client, path, titles, **query):
    """Which of these titles stand on the page."""
    response = client.get(path, query)
    assert response.status_code == 200
    return [title for title in titles if title in response.text]


@pytest.mark.parametrize("path", PATHS)
class TestFilters:
    def test_by_subforum(self, client, here, path):
        make_topic(title="A topic right here", subforum=here), make_topic(title="A topic elsewhere")

        both = ["A topic right here", "A topic elsewhere"]

        assert named(client, path, both) == both
        assert named(client, path, both, forum="here") == ["A topic right here"]

    def test_by_country_of_the_crossings_that_it_is_about(self, client, path):
        kyrgyz, tajik = make_topic(title="About Torugart"), make_topic(title="About Karamyk")
        link_topic(kyrgyz, make_crossing(countries=("CN", "KG")), source="author", by=kyrgyz.author)
        link_topic(tajik, make_crossing(countries=("KG", "TJ")), source="author", by=tajik.author)
        make_topic(title="About nothing")

        titles = ["About Torugart", "About Karamyk", "About nothing"]

        assert named(client, path, titles, country="KG") == titles[:2]
        assert named(client, path, titles, country="CN") == titles[:1]

    def test_what_one_has_not_read(self, client, path, member):
        read, unread = make_topic(title="Read by me"), make_topic(title="Not read by me")
        note_reading(member, read, 1)
        client.force_login(member)

        assert named(client, path, ["Read by me", "Not read by me"], only="unread") == ["Not read by me"]

        make_post(topic=read)
        assert named(client, path, ["Read by me", "Not read by me"], only="unread") == ["Read by me", "Not read by me"]
        assert unread.pk

    def test_where_one_wrote(self, client, path, member):
        make_topic(title="Opened by me", author=member)
        make_post(topic=make_topic(title="Answered by me"), author=member)
        make_topic(title="Not by me")
        client.force_login(member)

        titles = ["Opened by me", "Answered by me", "Not by me"]

        assert named(client, path, titles, only="mine") == titles[:2]

    def test_all_at_once(self, client, path, here, member):
        topic = make_topic(title="It is this one", subforum=here, author=member)
        link_topic(topic, make_crossing(), source="author", by=member)
        for fields in ({"author": member}, {"subforum": here}):
            make_topic(title="Not this one", **fields)
        client.force_login(member)

        both = ["It is this one", "Not this one"]

        assert named(client, path, both, forum="here", country="KG", only="mine") == ["It is this one"]

    def test_a_visitor_is_not_asked_what_they_read(self, client, path):
        make_topic(title="A topic right here")

        assert named(client, path, ["A topic right here"], only="mine") == ["A topic right here"]
        assert "Topics in which I wrote" not in client.get(path).text

    @pytest.mark.parametrize("query", [{"forum": "nowhere"}, {"country": "ZZ"}, {"forum": "a b"}])
    def test_what_is_not_there_is_left_out_with_a_word(self, client, path, query):
        answer = client.get(path, query)

        assert answer.status_code == 200
        assert f"a choice that is not there ({next(iter(query))})" in answer.text

    def test_a_place_that_no_page_names_is_404(self, client, path):
        assert client.get(path, {"after": "x"}).status_code == 404

    def test_an_unknown_wish_of_a_member_is_left_out(self, client, path, member):
        client.force_login(member)

        assert "a choice that is not there (only)" in client.get(path, {"only": "best"}).text

    def test_a_subforum_of_the_staff_is_for_others_as_if_it_were_not_there(self, client, path):
        make_subforum(slug="staff-room", access="staff")

        assert client.get(path, {"forum": "staff-room"}).text == client.get(path, {"forum": "staff-room"}).text
        assert "a choice that is not there (forum)" in client.get(path, {"forum": "staff-room"}).text
        assert "staff-room" not in client.get(path).text

    def test_the_queries_do_not_grow(self, client, path, member):
        def asked():
            client.get(path)  # the numbers in the head are counted once a minute
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path, {"country": "KG", "only": "mine"}).status_code == 200
            return len(queries)

        def fill():
            for _ in range(3):
                topic = make_topic(author=member)
                link_topic(topic, make_crossing(), source="author", by=member)

        client.force_login(member)
        fill()
        few = asked()
        fill()

        assert asked() == few


class TestPages:
    def test_topics_come_by_their_last_post_page_by_page(self, client, here, monkeypatch):
        made = [make_topic(title=f"Topic number {number}", subforum=here) for number in range(33)]
        Topic.objects.update(last_post_at=timezone.now())  # all at once: then by their number
        make_post(topic=made[0])

        first = client.get("/latest/", {"forum": "here"})
        second = client.get(first.context["next_url"])

        def places(response):
            return [pk for pk in [int(part.split("-")[0]) for part in response.text.split('href="/topics/')[1:]] if pk]

        order = [made[0].pk, *[topic.pk for topic in reversed(made[1:])]]
        assert list(dict.fromkeys(places(first))) == order[:30]
        assert list(dict.fromkeys(places(second))) == order[30:]
        assert second.context["next_url"] == ""
        assert second.context["first_url"] == "/latest/?forum=here"

    def test_posts_come_page_by_page(self, client, monkeypatch):
        monkeypatch.setattr("crossings.views.lists.latest_lists.POSTS_PER_PAGE", 2)
        topic = make_topic()
        made = [topic.opening_post_id, *[make_post(topic=topic).pk for _ in range(4)]]

        seen, path = [], "/latest/posts/"
        while path:
            context = client.get(path).context
            seen += [post.pk for post in context["posts"]]
            path = context["next_url"]

        assert seen == list(reversed(made))

    def test_a_post_tells_who_wrote_it_and_where(self, client, here):
        post = make_post(topic=make_topic(subforum=here), author=make_user(username="rider"), source="Bring cash.")

        page = client.get("/latest/posts/").text

        assert f'<a href="/posts/{post.pk}/" dir="auto">' in page
        assert '<a href="/members/rider/">rider</a>' in plain(page)
        assert "Bring cash." in page


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "hide", ["hidden post", "held post", "hidden topic", "held topic", "staff", "members", "moved"]
)
def test_what_one_may_not_read_is_not_there(client, path, hide):
    title, words, now = "A secret topic", "Secret words.", timezone.now()
    opening = make_topic(title=title, source=words).opening_post
    match hide.split():
        case [state, "post"]:
            Post.objects.filter(pk=opening.pk).update(**{f"{state}_at": now})
            Topic.objects.filter(pk=opening.topic_id).update(**{f"{state}_at": now})
        case [state, "topic"]:
            Topic.objects.filter(pk=opening.topic_id).update(**{f"{state}_at": now})
        case ["moved"]:
            topics.move_topic(make_user(is_staff=True), opening.topic, make_subforum(access="staff"))
        case [access]:
            type(opening.topic.subforum).objects.filter(pk=opening.topic.subforum_id).update(access=access)

    assert named(client, path, [title, words]) == []


def test_members_whom_one_ignores_are_not_among_the_latest_posts(client, member):
    post = make_post(topic=make_topic(title="A topic of others"), source="Of one whom I ignore.")
    ignore(member, post.author)
    client.force_login(member)

    assert named(client, "/latest/posts/", ["A topic of others", "Of one whom I ignore."]) == ["A topic of others"]
    assert named(client, "/latest/", ["A topic of others"]) == ["A topic of others"]


def test_merged_topics_are_there_once(client, here):
    kept, gone = make_topic(title="Kept topic", subforum=here), make_topic(title="Gone topic", subforum=here)
    Topic.objects.filter(pk=gone.pk).update(merged_into=kept, hidden_at=timezone.now())

    assert named(client, "/latest/", ["Kept topic", "Gone topic"]) == ["Kept topic"]


def test_visitors_get_it_kept_and_it_ends_with_a_new_post(client, here):
    make_topic(title="The first topic", subforum=here)
    assert named(client, "/latest/posts/", ["The first topic", "The second topic"]) == ["The first topic"]

    make_topic(title="The second topic", subforum=here)

    assert len(named(client, "/latest/posts/", ["The first topic", "The second topic"])) == 2
