"""Of a word that very many posts have the newest are ranked, and the newest first posts."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forum.models import Post, PostWord
from forum.search import candidates, time_limit
from forum.search.candidates import Size
from forum.search.query import lean_query
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def size_is_read():
    candidates.forget()
    yield
    candidates.forget()


@pytest.fixture
def few(monkeypatch):
    """No more than three newest posts and two first posts are ranked."""
    monkeypatch.setattr(time_limit, "TIMEOUT_MS", 60_000)
    monkeypatch.setattr(candidates, "MOST", 3)
    monkeypatch.setattr(candidates, "MOST_OPENING", 2)


@pytest.fixture
def very_common(few, monkeypatch):
    """The word is expected in all of many posts, which were written in the last hundred days."""
    days = [timezone.now() - timedelta(days=day) for day in range(100, -1, -1)]
    monkeypatch.setattr(candidates, "_size", lambda: Size(1_000_000, 50_000, days))
    monkeypatch.setattr(candidates, "_expected", lambda *_: 1_000_000)
    monkeypatch.setattr(candidates, "SPARE", 3_000)  # of 1,000,000 posts 9,000: the newest day


def found(client, q="marker", **filters):
    answer = client.get("/search/", {"q": q, **filters})
    assert answer.status_code == 200, answer.text
    return answer


def titles(answer):
    return [post.topic.title for post in answer.context["found"].hits]


def written(post, *, days_ago):
    Post.objects.filter(pk=post.pk).update(written_at=timezone.now() - timedelta(days=days_ago))


def slow_where_all_are_looked_at(look):
    def slow_look(posts, since, most, **how):
        if since is None:
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = 20; SELECT pg_sleep(30)")
        return look(posts, since, most, **how)

    return slow_look


def test_a_title_of_long_ago_is_found_behind_many_newer_posts(client, few):
    old = make_topic(title="Marker at the pass")
    written(old.opening_post, days_ago=900)
    talk = make_topic(title="What we saw")
    for _ in range(6):
        make_post(topic=talk, source="Again a marker.")

    answer = found(client)

    assert titles(answer) == ["Marker at the pass", "What we saw"]
    assert "More than 2 topics" in answer.text


def test_the_newest_are_those_written_last(client, few):
    topics = [make_topic(title=f"Marker number {number}") for number in range(5)]
    for days, topic in enumerate(topics):
        written(topic.opening_post, days_ago=days)

    assert sorted(titles(found(client))) == ["Marker number 0", "Marker number 1", "Marker number 2"]


def test_what_was_counted_whole_is_no_more_than_that(client, few):
    for number in range(3):
        make_topic(title=f"Marker number {number}")

    answer = found(client)

    assert "3 topics" in answer.text
    assert "More than" not in answer.text
    assert " or more<" not in answer.text


def test_the_number_behind_a_filter_is_at_least_so_many(client, few):
    author = make_user()
    author.badges.create(title="China expert", given_by=make_user(), given_at=timezone.now())
    for number in range(5):
        make_topic(title=f"Marker number {number}", author=author)

    assert '+</span><span class="visually-hidden"> or more</span>' in found(client).text
    chosen = found(client, experts="on")
    assert '+</span><span class="visually-hidden"> or more</span>' in chosen.text
    assert "More than 3 topics" in chosen.text


@pytest.mark.parametrize("filters", [{}, {"forum": "here"}, {"since": "month"}, {"titles": "on"}, {"order": "newest"}])
def test_of_a_very_common_word_a_larger_part_is_looked_at_where_the_newest_was_too_little(client, very_common, filters):
    here = make_subforum(slug="here")
    for number, days in enumerate([0, 3, 20]):
        written(make_topic(title=f"Marker number {number}", subforum=here).opening_post, days_ago=days)

    with CaptureQueriesContext(connection) as queries:
        answer = found(client, **filters)

    asked = [query["sql"] for query in queries if "matching (id, written_at)" in query["sql"]]
    assert 'written_at" >= ' in asked[0]
    assert len(asked) > 1
    assert sorted(titles(answer)) == ["Marker number 0", "Marker number 1", "Marker number 2"]
    assert "More than" not in answer.text


def test_of_a_very_common_word_the_newest_part_is_enough(client, very_common):
    for days in [0, 0, 0, 0, 30]:
        written(make_topic(title="Marker").opening_post, days_ago=days)

    with CaptureQueriesContext(connection) as queries:
        answer = found(client)

    asked = [query["sql"] for query in queries if "matching (id, written_at)" in query["sql"]]
    assert len(asked) == 2  # posts, and first posts
    assert all('written_at" >= ' in sql for sql in asked)
    assert len(titles(answer)) == 3


def test_when_the_larger_part_takes_too_long_the_newest_are_shown(client, very_common, monkeypatch):
    written(make_topic(title="Marker of today").opening_post, days_ago=0)
    written(make_topic(title="Marker of June").opening_post, days_ago=90)
    monkeypatch.setattr(candidates, "_ids", slow_where_all_are_looked_at(candidates._ids))
    answer = found(client)

    assert titles(answer) == ["Marker of today"]
    assert "More than 1 topic" in answer.text


@pytest.fixture
def rare(few, monkeypatch):
    """Of many posts few are expected to have the word."""
    days = [timezone.now() - timedelta(days=day) for day in range(100, -1, -1)]
    monkeypatch.setattr(candidates, "_size", lambda: Size(1_000_000, 50_000, days))
    monkeypatch.setattr(candidates, "_expected", lambda *_: 2)


def test_of_a_word_that_is_expected_in_few_all_posts_are_looked_at_once(client, rare):
    for days in [0, 30, 90]:
        written(make_topic(title="Marker").opening_post, days_ago=days)

    with CaptureQueriesContext(connection) as queries:
        answer = found(client)

    assert len([query for query in queries if "matching (id, written_at)" in query["sql"]]) == 1
    assert len(titles(answer)) == 3
    assert "More than" not in answer.text


def test_where_all_posts_take_too_long_the_newest_are_shown_and_not_an_error(client, rare, monkeypatch):
    written(make_topic(title="Marker of today").opening_post, days_ago=0)
    written(make_topic(title="Marker of June").opening_post, days_ago=90)
    monkeypatch.setattr(candidates, "_ids", slow_where_all_are_looked_at(candidates._ids))

    answer = found(client)

    assert titles(answer) == ["Marker of today"]
    assert "More than 1 topic" in answer.text


def test_lexemes_that_no_post_has_are_left_out_of_a_long_query_for_common_words(very_common, monkeypatch):
    monkeypatch.setattr(candidates, "LEAN_FROM", 3)
    make_topic(title="Marker at the pass")

    judged = candidates.judge("(('marker' | 'e~marker' | 'd~marker') & ('pass' | 'passe'))")

    assert judged == ("(('marker' | 'e~marker') & 'pass')", 1_000_000)


def test_a_short_query_is_left_as_it_is(very_common):
    assert candidates.judge("('marker' | 'd~marker')").matches == "('marker' | 'd~marker')"


def test_a_query_that_nothing_can_meet_is_left_as_it_is(very_common, monkeypatch):
    monkeypatch.setattr(candidates, "LEAN_FROM", 1)

    assert candidates.judge("'marker'").matches == "'marker'"


def test_how_common_a_word_is_statistics_and_counted_words_tell():
    PostWord.objects.create(text="torugart", posts_count=50_000)
    size = Size(1_000_000, 50_000, [], {"border": 0.2, "e~border": 0.2})

    def expected(query):
        return round(candidates._expected(lean_query.read(query), size))

    assert expected("('border' | 'e~border' | 'd~bord')") == 200_000  # forms of one word stand in the same posts
    assert expected("('torugart' | 'e~torugart')") == 250_000  # of the 200,000 posts whose words are counted
    assert expected("'border' & 'torugart'") == 50_000
    assert expected("'border' & 'nobody'") == 1_000_000 * 0.2 * candidates.UNKNOWN


def test_a_forum_without_statistics_has_no_parts():
    size = candidates._size()

    assert size.since(0.4) is None or size.posts > 0
    assert Size(0, 0, []).since(0.1) is None
    assert Size(0, 0, []).share_of_topics == 0


def test_the_settings_of_a_search_end_with_it(client, very_common):
    make_topic(title="Marker")

    found(client)

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('enable_indexscan'), current_setting('statement_timeout')")
        assert cursor.fetchone()[0] == "on"
