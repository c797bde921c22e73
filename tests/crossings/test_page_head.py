"""The head of a crossing's page: the chosen way, what decides, what comes next; and what stands first below it."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import ExpertBadge
from config import page_cache
from crossings import page_head
from crossings.closures import wording
from crossings.freshness.actions import confirm_answer
from crossings.links.actions import link_topic
from crossings.models import CrossingFact, CrossingTopic, Status
from forum import markup
from forum.actions import answers
from forum.models import Post
from tests.crossings.factories import make_crossing, make_notice, make_report
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 30)


def words_of(client, crossing, query=""):
    answer = client.get(f"{crossing.get_absolute_url()}{query}")
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def head_of(client, crossing, query=""):
    return words_of(client, crossing, query).split('class="crossing-head"')[1].split('id="rp"')[0]


# --- The chosen way ---


def test_without_a_choice_the_page_asks_for_one(client):
    head = head_of(client, make_crossing())

    assert "Which way, and how?" in head
    assert head.count('name="to"') == 2
    assert "checked" not in head


def test_the_address_chooses_a_way_and_the_head_speaks_of_it(client):
    crossing = make_crossing()
    make_report(crossing, days_ago=2, outcome="found-closed", mode="bicycle", direction="a-b")
    make_report(crossing, days_ago=1, mode="car", direction="b-a")

    page = words_of(client, crossing, "?to=kg&by=bicycle")

    assert "<b>To Country KG by bicycle</b>" in page
    assert "Closed for a cyclist on" in page.split('id="rp"')[0]
    assert "A car got through" not in page.split('id="rp"')[0]
    assert page.count("data-mine") == 1
    assert '<tr data-by="bicycle" data-mine>' in page


def test_a_way_without_a_direction_speaks_of_both(client):
    crossing = make_crossing()
    make_report(crossing, mode="car", direction="b-a")

    head = head_of(client, crossing, "?by=car")

    assert "<b>By car</b>" in head
    assert "To Country CN: A car got through" in head
    assert "To Country KG: No report by car" in head


def test_a_way_of_which_nobody_told_says_so(client):
    assert "No report by train in the last 24 months." in head_of(client, make_crossing(), "?to=kg&by=train")


@pytest.mark.parametrize("query", ["?to=zz&by=bicycle", "?to=kg&by=camel", "?to=kg", "?by="])
def test_what_is_no_way_across_shows_the_page_with_a_word(client, query):
    page = words_of(client, make_crossing(), query)

    assert "That is no way across here." in page
    assert "data-mine" not in page


def test_a_chosen_way_is_not_listed_and_names_the_page_without_it(client):
    crossing = make_crossing()
    chosen = client.get(f"{crossing.get_absolute_url()}?to=kg&by=bicycle").text

    assert '<meta name="robots" content="noindex">' in chosen
    assert re.search(rf'rel="canonical" href="[^"?]+{crossing.get_absolute_url()}"', chosen)
    assert '<meta name="robots" content="all">' in client.get(crossing.get_absolute_url()).text


@pytest.mark.parametrize("query", ["?to=kg&by=bicycle", "?by=train"])
def test_a_known_way_is_kept_and_still_changes_at_once(client, query):
    crossing = make_crossing()
    words_of(client, crossing, query)
    with CaptureQueriesContext(connection) as kept:
        words_of(client, crossing, query)

    make_report(crossing, outcome="found-closed", source="The gate was chained.")

    assert len(kept) == 1
    assert "The gate was chained." in words_of(client, crossing, query)


@pytest.mark.parametrize("query", ["?to=zz&by=bicycle", "?by=camel", "?to=kg&by=bicycle&x=1", "?by=bicycle&to=kg"])
def test_what_is_no_known_way_takes_no_room_in_the_page_cache(client, query):
    crossing = make_crossing()
    words_of(client, crossing)
    before = len(page_cache.store)

    words_of(client, crossing, query)

    assert len(page_cache.store) == before


# --- The condition that decides ---


def fact(kind, text):
    return CrossingFact(kind=kind, text=text, as_of=date(2025, 12, 1), source="A sign", confidence="high")


def test_papers_decide_and_for_drivers_what_is_asked_of_vehicles():
    facts = [fact("vehicle", "A carnet for every car."), fact("papers", "A visa before you come, by post.")]

    condition = page_head.condition_of(facts, "bicycle")

    assert (condition.first, condition.rest) == ("A visa before you come,", "by post.")
    assert page_head.condition_of(facts, "car").first == "A carnet for every car."
    assert page_head.condition_of([fact("hours", "At noon.")]) is None


def test_the_condition_of_other_ways_is_at_hand_for_a_script_where_it_is_another():
    facts = [fact("vehicle", "A carnet for every car."), fact("papers", "A visa before you come, by post.")]

    seen = [(one.whose, one.is_hidden) for mode in ("", "car") for one in page_head.conditions_of(facts, mode)]

    assert seen == [("others", False), ("drivers", True), ("others", True), ("drivers", False)]
    assert [one.whose for one in page_head.conditions_of(facts[1:])] == [""]
    assert page_head.conditions_of([]) == []


def test_a_long_condition_is_cut_after_a_word():
    condition = page_head.condition_of([fact("papers", "A permit " * 30)])

    assert len(f"{condition.first} {condition.rest}") <= page_head.MOST_WORDS + 1
    assert f"{condition.first} {condition.rest}".strip().endswith(("permit…", "A…"))


def test_the_condition_says_when_it_was_checked(client):
    crossing = make_crossing()
    crossing.facts.create(kind="papers", text="A visa.", as_of="2025-12-01", source="A sign", confidence="high")

    assert "A visa.</b> <small" in head_of(client, crossing)
    assert "Checked Dec 2025" in head_of(client, crossing)
    assert "Checked" not in head_of(client, make_crossing())


# --- What comes next ---


def test_the_next_closure_is_said_when_a_notice_announces_it(client):
    crossing, other = make_crossing(), make_crossing()
    make_notice(crossing, begins=9, ends=10)
    make_notice(crossing, begins=3, ends=3)
    make_notice(other, kind="danger", begins=3)

    head = head_of(client, crossing)

    day = timezone.now().date() + timedelta(days=3)
    assert f"<b>Next closed:</b> {day.day} {day:%B}." in head
    assert "Next closed" not in head_of(client, other)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 12, 5), date(2026, 12, 9), "5 to 9 December"),
        (date(2026, 12, 30), date(2027, 1, 2), "30 December to 2 January"),
        (date(2026, 12, 5), None, "from 5 December"),
    ],
)
def test_days_of_a_closure_in_words(first, last, words):
    assert wording.days_in_full(first, last) == words


def test_where_one_does_not_get_through_the_nearest_open_crossing_is_named(client):
    shut = make_crossing(editors_status=Status.CLOSED)
    make_report(make_crossing(name="Near and open", latitude=40.6))

    assert "Near and open" in head_of(client, shut)
    assert "Near and open" not in head_of(client, make_report(make_crossing(latitude=40.7)).crossing)


def test_two_names_stand_at_the_head_and_scripts_of_the_country_first():
    assert page_head.first_names(["Topa", "Turugart", "Торугарт", "吐尔尕特"]) == ["Торугарт", "吐尔尕特"]
    assert page_head.first_names(["Topa", "Turugart"]) == ["Topa"]
    assert page_head.first_names([]) == []


def test_a_name_of_words_that_stand_at_the_head_is_not_said_again():
    known = "Villazón / La Quiaca Argentina Bolivia"

    assert page_head.first_names(["Villazon", "La Quiaca border", "Bolivia Argentina crossing"], known) == []
    assert page_head.first_names(["Villazon", "Quiaca bridge"], known) == ["Quiaca bridge"]


# --- What stands first below ---


def test_three_reports_then_experts_then_the_matrix_then_the_map_then_facts(client):
    crossing, topic, expert = make_crossing(), make_topic(), make_user()
    for days in range(5):
        make_report(crossing, days_ago=days)
    ExpertBadge.objects.create(user=expert, title="Arch expert", given_by=expert, given_at=timezone.now())
    link_topic(topic, crossing, source=CrossingTopic.Source.AUTHOR, by=topic.author)
    answers.accept_answer(topic.author, make_post(topic=topic, author=expert, source="Book the car before."))

    page = words_of(client, crossing)

    order = ["Newest reports", "What experts answered", "Who gets through", ">Facts<"]
    assert [page.index(words) for words in order] == sorted(page.index(words) for words in order)
    assert page.count("Quick and friendly.") == 3
    assert ">All 5<" in page


def test_reports_against_the_older_ones_are_marked_where_it_is_disputed(client):
    crossing = make_crossing()
    for days in (12, 13, 14):
        make_report(crossing, days_ago=days)
    assert "Against the older reports" not in words_of(client, crossing)

    make_report(crossing, days_ago=1, outcome="found-closed")
    make_report(crossing, days_ago=12, outcome="refused-exit", reason="papers", source="No stamp in it.")

    page = words_of(client, crossing)
    assert "No stamp in it." in page
    assert page.count("Against the older reports") == 1
    assert page.index("Found closed") < page.index("Against the older reports") < page.index("Crossed freely")


class TestExperts:
    @pytest.fixture
    def answer(self):
        crossing, topic, expert = make_crossing(), make_topic(), make_user()
        ExpertBadge.objects.create(
            user=expert, title="Arch expert", countries=["KG"], given_by=expert, given_at=timezone.now()
        )
        link_topic(topic, crossing, source=CrossingTopic.Source.AUTHOR, by=topic.author)
        post = make_post(topic=topic, author=expert, source="> Must I book?\n\nBook the car before.")
        answers.accept_answer(topic.author, post)
        post.crossing = crossing
        return post

    def test_their_own_words_stand_there_without_what_they_quote(self, client, answer):
        page = words_of(client, answer.crossing)

        assert "Book the car before." in page
        assert "Must I book?" not in page

    def test_what_was_called_true_again_says_when(self, client, answer):
        confirm_answer(answer.author, answer)

        assert "Still true, " in words_of(client, answer.crossing)

    def test_what_is_old_says_so(self, client, answer):
        assert "may be out of date" not in words_of(client, answer.crossing)
        Post.objects.filter(pk=answer.pk).update(written_at=timezone.now() - timedelta(days=800))

        page = words_of(client, make_report(answer.crossing).crossing)

        assert "2 years old, may be out of date" in page


def test_quotes_inside_of_quotes_are_left_out_too():
    html = "<blockquote><p>a</p><blockquote><p>b</p></blockquote><p>c</p></blockquote><p>Mine.</p>"

    assert markup.own_words_of(html) == "Mine."
