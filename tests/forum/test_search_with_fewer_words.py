"""A search that finds nothing with all its words goes on with fewer, and says so."""

import re

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import ExpertBadge
from accounts.readers import VISITOR
from forum.extensions import search_terms
from forum.models import Post, PostWord
from forum.search import candidates, filters, hits, stems, time_limit, vectors, vocabulary
from forum.search.query import fewer_words
from forum.search.query.fewer_words import Fit
from forum.search.query.tsquery import asked_for
from tests.chance import examples
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic, now

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def time_enough(monkeypatch):
    """Also on a slow machine all is looked for."""
    monkeypatch.setattr(hits, "OFFERED_WITHIN_MS", 60_000)
    monkeypatch.setattr(hits, "PLACE_WITHIN_MS", 60_000)
    monkeypatch.setattr(time_limit, "TIMEOUT_MS", 60_000)


def search(client, q, **filters):
    answer = client.get("/search/", {"q": q, **filters})
    assert answer.status_code == 200, answer.text
    return answer


def titles(answer):
    return [post.topic.title for post in answer.context["found"].hits]


def test_a_whole_sentence_finds_what_has_most_of_its_words(client):
    make_topic(title="Torugart for cyclists", source="It is open again.")
    make_topic(title="A week in Osh", source="The next bus leaves on Monday.")

    answer = search(client, "is torugart open for cyclists next week")

    assert titles(answer) == ["Torugart for cyclists"]
    assert "These have most of them" in answer.text
    assert re.search(r"Without\s+<s dir=\"auto\">next</s>, <s dir=\"auto\">week</s>", answer.text)


@pytest.mark.parametrize("query", ["torugart bus slow", "torugart slow"])
def test_with_filters_it_is_said_that_they_may_be_the_reason(client, query):
    make_topic(title="Torugart by bus", source="Slow.", subforum=make_subforum(slug="here"))
    make_topic(title="Torugart by yak and bus", subforum=make_subforum(slug="there"))

    page = search(client, query, forum="there").text

    assert "With these filters, no topic has" in page
    assert f'<a href="/search/?q={query.replace(" ", "%20")}">Search without the filters.</a>' in page
    assert "With these filters" not in search(client, "torugart yak slow zebra").text


def test_two_words_that_nobody_wrote_together_find_either(client):
    make_topic(title="Torugart by bus", source="Slow.")
    make_topic(title="Irkeshtam with a yak", source="Slow.")

    answer = search(client, "torugart yak")

    assert sorted(titles(answer)) == ["Irkeshtam with a yak", "Torugart by bus"]
    assert "at least one of them" in answer.text


def test_what_has_all_words_is_shown_alone_and_nothing_is_said(client):
    make_topic(title="Torugart by bus", source="Slow.")
    make_topic(title="Irkeshtam by bus", source="Slow.")

    answer = search(client, "torugart bus slow")

    assert titles(answer) == ["Torugart by bus"]
    assert "No topic has" not in answer.text


def test_what_is_left_out_stays_left_out_with_fewer_words(client):
    make_topic(title="Torugart by bus", source="Slow and expensive.")
    make_topic(title="Torugart by yak", source="Slow and expensive.")

    assert titles(search(client, "torugart slow expensive zebra -yak")) == ["Torugart by bus"]


def test_a_phrase_is_not_taken_apart(client):
    make_topic(source="The green zone permit costs 20.")

    assert "Nothing found for" in search(client, '"permit zone green"').text


def test_a_chinese_sentence_falls_back_to_its_pairs(client):
    make_topic(title="吐尔尕特口岸", source="开放")

    assert titles(search(client, "吐尔尕特口岸下周开放吗")) == ["吐尔尕特口岸"]


@pytest.mark.parametrize("words", ["sarytash", "Sarytash hotel", "SARYTASH"])
@pytest.mark.parametrize("written", ["Sary Tash", "sary tash"])
def test_a_word_that_nobody_wrote_may_be_two(client, words, written):
    make_topic(title="Where to sleep", source=f"There is a hotel in {written}.")
    make_topic(title="Another hotel", source="In Osh.")

    answer = search(client, words)

    assert titles(answer)[0] == "Where to sleep"
    assert f"<mark>{written}</mark>" in answer.text
    assert "looked for as two" in answer.text


@pytest.mark.parametrize("word", ["sarydesk", "saryrug", "deskrug"])
def test_words_are_not_parted_into_what_nobody_wrote(client, word):
    make_topic(title="Sary rug", source="Desk and rug.")

    answer = search(client, word)

    assert vocabulary.known_parts(Post.objects.all(), asked_for("sarydesk zqxjkwvv").units) == {
        "sarydesk": [("sary", "desk")], "zqxjkwvv": [],
    }  # fmt: skip
    assert ("Sary rug" in titles(answer)) == (word == "saryrug")


def test_no_more_than_three_words_are_taken_apart():
    units = asked_for("alphabet bravotown charlietown deltatown").units

    assert len(vocabulary.known_parts(Post.objects.all(), units)) == vocabulary.MOST_UNWRITTEN


def test_of_a_word_of_many_posts_nobody_may_read_nothing_is_offered(client, monkeypatch):
    monkeypatch.setattr(vocabulary, "_MATCHING", vocabulary._MATCHING.replace("200", "2"))
    monkeypatch.setattr(vocabulary, "MATCHING", 2)
    for _ in range(3):
        hidden = make_post(source="The zumbolat is closed.")
        Post.objects.filter(pk=hidden.pk).update(hidden_at=now())
    posts = Post.objects.visible_to(VISITOR).readable()
    units = asked_for("zumbolat").units

    assert vocabulary.unwritten(posts, units) == []
    assert vocabulary.written(posts, {"zumbolat": "'zumbolat'"}) == []
    assert search(client, "zumbollat").context["found"].meant == ""


def test_the_next_page_fits_as_the_first(client):
    for number in range(23):
        make_topic(title=f"Torugart number {number}", source="open " * (number % 3 + 1))

    first = search(client, "torugart open cyclists")
    assert "fit=most" in first.context["next_url"]
    rest = client.get(first.context["next_url"])

    seen = [post.pk for answer in (first, rest) for post in answer.context["found"].hits]
    assert len(set(seen)) == len(seen) == 23
    assert rest.context["found"].next is None


@pytest.mark.parametrize("fit", ["", "all", "no", "any", "apart", "place", "most", "most most"])
def test_any_fit_in_the_address_is_answered(client, fit):
    make_topic(title="Torugart by bus")

    assert client.get("/search/", {"q": "torugart bus zebra", "fit": fit, "after": "9_9"}).status_code == 200
    assert titles(search(client, "torugart bus zebra", fit=fit)) == ["Torugart by bus"]


def test_at_least_so_many_words_must_be_there():
    words = "alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima"
    query = fewer_words.query_of(Fit.MOST, asked_for(words))

    def fits(present):
        lexemes = " ".join(f"'{word}'" for word in words.split()[:present])
        (row,) = Post.objects.raw("SELECT 1 AS id, %s::tsvector @@ %s::tsquery AS fits", [lexemes, query])
        return row.fits

    assert [fits(count) for count in (7, 8, 12)] == [False, True, True]
    assert len(query) < 30_000


def test_a_question_with_many_stop_words_may_be_long(client):
    make_topic(title="Torugart by bicycle", source="In November without an agency: possible.")

    answer = search(client, "is it possible to cross the torugart by bicycle in november without an agency please")

    assert titles(answer) == ["Torugart by bicycle"]


# --- Did you mean ---


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("bycicle", "bicycle"), ("torugart bycicle", "torugart bicycle"), ("Bicylce", "bicycle"),
        ("граница велосепед", "граница велосипед"), ("carnett bycicle", "carnet bicycle"),
    ],
)  # fmt: skip
def test_a_word_that_nobody_wrote_is_offered_as_one_that_is_written(client, query, meant):
    make_topic(title="Torugart in June", source="With a bicycle and a carnet. Граница, велосипед.")

    answer = search(client, query)

    assert answer.context["found"].meant == meant
    assert "Did you mean" in answer.text
    assert titles(client.get(answer.context["meant_url"])) == ["Torugart in June"]


def test_words_counted_at_night_are_offered_however_old_their_posts_are(client, monkeypatch):
    make_topic(title="Torugart in June", source="With a bicycle.")
    vocabulary.count_words()
    vocabulary.count_words()
    monkeypatch.setattr(vocabulary, "NEWEST", 1)
    make_topic(title="Irkeshtam in June", source="Without any.")

    assert PostWord.objects.get(text="bicycle").posts_count == 1
    assert search(client, "bycicle").context["found"].meant == "bicycle"


def test_words_that_no_post_has_any_more_are_forgotten():
    post = make_post(source="With a zumbolat.")
    vocabulary.count_words()
    Post.objects.filter(pk=post.pk).update(source="None.", **vectors.columns(post.heading, "None."))

    vocabulary.count_words()

    assert not PostWord.objects.filter(text="zumbolat").exists()


@pytest.mark.parametrize("place", ["staff", "members", "hidden", "held"])
def test_nobody_is_offered_a_word_of_posts_they_may_not_read(client, place):
    access = place if place in {"staff", "members"} else "open"
    author = make_user(is_staff=access == "staff")
    topic = make_topic(subforum=make_subforum(access=access), author=author)
    post = make_post(topic=topic, author=author, source="The zumbolat is closed.")
    Post.objects.filter(pk=post.pk).update(**({f"{place}_at": now()} if access == "open" else {}))
    vocabulary.count_words()

    answer = search(client, "zumbollat")

    assert answer.context["found"].meant == ""
    assert "zumbolat" not in answer.text
    client.force_login(make_user(is_staff=True))
    assert search(client, "zumbollat").context["found"].meant == ("zumbolat" if access != "open" else "")


def test_words_that_not_all_may_read_are_not_counted():
    make_topic(subforum=make_subforum(access="members"), title="The zumbolat")
    make_topic(title="The hidden zumbolat", hidden_at=now())
    make_topic(title="An open gate, 100% of it")

    vocabulary.count_words()

    assert not PostWord.objects.filter(text="zumbolat").exists()
    assert PostWord.objects.filter(text="gate").exists()


def test_a_word_that_is_counted_and_new_is_offered_once_with_its_number(client):
    for _ in range(3):
        make_topic(title="Barrel")
    make_topic(title="Barren")
    vocabulary.count_words()

    assert vocabulary._like(Post.objects.all(), {"barrek", "zzzz"}) == {"barrek": [("barrel", 3), ("barren", 1)]}


def test_a_word_that_is_written_is_not_corrected(client):
    make_topic(title="Torugart in June", source="A bycicle and a bicycle and another bicycle.")

    assert search(client, "bycicle").context["found"].meant == ""


# --- Filters and hits ---


def test_by_experts_shows_what_they_wrote_and_how_many_topics(client):
    expert = make_user()
    ExpertBadge.objects.create(user=expert, title="China expert", given_by=make_user(), given_at=timezone.now())
    make_topic(title="Marker asked")
    answered = make_topic(title="Marker answered")
    make_post(topic=answered, author=expert, source="The marker is there.")

    assert search(client, "marker").context["found"].counted.topics["experts"] == {"on": 1}
    chosen = search(client, "marker", experts="on")
    assert titles(chosen) == ["Marker answered"]
    assert chosen.context["found"].counted.topics["experts"] == {"on": 1}
    assert re.search(
        r'id="id_experts" name="experts" value="on" checked>By experts\s*<span class="muted">1<', chosen.text
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"experts": "perhaps"}, {"since": "decade"}, {"forum": "gone"}, {"order": "worst"}, {"by": "x" * 61},
        {"forum": "gone", "since": "decade"},
    ],
)  # fmt: skip
def test_a_filter_that_means_nothing_is_left_out_and_the_page_says_so(client, wrong):
    for number in range(21):
        make_topic(title=f"Marker {number}")
    make_topic(title="Another")

    answer = search(client, "marker", **wrong)

    assert answer.context["found"].count == 21
    assert f"a choice that is not there ({', '.join(wrong)})" in answer.text
    assert not answer.context["form"].changed_filters
    assert len(titles(client.get(answer.context["next_url"]))) == 1


def test_other_filters_stay_where_one_is_left_out(client):
    make_topic(title="Marker here", subforum=make_subforum(slug="here"))
    make_topic(title="Marker there", subforum=make_subforum(slug="there"))

    assert titles(search(client, "marker", forum="here", since="decade")) == ["Marker here"]


def test_words_that_cannot_be_searched_are_refused_beside_a_wrong_filter(client):
    answer = client.get("/search/", {"q": "x" * 201, "since": "decade"})

    assert answer.status_code == 400
    assert "at most 200 characters" in answer.text


def test_an_excerpt_ends_with_an_ellipsis_where_the_text_goes_on(client):
    make_topic(source="Before. " * 60 + "The gate of zumbolat. " + "Behind. " * 60)
    make_topic(source="A short zumbolat.")

    found = {post.found_words for post in search(client, "zumbolat").context["found"].hits}

    assert "A short <mark>zumbolat</mark>." in found
    (long,) = found - {"A short <mark>zumbolat</mark>."}
    assert long.startswith("… ")
    assert long.endswith(" …")


def test_a_hit_by_its_title_says_so(client):
    make_topic(title="Zumbolat in June", source="Is it open?")

    answer = search(client, "zumbolat open")

    assert answer.context["found"].hits[0].found_beside == ["zumbolat"]
    assert '<mark dir="auto">zumbolat</mark>' in answer.text


def test_hits_tell_how_helpful_they_were_and_when_somebody_wrote_last(client):
    post = make_post(source="The zumbolat is open.")
    Post.objects.filter(pk=post.pk).update(helpful_count=3)

    answer = search(client, "zumbolat")

    assert "Helpful to 3." in answer.text
    assert "1 reply, last" in re.sub(r"\s+", " ", answer.text)


def test_few_hits_with_most_words_are_kept_beside_many_that_name_the_place(client, monkeypatch):
    monkeypatch.setattr(candidates, "MOST", 1)
    monkeypatch.setattr(candidates, "MOST_OPENING", 0)
    make_topic(title="Turugart zebra yak")
    for number in range(3):
        make_topic(title=f"Turugart number {number}")

    @search_terms.register
    def spellings(query):
        return [query.replace("torugart", '"Turugart"')]

    try:
        answer = search(client, "torugart zebra yak wolf")
    finally:
        search_terms.unregister(spellings)

    assert answer.context["fit"] == "place"
    assert titles(answer) == ["Turugart zebra yak", "Turugart number 2"]


def test_hits_are_not_ranked_by_words_that_no_post_has():
    asked = asked_for("torugart zebras", ['"turugart" zebras'])
    (zebra,) = [unit for unit in asked.units if unit.label == "zebras"]

    def ranks(asked):
        return fewer_words.ranked_without(asked, [zebra]).ranks.split(" | ")

    assert "'e~zebra'" in ranks(asked)  # it stands beside the name, too
    asked = asked_for("torugart zebras")
    assert "'e~zebra'" in asked.ranks
    assert not {"'e~zebra'", "'zebras'"} & set(ranks(asked))
    assert "'torugart'" in ranks(asked)


@pytest.mark.parametrize("query", ["word " * 13, " ".join("abcdefghijklmnopqrstuvwxyz" * 2), "-".join("ab" * 30)])
def test_a_long_query_is_refused_before_its_names_are_looked_up(client, monkeypatch, query):
    def looked_up(*_):
        raise AssertionError

    monkeypatch.setattr(search_terms, "leads", looked_up)
    monkeypatch.setattr(search_terms, "names_meant_by", looked_up)

    assert client.get("/search/", {"q": query}).status_code == 400


def test_all_words_are_asked_for_in_one_query(django_assert_num_queries):
    stems.forget()

    with django_assert_num_queries(1):
        assert stems.without_stop_words(["The", "торугарт", "и", "x", "open", "是", "12"]) == [
            "торугарт", "open", "12",
        ]  # fmt: skip


# --- Time ---


def test_late_other_words_are_not_offered_and_the_place_is_not_looked_for(client, monkeypatch):
    make_topic(title="Torugart in June", source="With a bicycle.")
    monkeypatch.setattr(hits, "OFFERED_WITHIN_MS", 0)
    monkeypatch.setattr(hits, "PLACE_WITHIN_MS", -1)

    answer = search(client, "torugart june bycicle")

    assert titles(answer) == ["Torugart in June"]
    assert answer.context["found"].meant == ""
    assert answer.context["fit"] == "most"


@pytest.mark.parametrize("fails", ["clock", "statement"])
def test_what_was_found_is_shown_without_numbers_when_the_time_is_up(client, monkeypatch, fails):
    expert = make_user()
    ExpertBadge.objects.create(user=expert, title="China expert", given_by=make_user(), given_at=timezone.now())
    make_topic(title="Marker asked", author=expert)

    def count(*_):
        if fails == "clock":
            raise time_limit.TooBusy
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 20; SELECT pg_sleep(30)")

    monkeypatch.setattr(filters, "count", count)

    answer = search(client, "marker", experts="on")

    assert titles(answer) == ["Marker asked"]
    assert answer.context["found"].counted == filters.Counted()
    assert re.search(r'value="on" checked>By experts\s*</label>', answer.text)


# --- What was found, and what is missing ---


def only_hit(answer):
    (post,) = answer.context["found"].hits
    return post


@pytest.mark.parametrize("query", ['"green zone permit" bus', '"green zone permit" bus or bus yak', "e-visa bus yak"])
def test_a_word_of_a_phrase_is_not_the_phrase(client, query):
    make_topic(title="The zone and the visa of the bus", source="A yak.")

    post = only_hit(search(client, query))

    assert "green zone permit" not in post.found_beside
    assert "e-visa" not in post.found_beside
    assert "green zone permit" not in post.found_words


def test_a_phrase_in_the_title_stands_below(client):
    make_topic(title="The green zone permit", source="By bus.")

    assert only_hit(search(client, '"green zone permit" bus')).found_beside == ["green zone permit"]


def test_a_phrase_that_is_shown_does_not_stand_below(client):
    make_topic(title="Papers", source="The green zone permit by bus.")

    assert only_hit(search(client, '"green zone permit" bus')).found_beside == []


def test_of_a_query_with_or_the_nearest_branch_tells_what_is_missing(client):
    make_topic(title="Torugart by bus", source="Slow.")

    answer = search(client, "zebra yak wolf camel or torugart bus tram")

    assert only_hit(answer).missing_words == ["tram"]


def test_words_far_behind_in_a_long_post_are_not_missing(client):
    make_topic(title="Long", source="Torugart. " + "And so on. " * 600 + "By bus.")

    post = only_hit(search(client, "torugart bus zebra"))

    assert post.missing_words == ["zebra"]
    assert post.found_beside == ["bus"]


# --- Any query ---

WORDS = st.text(
    st.one_of(
        st.characters(codec="utf-8", exclude_characters="\x00"),
        st.sampled_from("abc \"'-−or&|!():*<>\\@%_~’«»吐尔尕特ا\u200c\u200b"),
    ),
    max_size=60,
)
QUERIES = st.one_of(
    WORDS,
    st.lists(
        st.sampled_from(
            ["torugart", "or", "OR", "-bus", '"open gate"', "bycicle", "sarytash", "the", "吐尔尕特", "M-41", '"', "x"]
        ),
        max_size=14,
    ).map(" ".join),
)  # fmt: skip


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(QUERIES)
def test_any_query_is_answered_with_hits_or_a_word_why_not(client, query):
    if not Post.objects.exists():
        make_topic(title="Torugart by bicycle", source="The open gate of Sary Tash. 吐尔尕特 M41")

    answer = client.get("/search/", {"q": query})

    assert answer.status_code in {200, 400}
    page, found = answer.text, answer.context["found"]
    assert found.hits or "Nothing found for" in page or 'role="alert"' in page or "Search the titles and posts" in page
    assert all("<mark" in post.found_words or post.found_beside for post in found.hits)


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(QUERIES)
def test_no_fit_of_any_query_is_refused_by_the_database(query):
    try:
        asked = hits._asked(hits.checked(query), [query])
    except time_limit.CannotSearch:
        return
    for fit in Fit:
        if found := fewer_words.query_of(fit, asked):
            list(hits._matching_posts(VISITOR, hits.Question(query), hits._asking(asked, found), ""))
