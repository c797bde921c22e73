"""How visitors' pages are kept: by what, for how much memory, and in which form they are sent."""

import gzip
import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import brotli
import pytest
from django.db import OperationalError, connection
from django.db.models import F
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.page_cache import (
    MAIN,
    MAX_PAGE_BYTES,
    Page,
    answer_without_database,
    best_encoding,
    key_of,
    may_be_kept,
    page_of,
    store,
)
from forum.counters.recount import recount
from forum.models import Section, Subforum, Topic
from pagecache import versions
from pagecache.store import Store
from pagecache.versions import Kept, Question
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic


def same_for_each(answer):
    """The headers that do not name this one request."""
    return {name: value for name, value in answer.headers.items() if name != "X-Request-ID"}


def a_page(size):
    return Page(None, Kept(Question("forum"), (1, 1)), 0, {}, {"": b"x" * size}, "e")


def test_a_page_takes_what_its_forms_take_at_most():
    kept = Store(max_bytes=10_000)
    kept.put("page", a_page(150))

    assert 300 <= kept.size <= 350


@pytest.mark.parametrize(
    ("accepted", "best"),
    [
        ("", ""), ("gzip", "gzip"), ("gzip, deflate, br", "br"), ("br;q=0, gzip", "gzip"), ("gzip;q=0", ""),
        ("br;q=1.0", "br"), ("gzip;q=...", ""), ("identity", ""), ("*", ""), ("brotli", ""), ("GZIP", "gzip"),
        ("Br, gzip", "br"),
    ],
)  # fmt: skip
def test_the_best_encoding_the_reader_takes(accepted, best):
    assert best_encoding(accepted) == best


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_a_page_is_compressed_quickly_for_the_first_reader_and_well_once_for_all_others(encoding):
    page = a_page(0)
    page.bodies[""] = b" ".join(b"%d" % (number * number) for number in range(2_000))

    first, second, third = (page.body(encoding) for _ in range(3))

    assert len(first) > len(second)
    assert second is third is page.bodies[encoding]
    assert set(page.bodies) == {"", encoding}
    assert page.body("") is page.bodies[""]


def answered(response, **changes):
    response.kept = Kept(Question("forum"), (1, 1))
    for name, value in changes.items():
        setattr(response, name, value)
    return response


def with_cookie(response):
    response.set_cookie("theme", "dark")
    return response


@pytest.mark.parametrize(
    ("response", "is_kept"),
    [
        (answered(HttpResponse("A page")), True),
        (answered(HttpResponse(b"x" * MAX_PAGE_BYTES)), True),
        (answered(HttpResponse(b"x" * (MAX_PAGE_BYTES + 1))), False),
        (HttpResponse("Not marked by its view"), False),
        (answered(HttpResponse("Gone", status=404)), False),
        (answered(StreamingHttpResponse(["A", "page"])), False),
        (answered(with_cookie(HttpResponse("For one alone"))), False),
        (answered(HttpResponse(b"...", headers={"Content-Encoding": "gzip"})), False),
    ],
    ids=["a page", "a large one", "too large", "not marked", "gone", "streamed", "with a cookie", "compressed"],
)
def test_only_whole_pages_for_everybody_are_kept(response, is_kept):
    assert may_be_kept(response) == is_kept


PAGE = b"<html><body>" + MAIN + b"Words</main></body></html>"


@pytest.mark.parametrize(
    ("changes", "can"),
    [
        ({}, True), ({"age": timedelta(minutes=10)}, True), ({"age": timedelta(minutes=10, seconds=1)}, False),
        ({"seconds": -1}, False), ({"headers": {"Content-Type": "application/atom+xml"}}, False),
        ({"headers": {}}, False), ({"body": b"<html>Words</html>"}, False),
    ],
)  # fmt: skip
def test_what_may_stand_in_while_the_database_is_away(monkeypatch, changes, can):
    now = timezone.now()
    monkeypatch.setattr("config.page_cache.timezone.now", lambda: now)
    headers = changes.get("headers", {"Content-Type": "text/html; charset=utf-8"})
    until, made_at = time.monotonic() + changes.get("seconds", 3_600), now - changes.get("age", timedelta(0))
    page = Page(None, Kept(Question("forum"), (1,)), until, headers, {"": changes.get("body", PAGE)}, "e", made_at)

    assert page.can_stand_in == can


def test_what_it_cannot_know_stands_first_on_the_page():
    made_at = datetime(2026, 11, 30, 9, 5, tzinfo=UTC)
    page = Page(
        None, Kept(Question("forum"), (1,)), 0, {"Content-Type": "text/html", "X-A": "b"}, {"": PAGE}, "e", made_at
    )

    answer = answer_without_database(page)

    begin, _, rest = answer.content.partition(MAIN)
    assert begin == b"<html><body>"
    assert rest.startswith(b'<div class="note warning" role="status"><p>Our database does not answer just now.')
    assert b"as it was at 09:05 UTC" in rest
    assert rest.endswith(b"</div>\nWords</main></body></html>")
    assert (answer["Content-Type"], answer["X-A"], answer["Vary"]) == ("text/html", "b", "Accept-Encoding, Cookie")


@pytest.mark.parametrize(
    ("method", "path", "is_kept"),
    [
        ("get", "/", True), ("head", "/", True), ("post", "/", False), ("options", "/", False),
        ("get", "/forums/a-b_1/?tab=answered", True), ("get", "/forums/a/?tab=no-reply&page=2", True),
        ("get", "/forums/a/?page=999999", True), ("get", "/forums/a/?page=1000000", False),
        ("get", "/forums/a/?page=0", False), ("get", "/forums/a/?tab=newest", False),
        ("get", "/forums/a/b/?page=2", False), ("get", "/unanswered/?page=2", True), ("get", "/unread/?page=2", False),
        ("get", "/crossings/a-b/?by=car", True), ("get", "/crossings/a-b/?to=kg&by=bicycle", True),
        ("get", "/crossings/a-b/?to=kg", False), ("get", "/crossings/a-b/?by=yak", False),
        ("get", "/crossings/a-b/?page=2", False), ("get", "/crossings/a/b/?by=car", False),
        ("get", "/topics/1-a/?by=car", False),
    ],
)  # fmt: skip
def test_what_is_kept_by_its_address(rf, method, path, is_kept):
    assert (key_of(getattr(rf, method)(path)) is not None) == is_kept


@pytest.mark.django_db
class TestAnswers:
    def test_the_second_visitor_costs_one_question(self, client):
        path = make_topic().get_absolute_url()
        first = client.get(path)

        with CaptureQueriesContext(connection) as queries:
            second = client.get(path)

        assert len(queries) == 1
        assert second.content == first.content
        assert same_for_each(second) == same_for_each(first)

    def test_a_kept_page_is_known_as_one_and_by_its_view(self, client):
        path = make_topic().get_absolute_url()

        made, kept = client.get(path).wsgi_request, client.get(path).wsgi_request

        assert not hasattr(made, "is_kept_page")
        assert kept.is_kept_page
        assert kept.resolver_match.view_name == made.resolver_match.view_name == "forum:topic"

    @pytest.mark.parametrize(("encoding", "unpack"), [("gzip", gzip.decompress), ("br", brotli.decompress)])
    def test_it_is_sent_compressed(self, client, encoding, unpack):
        path = make_topic().get_absolute_url()
        plain = client.get(path).content

        answer = client.get(path, headers={"Accept-Encoding": encoding})

        assert answer["Content-Encoding"] == encoding
        assert int(answer["Content-Length"]) == len(answer.content) < len(plain)
        assert unpack(answer.content) == plain

    def test_who_has_it_already_is_told_so(self, client):
        topic = make_topic()
        path = topic.get_absolute_url()
        etag = client.get(path)["ETag"]

        same = client.get(path, headers={"If-None-Match": etag})
        any_version = client.get(path, headers={"If-None-Match": "*"})
        make_post(topic=topic)
        changed = client.get(path, headers={"If-None-Match": etag})

        assert (same.status_code, same.content, same["ETag"]) == (304, b"", etag)
        assert changed.status_code == 200
        assert (any_version.status_code, any_version.content) == (304, b"")

    def test_every_header_of_the_first_answer_is_on_the_second(self, client):
        path = make_topic().get_absolute_url()
        client.get(path)

        answer = client.get(path)

        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"
        assert "geolocation=()" in answer["Permissions-Policy"]
        assert answer["Cache-Control"] == "public, no-cache"
        assert "Cookie" in answer["Vary"]

    def test_themes_are_kept_apart(self, client):
        path = make_topic().get_absolute_url()
        light = client.get(path).text
        client.cookies["theme"] = "dark"

        dark = client.get(path).text

        assert ('data-theme="dark"' in dark, 'data-theme="dark"' in light) == (True, False)

    def test_only_visitors_pages_are_kept_and_only_by_known_questions(self, client):
        topic = make_topic()
        for path in ("/account/login/", "/search/?q=x", f"{topic.get_absolute_url()}?a=1", "/nowhere/", "/theme/"):
            client.get(path)
        client.force_login(make_user())
        client.get(topic.get_absolute_url())

        assert len(store) == 0

    @pytest.mark.parametrize(
        ("query", "is_kept"),
        [
            ("region=central-asia", True), ("region=central-asia&page=2", True), ("page=2", True), ("page=1", False),
            ("region=atlantis", False), ("region=central-asia&page=100", False), ("&page=2", False),
            ("page=2&region=central-asia", False), ("region=central-asia&order=name", False),
        ],
    )  # fmt: skip
    def test_lists_of_crossings_are_kept_by_the_addresses_that_we_make(self, rf, query, is_kept):
        assert (key_of(rf.get(f"/crossings/?{query}")) is not None) == is_kept

    def test_odd_addresses_are_not_kept_apart(self, client):
        topic = make_topic()
        for number in range(1, 6):
            client.get("/", {"page": number})
            client.get(topic.get_absolute_url(), {"tab": "answered"})
            client.get("/", headers={"host": f"testserver:{number}"})

        assert len(store) == 1

    def test_a_host_that_is_not_ours_gets_no_kept_page(self, client):
        client.get("/")

        assert client.get("/", headers={"host": "evil.test"}).status_code == 400

    def test_asking_for_the_head_alone_gives_the_same_headers(self, client):
        path = make_topic().get_absolute_url()
        first = client.head(path)
        page = client.get(path)

        head = client.head(path)

        assert (head.status_code, head.content) == (200, b"")
        assert same_for_each(head) == same_for_each(page) == same_for_each(first)

    def test_nothing_is_kept_when_the_operator_says_so(self, client, settings):
        settings.KEPT_SECONDS = 0
        client.get(make_topic().get_absolute_url())

        assert len(store) == 0

    def test_a_change_while_the_page_is_made_does_not_stay_on_it(self, client, monkeypatch):
        from forum.views import topic_page

        topic = make_topic()
        true_page = topic_page.topic_page

        def slow_page(request, user, found, page):
            made = true_page(request, user, found, page)
            if topic.posts.count() == 1:
                make_post(topic=topic, source="Written meanwhile.")
            return made

        monkeypatch.setattr(topic_page, "topic_page", slow_page)
        client.get(topic.get_absolute_url())

        assert "Written meanwhile." in client.get(topic.get_absolute_url()).text


@pytest.mark.django_db
class TestTheShortcut:
    """Visitors' pages that are not kept any more come straight from their views."""

    def paths(self):
        topic = make_post().topic
        slug = topic.subforum.slug
        return [
            "/", "/unanswered/", "/answered/", "/feed/", "/rules/", f"/forums/{slug}/", f"/forums/{slug}/?tab=answered",
            f"/forums/{slug}/feed/", topic.get_absolute_url(), f"/topics/{topic.pk}/feed/",
        ]  # fmt: skip

    def test_it_gives_what_all_middlewares_give(self, client, settings):
        paths = self.paths()
        settings.KEPT_SECONDS = 0
        full = [client.get(path) for path in paths]
        settings.KEPT_SECONDS = 60
        for path in paths:
            client.get(path)
        store.clear()

        short = [client.get(path) for path in paths]

        assert [answer.content for answer in short] == [answer.content for answer in full]
        for own, other in zip(short, full, strict=True):
            assert {name for name in other.headers if name not in own.headers} == set()
            changed = {name for name, value in other.headers.items() if own.headers[name] != value}
            assert changed <= {"Cache-Control", "Vary", "ETag", "Content-Length", "X-Request-ID"}

    def test_it_is_taken(self, client, monkeypatch):
        path = make_topic().get_absolute_url()
        client.get(path)
        store.clear()
        monkeypatch.setattr(client.handler, "resolve_request", None)  # what Django calls after all middlewares

        assert client.get(path).status_code == 200

    def test_a_view_that_fails_runs_once_and_is_logged_once(self, client, monkeypatch, caplog):
        path, runs = make_topic().get_absolute_url(), []
        client.get(path)
        store.clear()

        def failing(*args):
            runs.append(args)
            raise ZeroDivisionError("Seen once.")

        monkeypatch.setattr("forum.views.topic_page.topic_page", failing)
        client.raise_request_exception = False

        answer = client.get(path)

        assert (answer.status_code, len(runs)) == (500, 1)
        assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [ZeroDivisionError]
        assert "default-src" in answer["Content-Security-Policy"]

    def test_a_view_may_set_headers_of_its_own(self, client, monkeypatch):
        from forum.views import topic_page

        path, true_page, colours = make_topic().get_absolute_url(), topic_page.topic_page, iter(["red", "blue", None])

        def coloured(*args):
            response = true_page(*args)
            if colour := next(colours):
                response["X-Colour"] = colour
            return response

        monkeypatch.setattr(topic_page, "topic_page", coloured)
        answers = []
        for _ in range(3):
            answers.append(client.get(path))
            store.clear()

        assert [answer.get("X-Colour") for answer in answers] == ["red", "blue", None]
        assert all("default-src" in answer["Content-Security-Policy"] for answer in answers)

    def test_whatever_is_no_page_goes_through_all_of_them(self, client):
        topic = make_topic()
        path = topic.get_absolute_url()
        client.get(path)

        answers = [client.get(odd) for odd in (f"{path}9/", "/topics/999-x/", f"/topics/{topic.pk}-other/")]

        assert [answer.status_code for answer in answers] == [404, 404, 301]
        assert all("default-src" in answer["Content-Security-Policy"] for answer in answers)


@pytest.mark.django_db
def test_a_kept_page_is_made_again_after_its_time(client):
    path = make_topic().get_absolute_url()
    usual = client.get(path)
    key = key_of(RequestFactory(SERVER_NAME="testserver").get(path))
    page = store.get(key)._replace(bodies={"": b"kept"})

    store.put(key, page)
    within = client.get(path)
    store.put(key, page._replace(valid_until=time.monotonic()))
    after = client.get(path)

    assert within.content == b"kept"
    assert after.content == usual.content
    assert store.get(key).valid_until > time.monotonic()


@pytest.mark.django_db
def test_a_kept_page_is_made_again_at_the_very_moment_of_its_end(client, monkeypatch):
    path = make_topic().get_absolute_url()
    usual = client.get(path)
    key = key_of(RequestFactory(SERVER_NAME="testserver").get(path))
    page = store.get(key)._replace(bodies={"": b"kept" + MAIN})
    store.put(key, page)
    monkeypatch.setattr("config.page_cache.time", SimpleNamespace(monotonic=lambda: page.valid_until))

    assert not page._replace(headers={"Content-Type": "text/html"}).can_stand_in
    assert client.get(path).content == usual.content


@pytest.mark.django_db
def test_no_kept_page_is_for_somebody_with_a_session(client):
    path, visitor = make_topic().get_absolute_url(), Client()
    client.force_login(make_user("saddlebag"))
    before = visitor.get(path).text

    of_member = client.get(path)

    assert "saddlebag" in of_member.text
    assert of_member["Cache-Control"] != visitor.get(path)["Cache-Control"]
    assert visitor.get(path).text == before
    assert "saddlebag" not in before


@pytest.mark.django_db
def test_an_unknown_session_is_no_visitor_without_one_either(client, settings):
    path = make_topic().get_absolute_url()
    client.get(path)
    client.cookies[settings.SESSION_COOKIE_NAME] = "of-yesterday"

    with CaptureQueriesContext(connection) as queries:
        client.get(path)

    assert len(queries) > 1


@pytest.mark.django_db
def test_a_counter_that_was_mended_shows_at_once(client):
    topic = make_post().topic
    Topic.objects.update(posts_count=7, version=F("version") + 1)
    Subforum.objects.update(version=F("version") + 1)
    assert "6 replies" in " ".join(client.get(topic.get_absolute_url()).text.split())

    recount(mend=True)

    assert "1 reply" in " ".join(client.get(topic.get_absolute_url()).text.split())
    assert recount(mend=False) == []


@pytest.mark.django_db
def test_a_new_day_ends_every_kept_page_because_words_change_with_it(client, monkeypatch):
    topic = make_topic()
    client.get(topic.get_absolute_url())
    with CaptureQueriesContext(connection) as same_day:
        client.get(topic.get_absolute_url())
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr("pagecache.versions.timezone.now", lambda: tomorrow)

    with CaptureQueriesContext(connection) as next_day:
        client.get(topic.get_absolute_url())

    assert len(same_day) == 1
    assert len(next_day) > 1


@pytest.mark.django_db
def test_another_app_may_add_a_number_that_ends_pages(client, monkeypatch):
    monkeypatch.setitem(versions._numbers, "topic", [*versions._numbers["topic"]])
    topic = make_topic()
    versions.depends_also(
        "topic", lambda: versions.of_others(Section.objects.all(), versions.CountAndTotal("position"))
    )
    before = versions.read_versions(Question("topic", topic.pk))

    make_topic(subforum=make_subforum(section=Section.objects.create(name="Another")))

    assert versions.read_versions(Question("topic", topic.pk)) != before


# --- While the database is away ---
@pytest.fixture
def away(monkeypatch):
    """Call it, and no version can be read."""

    def fail(question):
        raise OperationalError("gone")

    return lambda: monkeypatch.setattr("config.page_cache.read_versions", fail)


@pytest.mark.django_db
def test_a_kept_page_stands_in_while_the_database_is_away_and_says_so(away):
    client = Client(raise_request_exception=False)
    topic = make_topic()
    usual = client.get(topic.get_absolute_url())
    away()

    answer = client.get(topic.get_absolute_url(), HTTP_IF_NONE_MATCH=usual["ETag"])

    assert answer.status_code == 200
    assert topic.title in answer.text
    assert "Our database does not answer just now. This page is as it was at" in answer.text
    assert answer["Cache-Control"] == "no-store"
    assert not answer.has_header("ETag")
    assert answer["Content-Security-Policy"] == usual["Content-Security-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize("aged", [{"valid_until": 0.0}, {"made_at": timezone.now() - timedelta(minutes=11)}])
def test_no_page_stands_in_beyond_its_time(away, aged):
    client = Client(raise_request_exception=False)
    path = make_topic().get_absolute_url()
    client.get(path)
    key = key_of(RequestFactory(SERVER_NAME="testserver").get(path))
    store.put(key, store.get(key)._replace(**aged))
    away()

    assert client.get(path).status_code == 503


@pytest.mark.django_db
def test_what_cannot_say_so_does_not_stand_in(away):
    client = Client(raise_request_exception=False)
    make_post()
    assert client.get("/feed/").status_code == 200
    away()

    assert client.get("/feed/").status_code == 503


@pytest.mark.parametrize(("until", "kept"), [(timedelta(seconds=20), 20), (timedelta(hours=5), 60), (None, 60)])
def test_a_page_is_not_kept_past_the_moment_at_which_its_words_change(settings, monkeypatch, until, kept):
    settings.KEPT_SECONDS = 60
    now = timezone.now()
    monkeypatch.setattr("config.page_cache.timezone.now", lambda: now)
    monkeypatch.setattr("config.page_cache.time.monotonic", lambda: 1_000.0)
    answer = HttpResponse("Today, Monday 30 November")
    answer.kept = Kept(Question("forum"), (1, 1))
    if until:
        answer.valid_until = now + until

    request = RequestFactory().get("/crossings/torugart/")
    request.resolver_match = None

    page = page_of(request, answer, {})

    assert page.valid_until == 1_000 + kept
