"""Members keep posts that they want to find again; nobody else learns of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forum.bookmarks import actions
from forum.models import Bookmark, Post, Subforum, Topic
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic

pytestmark = pytest.mark.django_db
HTMX = {"hx-request": "true"}


@pytest.fixture
def reader(client):
    reader = make_user()
    client.force_login(reader)
    return reader


def day(days: int):
    return timezone.localdate() + timedelta(days=days)


def save(client, post, **fields):
    return client.post(f"/posts/{post.pk}/bookmark/edit/", {"note": "", "remind_on": ""} | fields)


class TestTheButtonUnderAPost:
    def test_bookmarks_without_script_and_leads_back_to_the_post(self, client, reader):
        post = make_post()
        assert f'formaction="/posts/{post.pk}/bookmark/"' in client.get(post.topic.get_absolute_url()).text

        for _ in range(2):  # a second click changes nothing
            assert client.post(f"/posts/{post.pk}/bookmark/")["Location"] == post.get_absolute_url()

        assert Bookmark.objects.get().post == post
        page = client.get(post.topic.get_absolute_url()).text
        assert f'href="/posts/{post.pk}/bookmark/edit/"' in page
        assert f'formaction="/posts/{post.pk}/bookmark/"' not in page

    def test_answers_a_script_with_itself_alone(self, client, reader):
        post = make_post()

        answer = client.post(f"/posts/{post.pk}/bookmark/", headers=HTMX).text

        assert answer.count("<a ") == 1
        assert f'href="/posts/{post.pk}/bookmark/edit/"' in answer
        assert "<article" not in answer

    def test_is_each_members_own(self, client, reader):
        post = make_post()
        actions.bookmark(make_user(), post)

        assert "Bookmarked" not in client.get(post.topic.get_absolute_url()).text

    def test_is_not_shown_to_visitors(self, client):
        assert "ookmark" not in client.get(make_post().topic.get_absolute_url()).text

    def test_changes_nothing_by_a_link(self, client, reader):
        post = make_post()

        assert client.get(f"/posts/{post.pk}/bookmark/")["Location"] == post.get_absolute_url()
        assert client.get(f"/posts/{post.pk}/bookmark/remove/").status_code == 302
        assert not Bookmark.objects.exists()


class TestTheNote:
    def test_is_kept_with_the_day_of_the_reminder(self, client, reader):
        post = make_post()

        assert save(client, post, note="Ask <b>again</b>\r\nin May", remind_on=day(30).isoformat()).status_code == 302

        found = Bookmark.objects.get()
        assert (found.note, found.remind_on) == ("Ask <b>again</b>\nin May", day(30))
        assert "Ask &lt;b&gt;again&lt;/b&gt;<br>in May" in client.get("/bookmarks/").text
        assert "Ask &lt;b&gt;again" in client.get(f"/posts/{post.pk}/bookmark/edit/").text

    def test_stays_when_the_button_is_pressed_again(self, client, reader):
        post = make_post()
        save(client, post, note="Bring cash", remind_on=day(3).isoformat())

        client.post(f"/posts/{post.pk}/bookmark/")

        found = Bookmark.objects.get()
        assert (found.note, found.remind_on) == ("Bring cash", day(3))

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"note": "x" * 301}, "at most 300 characters"),
            ({"remind_on": day(0).isoformat()}, "This day has begun already"),
            ({"remind_on": "1999-01-01"}, "This day has begun already"),
            ({"remind_on": "9999-12-31"}, "Look at the year"),
            ({"remind_on": "tomorrow"}, "This is no day"),
            ({"remind_on": "2027-02-30"}, "This is no day"),
        ],
    )
    def test_is_refused_in_words_and_given_back(self, client, reader, fields, words):
        answer = save(client, make_post(), **({"note": "My words"} | fields))

        assert answer.status_code == 400
        assert words in answer.text
        assert fields.get("note", "My words") in answer.text
        assert not Bookmark.objects.exists()

    def test_hides_nothing_and_reorders_nothing(self, client, reader):
        save(client, make_post(), note="a\u202eb\x1b")

        assert Bookmark.objects.get().note == "ab"

    def test_a_new_day_reminds_again_and_the_same_does_not(self, client, reader):
        post = make_post()
        save(client, post, remind_on=day(3).isoformat())
        Bookmark.objects.update(remind_on=day(-1), reminded_at=timezone.now())

        actions.edit_bookmark(reader, post, note="Later", remind_on=day(-1))
        assert Bookmark.objects.get().reminded_at is not None

        save(client, post, remind_on=day(9).isoformat())
        assert Bookmark.objects.get().reminded_at is None

    def test_a_changed_note_does_not_forget_that_one_was_reminded(self, client, reader):
        post = make_post()
        save(client, post, remind_on=day(3).isoformat())
        Bookmark.objects.update(remind_on=day(-1), reminded_at=timezone.now())

        assert save(client, post, note="Later", remind_on=day(-1).isoformat()).status_code == 302

        found = Bookmark.objects.get()
        assert (found.note, found.remind_on, found.reminded_at is None) == ("Later", day(-1), False)
        assert f'value="{day(-1).isoformat()}"' in client.get(f"/posts/{post.pk}/bookmark/edit/").text


class TestTheList:
    def test_shows_only_ones_own_the_newest_first(self, client, reader):
        topics = [make_topic(title=f"The {word} question of all") for word in ("first", "second", "third")]
        for topic in topics[:2]:
            actions.bookmark(reader, topic.opening_post)
        actions.bookmark(make_user(), topics[2].opening_post)

        page = client.get("/bookmarks/").text

        assert page.index("The second question") < page.index("The first question")
        assert "The third question" not in page

    def test_says_what_to_do_when_it_is_empty(self, client, reader):
        assert "You have no bookmarks." in client.get("/bookmarks/").text

    @pytest.mark.parametrize("how", ["hidden post", "held post", "hidden topic", "staff", "members"])
    def test_shows_nothing_that_may_not_be_read_and_finds_it_again(self, client, reader, how):
        post = make_post(source="A xylophone at the gate.")
        save(client, post, note="My marimba note")
        post.topic.subforum.moderators.add(make_user())
        now = timezone.now()
        changes = {
            "hidden post": (Post.objects.filter(pk=post.pk), {"hidden_at": now}),
            "held post": (Post.objects.filter(pk=post.pk), {"held_at": now}),
            "hidden topic": (Topic.objects.filter(pk=post.topic_id), {"hidden_at": now}),
            "staff": (Topic.objects.filter(pk=post.topic_id), {"subforum": make_subforum(access="staff")}),
            "members": (Subforum.objects.filter(pk=post.topic.subforum_id), {"access": "staff"}),
        }
        rows, change = changes[how]
        before = rows.values(*change).get()
        rows.update(**change)

        page = client.get("/bookmarks/").text
        assert [word for word in ("xylophone", "marimba", post.topic.title) if word in page] == []
        for path in ("bookmark/", "bookmark/edit/"):
            assert client.post(f"/posts/{post.pk}/{path}", {"note": "x"}).status_code == 404

        rows.update(**{f"{name}_id" if name == "subforum" else name: value for name, value in before.items()})
        assert "marimba" in client.get("/bookmarks/").text

    def test_is_a_page_at_a_time_and_costs_the_same_for_many(self, client, reader, monkeypatch):
        monkeypatch.setattr("forum.views.reading.bookmark_pages.BOOKMARKS_PER_PAGE", 2)
        counts = []
        for _ in range(5):
            actions.bookmark(reader, make_post())
            client.get("/bookmarks/")
            with CaptureQueriesContext(connection) as queries:
                client.get("/bookmarks/")
            counts.append(len(queries))

        assert counts[0] == counts[-1] <= 4
        assert client.get("/bookmarks/?page=3").status_code == 200
        for page in ("4", "0", "x", "9" * 40):
            assert client.get(f"/bookmarks/?page={page}").status_code == 404

    def test_a_bookmark_is_removed_also_of_what_may_not_be_read_any_more(self, client, reader):
        post = make_post()
        other = actions.bookmark(make_user(), post)
        actions.bookmark(reader, post)
        Post.objects.filter(pk=post.pk).update(hidden_at=timezone.now())

        for _ in range(2):
            assert client.post(f"/posts/{post.pk}/bookmark/remove/")["Location"] == "/bookmarks/"

        assert list(Bookmark.objects.all()) == [other]
