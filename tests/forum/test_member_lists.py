"""The page of a member and the lists of what they wrote: complete, in order, by pages, and only what one may read."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from forum.actions import answers, reactions
from forum.models import Post
from forum.pages import keyset
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic

pytestmark = pytest.mark.django_db
LISTS = ["posts/", "topics/", "answers/", "reactions/", "reactions/given/", "reports/"]


@pytest.fixture
def member():
    return make_user(username="rider", trust=User.Trust.TRUSTED)


def titles(response):
    return [post.topic.title for post in response.context["posts"]]


def queries_of(client, path):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


class TestProfile:
    def test_its_numbers_lead_to_the_lists_that_they_count(self, client, member):
        topic = make_topic(author=member)
        answers.accept_answer(topic.author, make_post(topic=topic))
        answer = make_post(author=member)
        answers.accept_answer(answer.topic.author, answer)
        reactions.react(make_user(), answer, "helpful")
        reactions.react(member, make_post(), "helpful")

        page = client.get("/members/rider/").text

        for path, count in [
            ("posts/", 2), ("topics/", 1), ("answers/", 1),
            ("reactions/?kind=helpful", 1), ("reactions/given/?kind=helpful", 1),
        ]:  # fmt: skip
            assert f'<a href="/members/rider/{path}"><b>{count}</b></a>' in page

    def test_the_numbers_beside_a_post_lead_there_too(self, client, member):
        topic = make_topic(author=member)

        page = client.get(topic.get_absolute_url()).text

        assert 'href="/members/rider/posts/"' in page
        assert "Found helpful" in page
        assert "Got helpful" not in page

    def test_it_shows_the_latest_posts_and_leads_to_all(self, client, member):
        posts = [make_post(author=member, topic=make_topic(title=f"Topic number {number}")) for number in range(11)]

        response = client.get("/members/rider/")

        assert [post.pk for post in response.context["recent_posts"]] == [post.pk for post in reversed(posts[1:])]
        assert 'href="/members/rider/posts/">All posts' in response.text

    def test_how_a_post_begins_leaves_out_what_it_quotes(self, client, member):
        quoted = make_post(source="Bring cash.")
        make_post(author=member, topic=quoted.topic, source="> Bring cash.\n\nCards work too, since May.")

        (post,) = client.get("/members/rider/").context["recent_posts"]

        assert post.excerpt == "Cards work too, since May."


class TestLists:
    def test_posts_come_newest_first_and_page_by_page(self, client, member, monkeypatch):
        monkeypatch.setattr("forum.views.members.member_lists.ROWS_PER_PAGE", 2)
        topic, at = make_topic(), timezone.now()
        made = [make_post(author=member, topic=topic, written_at=at) for _ in range(5)]  # all at the same time

        seen, path = [], "/members/rider/posts/"
        while path:
            context = client.get(path).context
            seen += [post.pk for post in context["posts"]]
            path = context["next_url"]

        assert seen == [post.pk for post in reversed(made)]

    def test_topics_come_page_by_page(self, client, member, monkeypatch):
        monkeypatch.setattr("forum.views.members.member_lists.TOPICS_PER_PAGE", 2)
        here = make_subforum()
        for number in range(3):
            make_topic(author=member, subforum=here, title=f"Topic number {number}")

        first = client.get("/members/rider/topics/")
        second = client.get(first.context["next_url"])

        assert [f"Topic number {number}" in first.text for number in range(3)] == [False, True, True]
        assert [f"Topic number {number}" in second.text for number in range(3)] == [True, False, False]
        assert second.context["next_url"] == ""

    def test_a_running_topic_is_nobodys(self, client, member):
        make_topic(author=member, title="Reports of a pass", is_running=True, opening_post=None)

        assert "Reports of a pass" not in client.get("/members/rider/topics/").text

    def test_accepted_answers_are_those_that_stand(self, client, member):
        stands, withdrawn = (make_post(author=member, topic=make_topic(title=f"A {word} question")) for word in "xy")
        for post in (stands, withdrawn):
            answers.accept_answer(post.topic.author, post)
        answers.withdraw_answer(withdrawn.topic.author, withdrawn)

        assert titles(client.get("/members/rider/answers/")) == ["A x question"]

    def test_reactions_received_are_the_posts_that_got_them_by_kind(self, client, member):
        helpful, outdated = (make_post(author=member, topic=make_topic(title=f"A {word} question")) for word in "xy")
        reactions.react(make_user(), helpful, "helpful")
        for _ in range(3):
            reactions.react(make_user(trust=User.Trust.MEMBER), outdated, "outdated")
        make_post(author=member)

        assert titles(client.get("/members/rider/reactions/")) == ["A y question", "A x question"]
        assert titles(client.get("/members/rider/reactions/?kind=helpful")) == ["A x question"]
        assert titles(client.get("/members/rider/reactions/?kind=still_true")) == []

    def test_one_outdated_is_listed_for_its_giver_alone(self, client, member):
        User.objects.filter(pk=member.pk).update(trust=User.Trust.MEMBER)
        member.refresh_from_db()
        post = make_post(topic=make_topic(title="A x question"))
        reactions.react(member, post, "outdated")
        given = "/members/rider/reactions/given/"

        assert list(client.get(given).context["given"]) == []
        assert list(client.get(f"/members/{post.author.username}/reactions/").context["posts"]) == []
        client.force_login(member)
        assert len(client.get(given).context["given"]) == 1

    def test_reactions_given_are_one_row_each_the_latest_first(self, client, member, monkeypatch):
        monkeypatch.setattr("forum.views.members.member_lists.ROWS_PER_PAGE", 2)
        posts = [make_post() for _ in range(3)]
        for post, kind in zip(posts, ["helpful", "still_true", "helpful"], strict=True):
            reactions.react(member, post, kind)

        first = client.get("/members/rider/reactions/given/").context
        second = client.get(first["next_url"]).context
        helpful = client.get("/members/rider/reactions/given/?kind=helpful").context

        assert [reaction.post_id for reaction in first["given"]] == [posts[2].pk, posts[1].pk]
        assert [reaction.post_id for reaction in second["given"]] == [posts[0].pk]
        assert [reaction.post_id for reaction in helpful["given"]] == [posts[2].pk, posts[0].pk]

    def test_the_kind_stays_from_page_to_page(self, client, member, monkeypatch):
        monkeypatch.setattr("forum.views.members.member_lists.ROWS_PER_PAGE", 1)
        for _ in range(2):
            reactions.react(member, make_post(), "helpful")

        context = client.get("/members/rider/reactions/given/?kind=helpful").context

        assert "kind=helpful&after=" in context["next_url"]
        assert client.get(context["next_url"]).context["first_url"].endswith("?kind=helpful")

    @pytest.mark.parametrize("path", LISTS)
    def test_another_spelling_of_the_name_leads_there(self, client, member, path):
        response = client.get(f"/members/RIDER/{path}")

        assert (response.status_code, response.url) == (301, f"/members/rider/{path}")

    @pytest.mark.parametrize("path", ["", *LISTS])
    @pytest.mark.parametrize("left", [{"is_active": False}, {"email_confirmed_at": None}])
    def test_who_left_or_never_confirmed_has_none(self, client, path, left):
        make_user(username="ghost", **left)

        assert client.get(f"/members/ghost/{path}").status_code == 404

    @pytest.mark.parametrize("path", LISTS)
    @pytest.mark.parametrize("after", ["x", "1_", "-1", "9" * 30, "1_2_3", "٣"])
    def test_a_place_that_no_page_names_is_404(self, client, member, path, after):
        assert client.get(f"/members/rider/{path}", {"after": after}).status_code == 404

    @pytest.mark.parametrize("path", ["reactions/", "reactions/given/"])
    def test_a_kind_that_is_none_is_left_out_with_a_word(self, client, member, path):
        answer = client.get(f"/members/rider/{path}?kind=love")

        assert answer.status_code == 200
        assert "a choice that is not there (kind)" in answer.text

    @pytest.mark.parametrize("path", ["", *LISTS])
    def test_the_queries_do_not_grow(self, client, member, path):
        def fill():
            for _ in range(3):
                make_topic(author=member)
                post = make_post(author=member)
                answers.accept_answer(post.topic.author, post)
                reactions.react(make_user(), post, "helpful")
                reactions.react(member, make_post(), "helpful")

        fill()
        few = queries_of(client, f"/members/rider/{path}")
        fill()

        assert queries_of(client, f"/members/rider/{path}") == few <= 9

    def test_no_list_is_counted_to_its_end(self, client, member, monkeypatch):
        monkeypatch.setattr("forum.pages.about_member.MOST_COUNTED", 2)
        monkeypatch.setattr("forum.extensions.fragments.MOST_COUNTED", 2)
        for _ in range(3):
            make_topic(author=member)

        assert '<a href="/members/rider/topics/"><b>2+</b></a>' in client.get("/members/rider/").text


def test_a_place_is_exact_to_the_microsecond():
    at = timezone.now()

    assert keyset.read_place(str(keyset.Place(at, 7))) == keyset.Place(at, 7)


def test_hidden_posts_are_in_no_list(client, member):
    post = make_post(author=member, topic=make_topic(title="A topic with a hidden post"))
    answers.accept_answer(post.topic.author, post)
    reactions.react(make_user(), post, "helpful")
    reactions.react(member, make_post(topic=post.topic), "helpful")
    Post.objects.filter(topic=post.topic).update(hidden_at=timezone.now())

    pages = [client.get(f"/members/rider/{path}").text for path in ["", *LISTS]]

    assert [page for page in pages if "A topic with a hidden post" in page] == []
