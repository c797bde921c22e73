"""The feed of one's news and one's calendar: secret addresses that open nothing else, and end when they should."""

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from crossings.status.update import today
from forum.models import Post, Topic
from notifications.feeds import secret_addresses
from notifications.models import Notification, PrivateFeed, Watch
from notifications.news.tell import tell
from notifications.watches.actions import watch
from tests.crossings.factories import make_crossing, make_notice
from tests.factories import PASSWORD, make_user
from tests.forum.factories import make_post, make_subforum

pytestmark = pytest.mark.django_db
Kind = PrivateFeed.Kind
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def member():
    return make_user(username="rider", trust=2)


@pytest.fixture
def torugart():
    return make_crossing(name="Torugart", slug="torugart")


def path_of(member, kind):
    return secret_addresses.make_address(member, kind).removeprefix("http://127.0.0.1:8000")


def entries(member):
    xml = ElementTree.fromstring(Client().get(path_of(member, Kind.NEWS)).content)  # noqa: S314
    return [entry.find("a:title", ATOM).text for entry in xml.findall("a:entry", ATOM)]


def events(member):
    text = Client().get(path_of(member, Kind.DATES)).text.replace("\r\n ", "")
    return re.findall(r"DTSTART;VALUE=DATE:(\d+)\r\nDTEND;VALUE=DATE:(\d+)\r\nSUMMARY:(.*)\r\n", text)


def written(days):
    return f"{today() + timedelta(days=days):%Y%m%d}"


class TestPage:
    def test_an_address_is_made_shown_once_and_works_without_a_session(self, client, member):
        client.force_login(member)

        made = client.post("/notifications/feeds/news/new/")
        address = re.search(r'value="(http://127.0.0.1:8000/private/[-\w]{43}/news.atom)"', made.text)[1]

        assert Client().get(address.removeprefix("http://127.0.0.1:8000")).status_code == 200
        assert address not in client.get("/notifications/feeds/").text
        assert made["Cache-Control"] == client.get("/notifications/feeds/")["Cache-Control"] == "no-store"

    def test_only_a_hash_is_kept(self, member):
        token = path_of(member, Kind.NEWS).split("/")[2]

        (row,) = PrivateFeed.objects.values()

        assert token not in str(row)
        assert len(row["token_hash"]) == 64

    def test_a_new_address_ends_the_old_one(self, client, member):
        old = path_of(member, Kind.NEWS)
        client.force_login(member)

        client.post("/notifications/feeds/news/new/")

        assert client.get(old).status_code == 404
        assert PrivateFeed.objects.count() == 1

    def test_one_of_the_other_kind_stays(self, client, member):
        dates, _ = path_of(member, Kind.DATES), path_of(member, Kind.NEWS)
        client.force_login(member)

        client.post("/notifications/feeds/news/end/")
        client.post("/notifications/feeds/news/end/")

        assert client.get(dates).status_code == 200
        assert list(PrivateFeed.objects.values_list("kind", flat=True)) == ["dates"]

    def test_a_link_changes_nothing(self, client, member):
        client.force_login(member)

        for path in ("new", "end"):
            assert client.get(f"/notifications/feeds/news/{path}/").url == "/notifications/feeds/"
        assert not PrivateFeed.objects.exists()


class TestAddress:
    @pytest.mark.parametrize("kind", Kind)
    @pytest.mark.parametrize(
        "change",
        [
            {"suspended_until": timezone.now() + timedelta(days=3000)},
            {"banned_at": timezone.now()},
            {"is_active": False},
            {"email_confirmed_at": None},
            {"sessions_ended_at": timezone.now() + timedelta(days=1)},
        ],
    )
    def test_it_ends_with_the_right_to_sign_in(self, client, member, kind, change):
        path = path_of(member, kind)
        assert client.get(path).status_code == 200

        User.objects.filter(pk=member.pk).update(**change)

        assert client.get(path).status_code == 404

    def test_it_ends_with_the_account(self, client, member):
        path = path_of(member, Kind.NEWS)

        member.delete()

        assert client.get(path).status_code == 404

    def test_it_ends_when_the_password_changes(self, client, member):
        path = path_of(member, Kind.NEWS)
        client.force_login(member)
        new = {"oldpassword": PASSWORD, "password1": "a slower train to osh", "password2": "a slower train to osh"}

        client.post("/account/password/change/", new)

        assert Client().get(path).status_code == 404

    @pytest.mark.parametrize("token", ["x", "0" * 43, "%C3%A9", "a" * 500])
    def test_a_guess_is_404(self, client, member, token):
        path_of(member, Kind.NEWS)

        assert client.get(f"/private/{token}/news.atom").status_code == 404

    def test_each_opens_its_own_kind_alone(self, client, member):
        token = path_of(member, Kind.NEWS).split("/")[2]

        assert client.get(f"/private/{token}/dates.ics").status_code == 404

    @pytest.mark.parametrize("kind", Kind)
    def test_it_is_kept_nowhere_and_nothing_is_written(self, member, kind):
        path, client = path_of(member, kind), Client()

        with CaptureQueriesContext(connection) as asked:
            response = client.get(path)

        assert response["Cache-Control"] == "private, no-store"
        assert response["X-Robots-Tag"] == "noindex"
        assert not client.cookies
        assert [query["sql"] for query in asked if not query["sql"].startswith("SELECT")] == []
        assert "sessionid" not in response.headers.get("Vary", "")

    def test_it_opens_nothing_else(self, member):
        client = Client()
        client.get(path_of(member, Kind.NEWS))

        assert client.get("/notifications/").status_code == 302

    @pytest.mark.parametrize("kind", Kind)
    def test_it_cannot_be_posted_to(self, member, kind):
        assert Client().post(path_of(member, kind)).status_code == 405

    def test_the_feed_does_not_contain_its_address(self, client, member):
        path = path_of(member, Kind.NEWS)

        assert path.split("/")[2] not in client.get(path).text


class TestNews:
    def test_it_tells_what_the_page_tells_newest_first(self, member):
        for number in (1, 2):
            tell(member.pk, Notification.Kind.REPORT, f"{number}", subject=f"News & more {number}", url="/rules/")
        tell(make_user().pk, Notification.Kind.REPORT, "3", subject="Of another", url="/rules/")

        assert entries(member) == ["News & more 2", "News & more 1"]

    def test_words_are_text_and_no_markup(self, client, member):
        words = "<script>alert(1)</script> \x0b & more"
        tell(member.pk, Notification.Kind.REPORT, "1", subject="\x0bOne", words=words, url="/rules/")

        xml = ElementTree.fromstring(client.get(path_of(member, Kind.NEWS)).content)  # noqa: S314

        assert "<p>&lt;script&gt;alert(1)&lt;/script&gt; " in xml.find("a:entry/a:summary", ATOM).text
        assert "&amp; more</p>" in xml.find("a:entry/a:summary", ATOM).text
        assert xml.find("a:entry/a:link", ATOM).get("href") == "http://127.0.0.1:8000/rules/"

    @pytest.mark.parametrize("hide", ["post", "topic", "held", "staff", "moved"])
    def test_what_they_may_no_longer_read_is_gone(self, member, hide):
        post = make_post()
        news = {"subject": "A reply", "url": post.get_absolute_url(), "post": post}
        tell(member.pk, Notification.Kind.REPLY, "1", **news)
        assert entries(member) == ["A reply"]

        now, topics = timezone.now(), Topic.objects.filter(pk=post.topic_id)
        match hide:
            case "post":
                Post.objects.filter(pk=post.pk).update(hidden_at=now)
            case "held":
                Post.objects.filter(pk=post.pk).update(held_at=now)
            case "topic":
                topics.update(hidden_at=now)
            case "staff":
                type(post.topic.subforum).objects.filter(pk=post.topic.subforum_id).update(access="staff")
            case "moved":
                topics.update(subforum=make_subforum(access="staff"))

        assert entries(member) == []

    def test_the_queries_do_not_grow(self, client, member):
        def asked():
            with CaptureQueriesContext(connection) as queries:
                client.get(path)
            return len(queries)

        tell(member.pk, Notification.Kind.REPORT, "0", subject="One", url="/rules/")
        path = path_of(member, Kind.NEWS)
        few = asked()
        for number in range(1, 9):
            tell(member.pk, Notification.Kind.REPORT, f"{number}", subject="One", url="/rules/", post=make_post())

        assert asked() == few


class TestDates:
    def test_it_has_the_day_of_travel(self, member, torugart):
        watch(member, torugart, travel_on=today() + timedelta(days=8), direction="a-b")

        assert events(member) == [(written(8), written(9), "At Torugart\\, Country CN to Country KG")]

    def test_it_has_closures_of_watched_crossings(self, member, torugart):
        watch(member, torugart)
        make_notice(torugart, begins=3, ends=5)
        make_notice(torugart, begins=7, ends=7, kind="holiday")
        make_notice(torugart, begins=1, ends=9, kind="danger")
        make_notice(make_crossing(), begins=3, ends=5)

        assert events(member) == [
            (written(3), written(6), "Torugart: closed"), (written(7), written(8), "Torugart: closed for holidays"),
        ]  # fmt: skip

    def test_a_closure_without_end_is_drawn_for_some_time(self, member, torugart):
        watch(member, torugart)
        make_notice(torugart, begins=-400)

        assert events(member) == [(written(-400), written(91), "Torugart: closed")]

    def test_a_closure_on_the_day_of_travel_is_told_there(self, client, member, torugart):
        watch(member, torugart, travel_on=today() + timedelta(days=4))
        make_notice(torugart, begins=3, ends=5, text="Closed, for repairs.")

        text = client.get(path_of(member, Kind.DATES)).text.replace("\r\n ", "")

        assert "Closed that day\\, by an official notice: Closed\\, for repairs." in text

    @pytest.mark.parametrize(
        ("level", "found"),
        [("watching", ["At Torugart", "Torugart: closed"]), ("mentions", ["At Torugart"]), ("muted", [])],
    )
    def test_it_follows_the_level_of_the_watch(self, member, torugart, level, found):
        watch(member, torugart, level=Watch.Level(level), travel_on=today())
        make_notice(torugart, begins=1, ends=2)

        assert [title for _, _, title in events(member)] == found

    def test_a_withdrawn_notice_and_a_watch_that_ended_are_gone(self, member, torugart):
        kept = watch(member, torugart, travel_on=today())
        notice = make_notice(torugart, begins=1, ends=2)
        type(notice).objects.filter(pk=notice.pk).update(withdrawn_at=timezone.now(), withdrawn_by=make_user())
        assert [title for _, _, title in events(member)] == ["At Torugart"]

        kept.delete()

        assert events(member) == []

    def test_what_is_long_past_is_gone(self, member, torugart):
        watch(member, torugart, travel_on=today() - timedelta(days=61))
        make_notice(torugart, begins=-90, ends=-61)

        assert events(member) == []

    def test_those_of_others_are_theirs(self, member, torugart):
        watch(make_user(), torugart, travel_on=today())

        assert events(member) == []

    def test_it_is_a_calendar(self, client, member):
        response = client.get(path_of(member, Kind.DATES))

        assert response["Content-Type"] == "text/calendar; charset=utf-8"
        assert response.text.startswith("BEGIN:VCALENDAR\r\n")

    def test_the_queries_do_not_grow(self, client, member, torugart):
        def asked():
            with CaptureQueriesContext(connection) as queries:
                client.get(path)
            return len(queries)

        watch(member, torugart, travel_on=today())
        make_notice(torugart)
        path = path_of(member, Kind.DATES)
        few = asked()
        for _ in range(4):
            crossing = make_crossing()
            watch(member, crossing, travel_on=today(), direction="b-a")
            make_notice(crossing)

        assert asked() == few <= 4
