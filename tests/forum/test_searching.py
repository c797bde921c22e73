"""Finding topics by the words of their titles and posts."""

import re
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.limits import work_limits
from accounts.models import User
from accounts.readers import VISITOR
from forum.actions import answers, edits
from forum.extensions import search_terms
from forum.models import Post, Subforum, Topic
from forum.pages import search_hits
from forum.search import candidates, hits, time_limit
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic, now

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def titles(client, q, **filters):
    answer = client.get("/search/", {"q": q, **filters})
    assert answer.status_code == 200, answer.text
    return [post.topic.title for post in answer.context["found"].hits]


def test_words_of_titles_and_of_posts_are_found_together(client):
    topic = make_topic(title="Torugart in one day", source="Who has done it?")
    make_post(topic=topic, source="By bicycle it took us two.")
    make_topic(title="Irkeshtam in one day", source="By bicycle?")

    assert titles(client, "torugart bicycle") == ["Torugart in one day"]


def test_a_topic_is_found_once_by_its_best_post(client):
    topic = make_topic(source="Is the arch open?")
    for _ in range(3):
        make_post(topic=topic, source="The arch was open.")

    answer = client.get("/search/", {"q": "arch"})

    assert len(answer.context["found"].hits) == answer.context["found"].count == 1


def test_titles_weigh_more(client):
    make_topic(title="Something about roads", source="We took the Bedel road, and it was long.")
    make_topic(title="Bedel and its road", source="What do you know?")

    assert titles(client, "bedel") == ["Bedel and its road", "Something about roads"]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ('"green zone permit"', True),
        ('"permit zone green"', False),
        ("permit -bishkek", False),
        ("permit -moscow", True),
        ("moscow or bishkek", True),
        ("kg", True),
        ("permits", True),
        ("Taş", True),
        ("TAS", True),
        ("торугарт", True),
        ("吐尔尕特", True),
        ("尔尕", True),
        ("尕尔", False),
        ("吐尔尕特 permit", True),
        ('"过 吐尔尕特"', True),
        ("ທ່າ", True),
    ],
)
def test_what_one_may_write(client, q, found):
    source = "The green zone permit costs 20 in Bishkek, KG. Sarı Taş, Торугарт. 我们过吐尔尕特口岸 ທ່າແຂກ"
    make_topic(title="All the names", source=source)

    assert titles(client, q) == (["All the names"] if found else [])


def test_what_was_found_is_marked_and_what_was_written_is_no_markup(client):
    make_topic(source="<b>The gate</b> & the <script>gate</script> of Torugart \\<mark\\>")

    excerpt = client.get("/search/", {"q": "torugart gate"}).context["found"].hits[0].found_words

    assert "<mark>gate</mark>" in excerpt
    assert not re.search(r"<(?!/?mark>)", excerpt)


def test_letters_in_a_row_are_shown_without_gaps(client):
    make_topic(source="我们过吐尔尕特口岸")

    excerpt = client.get("/search/", {"q": "吐尔尕特"}).context["found"].hits[0].found_words

    assert re.sub("</?mark>", "", excerpt).strip() == "我们过吐尔尕特口岸"


def test_filters_stand_in_the_address(client):
    here, there = make_subforum(slug="here"), make_subforum(slug="there")
    old = make_topic(subforum=here, title="An old word about Bedel", author=make_user(username="oldtimer"))
    make_topic(subforum=there, title="A new word about Bedel")
    Post.objects.filter(topic=old).update(written_at=now() - timedelta(days=100))
    answer = make_post(topic=old, source="Nobody crosses there.")
    answers.accept_answer(old.author, answer)

    assert titles(client, "bedel", forum="there") == ["A new word about Bedel"]
    assert titles(client, "bedel", by="OldTimer") == ["An old word about Bedel"]
    assert titles(client, "bedel", answered="on") == ["An old word about Bedel"]
    assert titles(client, "bedel word", since="month", by="oldtimer") == []
    assert titles(client, "crosses", titles="on") == []
    assert titles(client, "word", titles="on", order="newest") == ["A new word about Bedel", "An old word about Bedel"]


def test_a_new_title_is_found_at_once_and_the_old_one_no_longer(client):
    topic = make_topic(title="Torugart by bycicle")
    make_post(topic=topic, source="Fine.")
    edits.edit_post(topic.author, topic.opening_post, source="x", title="Torugart by unicycle", based_on=0)

    assert titles(client, "bycicle") == []
    assert titles(client, "unicycle fine") == ["Torugart by unicycle"]


def test_nobody_finds_what_they_may_not_read(client):
    make_topic(subforum=make_subforum(access="members"), title="Marker for members")
    make_topic(subforum=make_subforum(access="staff"), author=make_user(is_staff=True), title="Marker for staff")
    hidden = make_post(source="Marker hidden")
    make_topic(title="Marker in a hidden topic", hidden_at=now())
    held = make_post(source="Marker held")
    Post.objects.filter(pk=hidden.pk).update(hidden_at=now())
    Post.objects.filter(pk=held.pk).update(held_at=now())

    assert titles(client, "marker") == []
    client.force_login(make_user())
    assert titles(client, "marker") == ["Marker for members"]


def test_a_forum_one_may_not_read_is_no_filter(client):
    make_subforum(slug="secret", access="staff")

    answer = client.get("/search/", {"q": "x", "forum": "secret"})

    assert answer.status_code == 200
    assert "a choice that is not there (forum)" in answer.text


def test_every_page_shows_what_follows_the_one_before(client):
    for number in range(23):
        make_topic(title=f"Marker number {number}", source="marker " * (number % 4 + 1))

    for order in ("", "newest"):
        answer = client.get("/search/", {"q": "marker", "order": order})
        seen = [post.pk for post in answer.context["found"].hits]
        assert len(seen) == 20
        rest = client.get(answer.context["next_url"]).context["found"]
        seen += [post.pk for post in rest.hits]
        assert len(set(seen)) == len(seen) == 23
        assert (rest.next, rest.count) == (None, 23)


@pytest.mark.parametrize("after", ["x", "1e309_1", "nan_1", "-1_1", "0.5_", "0.5_99999999999999999999", "0.1_1_1"])
def test_an_odd_place_in_the_list_is_its_beginning(client, after):
    make_topic(title="Marker of a topic")

    assert titles(client, "marker", after=after) == ["Marker of a topic"]


@pytest.mark.parametrize("q", ["the", "is it", "-torugart", "''", "!!! ???", "word " * 13, "x" * 201, "the -bus"])
def test_what_cannot_be_looked_for_is_said_in_words(client, q):
    answer = client.get("/search/", {"q": q})

    assert answer.status_code == 400
    assert 'role="alert"' in answer.text


def test_nothing_found_says_what_to_try(client):
    make_topic()

    page = client.get("/search/", {"q": "xyzzy", "titles": "on"}).text

    assert "Nothing found for “xyzzy”" in page
    assert "Search without the filters" in page


def test_an_unknown_author_is_named(client):
    assert "Nobody here is called “nobody”" in client.get("/search/", {"q": "bedel", "by": "nobody"}).text


def test_without_words_the_page_tells_how_to_ask(client):
    assert "finds both words" in client.get("/search/").text


def test_a_search_that_takes_too_long_ends_with_words(client, monkeypatch):
    monkeypatch.setattr(time_limit, "TIMEOUT_MS", 50)
    monkeypatch.setattr(candidates, "_NEWEST", "SELECT pg_sleep(5) FROM ({matching}) AS matching LIMIT %s")
    make_topic(title="Bedel")

    answer = client.get("/search/", {"q": "bedel"})

    assert answer.status_code == 503
    assert "took too long" in answer.text


def test_when_too_many_search_the_next_one_is_told(client, monkeypatch):
    turns = threading.BoundedSemaphore(1)
    turns.acquire()
    monkeypatch.setitem(work_limits._permits, "search", turns)

    answer = client.get("/search/", {"q": "bedel"})

    assert answer.status_code == 503
    assert answer["Retry-After"] == "2"
    assert "Try again in a moment" in answer.text


def test_other_names_of_a_place_are_looked_for_too(client):
    make_topic(title="Over the Turugart by bus")

    @search_terms.register
    def spellings(query):
        return ["Turugart"] if "torugart" in query.casefold() else []

    try:
        assert titles(client, "Torugart") == ["Over the Turugart by bus"]
    finally:
        search_terms.unregister(spellings)


@pytest.mark.parametrize("topics", [1, 12])
def test_a_search_costs_the_same_whatever_it_finds(client, topics):
    for _ in range(topics):
        make_topic(title="Marker of a topic")
    client.get("/search/", {"q": "marker"})  # how many posts there are is kept

    with CaptureQueriesContext(connection) as queries:
        client.get("/search/", {"q": "marker"})

    # Of them two open and close the transaction, one sets its time, and two ask whether names of crossings changed.
    assert len(queries) == 10


def test_a_visitors_search_writes_nothing(client):
    make_topic()

    with CaptureQueriesContext(connection) as queries:
        answer = client.get("/search/", {"q": "torugart"})

    assert not answer.cookies
    assert not [query for query in queries if re.match(r"\s*(INSERT|UPDATE|DELETE)", query["sql"])]


def test_passages_are_made_within_the_time_too(monkeypatch):
    make_topic(source="The arch is open.")
    asked = []
    make = search_hits.hits_of

    def slow_hits(*args):
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            asked.append(cursor.fetchone()[0])
        return make(*args)

    monkeypatch.setattr(search_hits, "hits_of", slow_hits)
    with CaptureQueriesContext(connection) as queries:
        hits.search(VISITOR, hits.Question("arch"))

    assert asked == ["2s"]
    assert "RELEASE" in queries[-1]["sql"]


@pytest.mark.parametrize(
    ("rows", "change", "words"),
    [
        (Topic.objects.all(), {"title": "The pass in spring"}, "The pass in spring"),
        (Topic.objects.all(), {"posts_count": 42}, "41 replies"),
        (Topic.objects.all(), {"answers_count": 1}, "Answered"),
        (Post.objects.all(), {"helpful_count": 7}, "Helpful to 7"),
        (Subforum.objects.all(), {"name": "Borders of the east"}, "in <bdi>Borders of the east</bdi>"),
        (User.objects.all(), {"username": "somebody"}, "<bdi>somebody</bdi>"),
    ],
)
def test_a_hit_shows_a_row_as_it_is_now(client, rows, change, words):
    """Its title and its last line are fragments by what they show; nothing else tells of these changes."""
    make_topic(title="Kulma in winter")
    before = client.get("/search/?q=kulma").text

    rows.update(**change)

    assert words not in before
    assert words in client.get("/search/?q=kulma").text
