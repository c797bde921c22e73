"""What a crossing's pages show, what they cost, and that none of it is ever old."""

import re
from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.members.rename import rename
from accounts.models import ExpertBadge, User
from crossings.links import actions
from crossings.models import Crossing, CrossingTopic, Status, StatusChange
from crossings.status import update
from crossings.status.update import today
from forum.actions import answers, edits, posts
from forum.models import Topic
from tests.crossings.factories import make_crossing, make_notice, make_report
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic

pytestmark = pytest.mark.django_db


def link(topic, crossing):
    actions.link_topic(topic, crossing, source=CrossingTopic.Source.AUTHOR, by=topic.author)


def words_of(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def queries_of(client, url):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


# --- What is shown ---


def test_the_stamp_says_status_and_since_when_and_by_how_many(client):
    crossing = make_crossing()
    make_report(crossing, days_ago=12, outcome="conditions")
    make_report(crossing, days_ago=20, outcome="conditions")

    page = words_of(client, crossing.get_absolute_url())

    day = update.today() - timedelta(days=12)
    assert "<b>Restricted</b>" in page
    assert f'Confirmed <time datetime="{day.isoformat()}">' in page
    assert "by 2 reports" in page


@pytest.mark.parametrize(
    ("latitude", "longitude", "words"),
    [(40.55, 75.394, "Road, 40.55 N, 75.39 E"), (-32.8, -70.1, "Road, 32.80 S, 70.10 W")],
)
def test_the_page_says_where_it_is_on_any_side_of_the_world(client, latitude, longitude, words):
    crossing = make_crossing(latitude=latitude, longitude=longitude)

    assert words in client.get(crossing.get_absolute_url()).text


def test_without_reports_it_is_never_a_bare_open(client):
    crossing = make_crossing(editors_status=Status.OPEN)

    page = words_of(client, crossing.get_absolute_url())

    assert f"As of {crossing.as_of:%B %Y}" in page
    assert "No recent report" in page
    assert "No traveller has told us since." in page


def test_it_tells_names_posts_facts_and_where_they_are_from(client):
    crossing = make_crossing(
        names=("Торугарт", "吐尔尕特"), post_a="Topa", towns=["Naryn"], source="https://news.example/1 (holidays)"
    )
    crossing.facts.create(
        kind="papers", text="A permit", as_of="2024-05-01", source="general knowledge", confidence="low"
    )

    page = words_of(client, crossing.get_absolute_url())

    for told in ("Торугарт", "吐尔尕特", "Topa", "Naryn", "A permit", "May 2024, general knowledge, not certain"):
        assert told in page
    assert 'href="https://news.example/1"' in page


def test_reports_that_contradict_each_other_are_both_said_at_the_head(client):
    crossing = make_crossing()
    make_report(crossing, days_ago=3, source="Straight through.")
    make_report(crossing, days_ago=1, outcome="found-closed", reason="road", source="Snow at the top.")

    head = words_of(client, crossing.get_absolute_url()).split("How we know")[0]

    assert head.index("found it closed on") < head.index("got through before that")


def test_why_names_each_report_with_what_it_counts(client):
    crossing = make_crossing()
    often = make_report(crossing, days_ago=9, trust=2)
    make_report(crossing, days_ago=20, author=often.post.author)
    make_report(crossing, is_hearsay=True, outcome="found-closed")

    page = words_of(client, f"{crossing.get_absolute_url()}why/")

    assert page.count("<td>96</td>") == 1
    assert "None: a newer report by its author counts" in page
    assert "None: hearsay" in page


def test_reports_are_filtered_by_links(client):
    crossing = make_crossing()
    make_report(crossing, mode="bicycle", source="By bicycle I came.")
    make_report(
        crossing, mode="car", direction="b-a", outcome="refused-exit", reason="papers", source="By car I stayed."
    )
    url = f"{crossing.get_absolute_url()}reports/"

    assert "Bicycle 1" in words_of(client, url)
    assert "By car I stayed." not in words_of(client, f"{url}?mode=bicycle")
    assert "By bicycle I came." not in words_of(client, f"{url}?outcome=turned-back")
    assert "By car I stayed." in words_of(client, f"{url}?direction=b-a")
    assert "No report here." in words_of(client, f"{url}?mode=train")
    wrong = words_of(client, f"{url}?mode=camel&direction=b-a")
    assert "a choice that is not there (mode)" in wrong
    assert "By car I stayed." in wrong
    assert "By bicycle I came." not in wrong


def test_older_reports_are_on_the_next_page(client, monkeypatch):
    monkeypatch.setattr("crossings.views.crossing_page.REPORTS_PER_PAGE", 2)
    crossing = make_crossing()
    for days in (1, 2, 2, 3):
        make_report(crossing, days_ago=days, source=f"It was {days} days ago.")
    url = f"{crossing.get_absolute_url()}reports/"

    first = words_of(client, url)
    older = first.split('href="?before=')[1].split('"')[0]
    second = words_of(client, f"{url}?before={older}")

    assert older.isdecimal()  # and not the day of a report, which its author may delay
    assert first.count("It was") == 2
    assert second.count("It was") == 2
    assert "It was 3 days ago." in second
    assert "Older reports" not in second


def test_topics_stand_by_year_and_unanswered_ones_apart(client):
    crossing = make_crossing()
    old, new = make_topic(title="Torugart in the old days"), make_topic(title="Torugart in winter")
    Topic.objects.filter(pk=old.pk).update(opened_at=old.opened_at.replace(year=2019, day=1))
    answers.accept_answer(old.author, make_post(topic=old))
    for topic in (old, new):
        link(topic, crossing)

    page = words_of(client, f"{crossing.get_absolute_url()}topics/")
    unanswered = words_of(client, f"{crossing.get_absolute_url()}topics/?only=unanswered")

    assert page.index("Torugart in winter") < page.index(">2019<") < page.index("Torugart in the old days")
    assert "Torugart in the old days" not in unanswered
    wrong = words_of(client, f"{crossing.get_absolute_url()}topics/?only=yaks")
    assert "a choice that is not there (only)" in wrong
    assert "Torugart in the old days" in wrong
    assert "Questions without an answer" in words_of(client, crossing.get_absolute_url())


def test_answers_of_experts_come_up_from_their_topics(client):
    crossing = make_crossing()
    topic, expert = make_topic(), make_user()
    ExpertBadge.objects.create(user=expert, title="Arch expert", given_by=expert, given_at=timezone.now())
    answers.accept_answer(topic.author, make_post(topic=topic, author=expert, source="Book the car before."))
    link(topic, crossing)

    page = words_of(client, crossing.get_absolute_url())

    assert "Book the car before." in page
    assert "Arch expert" in page


def test_an_expert_with_many_badges_is_joined_once_and_one_without_a_standing_badge_never(client):
    crossing, topic = make_crossing(), make_topic()
    link(topic, crossing)
    for withdrawn, source in ((0, "Book the car before."), (2, "Ask in Bishkek."), (3, "Take the bus.")):
        expert = make_user()
        for number in range(3):
            ExpertBadge.objects.create(
                user=expert, title=f"Arch expert {number}", given_by=expert, given_at=timezone.now(),
                withdrawn_at=timezone.now() if number < withdrawn else None,
            )  # fmt: skip
        answers.accept_answer(topic.author, make_post(topic=topic, author=expert, source=source))

    with CaptureQueriesContext(connection) as queries:
        page = words_of(client, crossing.get_absolute_url())

    assert [page.count(words) for words in ("Book the car before.", "Ask in Bishkek.", "Take the bus.")] == [1, 1, 0]
    (asked,) = [query["sql"] for query in queries if re.match('SELECT (DISTINCT )?"forum_answer"', query["sql"])]
    assert "DISTINCT" not in asked
    assert 'JOIN "accounts_expertbadge"' not in asked


def test_the_nearest_crossings_of_the_same_countries_are_named(client):
    here = make_crossing(name="Here", latitude=40.5, longitude=75.4)
    make_crossing(name="Near by", latitude=39.7, longitude=73.9)
    make_crossing(name="Far off", latitude=45.0, longitude=100.0)
    make_crossing(name="Elsewhere", latitude=40.5, longitude=75.5, countries=("AF", "IR"))

    page = words_of(client, here.get_absolute_url()).split("If not here")[1]

    assert page.index("Near by") < page.index("Far off")
    assert "Elsewhere" not in page
    assert "156 km" in page


def test_what_a_reader_may_not_read_is_not_on_it(client):
    crossing = make_crossing()
    secret = make_topic(title="For members only", subforum=make_subforum(access="members"))
    link(secret, crossing)
    hidden = make_report(crossing, source="Hidden words.")
    posts.withdraw_post(hidden.post.author, hidden.post)

    for url in ("", "topics/", "reports/"):
        page = words_of(client, crossing.get_absolute_url() + url)
        assert "For members only" not in page
        assert "Hidden words." not in page


# --- All crossings ---


def test_crossings_are_filtered_by_country_mode_kind_and_status(client):
    make_report(make_crossing(name="The Arch"))
    make_crossing(name="The Ferry", kind="ferry", countries=("AZ", "KZ"), editors_status=Status.CLOSED)

    def listed(query):
        page = words_of(client, f"/crossings/{query}")
        return [name for name in ("The Arch", "The Ferry") if name in page]

    assert listed("") == ["The Arch", "The Ferry"]
    assert listed("?country=KG") == ["The Arch"]
    assert listed("?mode=bicycle") == ["The Arch"]
    assert listed("?kind=ferry") == ["The Ferry"]
    assert listed("?status=closed&status=limited") == ["The Ferry"]
    assert "No crossing fits." in words_of(client, "/crossings/?kind=rail")


@pytest.mark.parametrize("query", ["country=QQ", "mode=camel", "kind=x", "status=perhaps", "order=age", "region=x"])
def test_a_wrong_filter_is_left_out_with_a_word(client, query):
    make_crossing(name="The Arch")

    page = words_of(client, f"/crossings/?{query}")

    assert f"a choice that is not there ({query.split('=')[0]})" in page
    assert "The Arch" in page


def test_of_several_values_the_wrong_one_alone_is_left_out(client):
    make_crossing(name="The Arch", editors_status=Status.CLOSED)
    make_crossing(name="The Ferry", editors_status=Status.OPEN)

    page = words_of(client, "/crossings/?status=closed&status=perhaps")

    assert "a choice that is not there (status)" in page
    assert "The Arch" in page
    assert "The Ferry" not in page


def test_the_newest_change_comes_first_whatever_it_was(client):
    names = ["Old Arch", "Reported", "Noticed", "Changed"]
    _, reported, noticed, changed = (make_crossing(name=name, as_of=date(2020, 1, 1)) for name in names)
    make_report(reported, days_ago=3)
    make_notice(noticed, begins=-2, ends=9)
    StatusChange.objects.filter(crossing__in=[reported, noticed]).delete()
    StatusChange.objects.create(
        crossing=changed, changed_on=today() - timedelta(days=1), before="open", after="closed", source="reports",
        noted_at=timezone.now(),
    )  # fmt: skip

    def order_of(query):
        page = words_of(client, f"/crossings/{query}")
        return sorted(names, key=lambda name: page.index(f">{name}<"))

    assert order_of("") == ["Changed", "Noticed", "Reported", "Old Arch"]
    assert order_of("?order=name") == sorted(names)


def test_a_strip_of_letters_leads_into_the_names(client, monkeypatch):
    monkeypatch.setattr("crossings.views.listing.CROSSINGS_PER_PAGE", 2)
    for name in ["Arch", "Bridge", "Çıldır", "Dam", "2nd Bridge"]:
        make_crossing(name=name)

    first = words_of(client, "/crossings/")
    second = words_of(client, "/crossings/?order=name&page=2")
    third = words_of(client, "/crossings/?order=name&page=3")

    assert 'href="/crossings/?order=name#letter-a">A</a>' in first
    assert 'href="/crossings/?order=name&amp;page=2#letter-c">C</a>' in first
    assert 'href="/crossings/?order=name&amp;page=3#letter-other">#</a>' in first
    assert '<span aria-hidden="true">E</span>' in first
    assert second.index('id="letter-c"') < second.index(">Çıldır</a>") < second.index('id="letter-d"')
    assert third.index('id="letter-other"') < third.index(">2nd Bridge</a>")


@pytest.mark.parametrize("query", ["?page=0", "?page=x", "?page=99"])
def test_what_no_list_has_is_404(client, query):
    make_crossing()

    assert client.get(f"/crossings/{query}").status_code == 404


def test_the_list_has_pages(client, monkeypatch):
    monkeypatch.setattr("crossings.views.listing.CROSSINGS_PER_PAGE", 2)
    for number in range(3):
        make_crossing(name=f"Gate {number}")

    assert "Gate 2" not in words_of(client, "/crossings/").split("All that fit")[1]
    assert "Gate 2" in words_of(client, "/crossings/?page=2").split("All that fit")[1]


def test_a_notice_of_danger_is_said_in_the_list(client):
    make_notice(make_crossing(), kind="danger")

    assert "Danger" in words_of(client, "/crossings/")


def test_the_shown_status_is_what_the_list_counts(client):
    make_report(make_crossing(editors_status=Status.CLOSED))
    make_crossing(editors_status=Status.CLOSED)

    page = words_of(client, "/crossings/")

    assert "Open 1" in page
    assert "Closed 1" in page


# --- What it costs ---


def test_pages_cost_the_same_whatever_they_show(client):
    few, many = make_crossing(), make_crossing()
    for crossing, count in ((few, 1), (many, 9)):
        for _ in range(count):
            make_report(crossing)
            topic = make_topic()
            link(topic, crossing)
            answers.accept_answer(topic.author, make_post(topic=topic))

    for url in ("", "reports/", "topics/", "why/"):
        costs = [queries_of(client, f"{crossing.get_absolute_url()}{url}") for crossing in (few, many)]
        assert costs[0] == costs[1] <= 18
    assert queries_of(client, "/crossings/") <= 7


def test_a_visitor_gets_no_cookie_and_writes_nothing(client):
    crossing = make_crossing()
    make_report(crossing)

    for url in ("/crossings/", crossing.get_absolute_url(), f"{crossing.get_absolute_url()}why/"):
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(url)
        assert not answer.cookies
        written = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
        assert written == []


# --- Never old ---


CHANGES = {
    "a report": (lambda crossing, topic: make_report(crossing, outcome="found-closed"), "Found closed"),
    "a notice": (lambda crossing, topic: make_notice(crossing, text="Flood"), "Flood"),
    "a topic": (lambda crossing, topic: link(make_topic(title="A new question"), crossing), "A new question"),
    "a title": (
        lambda crossing, topic: edits.edit_post(
            topic.author, topic.opening_post, source=topic.opening_post.source, title="Another title", based_on=0
        ),
        "Another title",
    ),
    "an answer": (lambda crossing, topic: answers.accept_answer(topic.author, make_post(topic=topic)), "Answered"),
    "a name": (lambda crossing, topic: rename(crossing.reports.get().post.author, "somebody_else"), "somebody_else"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_kept_page_shows_every_change_at_once(client, change):
    crossing, topic = make_crossing(), make_topic()
    link(topic, crossing)
    make_report(crossing)
    act, words = CHANGES[change]
    before = words_of(client, crossing.get_absolute_url())
    with CaptureQueriesContext(connection) as kept:
        client.get(crossing.get_absolute_url())
    topic = Topic.objects.select_related("subforum__section", "author", "opening_post").get(pk=topic.pk)

    act(crossing, topic)

    assert len(kept) == 1
    assert words not in before
    assert words in words_of(client, crossing.get_absolute_url())


def test_a_status_that_decays_shows_on_the_day(client, monkeypatch):
    crossing = make_crossing(editors_status=Status.UNKNOWN)
    make_report(crossing)
    assert "<b>Open</b>" in words_of(client, crossing.get_absolute_url())
    later = timezone.now() + timedelta(days=91)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)

    page = words_of(client, crossing.get_absolute_url())

    assert "<b>Not known</b>" in page
    assert "too old or too few to speak" in page
    crossing.refresh_from_db()
    assert crossing.reported_status == Status.OPEN  # no worker has run


def test_ask_leads_to_the_composer_with_the_crossing(client, settings):
    make_crossing(name="Torugart Pass", slug="torugart")
    subforum = make_subforum(slug="questions")
    settings.QUESTIONS_SUBFORUM = "questions"
    client.force_login(make_user())

    asked = client.get("/crossings/torugart/ask/")

    assert asked.url == f"/forums/{subforum.slug}/new/?crossing=torugart"
    assert 'value="Torugart Pass"' in client.get(asked.url).text
    settings.QUESTIONS_SUBFORUM = "nowhere"
    assert client.get("/crossings/torugart/ask/").url == "/"


def test_the_list_counts_the_statuses_that_the_query_tells(client):
    crossings = [make_crossing(editors_status=status) for status, _ in Status.of_editors()]
    make_report(crossings[0], outcome="found-closed", trust=User.Trust.TRUSTED)
    make_notice(crossings[1])
    found = Crossing.objects.with_status(update.today())

    counted = {one["status"]: one["count"] for one in client.get("/crossings/").context["statuses"]}
    assert counted == Counter(crossing.shown_status for crossing in found)
    assert sum(counted.values()) == len(crossings)


@pytest.mark.parametrize(("is_disputed", "count"), [(True, 1), (False, 0)])
def test_disputed_territory_is_said_on_the_page_in_lists_and_in_data(client, is_disputed, count):
    crossing = make_crossing(is_territory_disputed=is_disputed)

    assert client.get(crossing.get_absolute_url()).text.count("Territory disputed.") == count
    for url in ("/crossings/", "/countries/kg/"):
        assert client.get(url).text.count("(territory disputed)") == count
    assert client.get(f"/crossings/{crossing.slug}.json").json()["territory_disputed"] is is_disputed


def test_a_source_keeps_the_words_beside_its_address(client):
    crossing = make_crossing(source="https://one.example/a (hours); general knowledge (rest)", confidence="low")

    page = client.get(crossing.get_absolute_url()).text

    link = '<a href="https://one.example/a" rel="nofollow noopener">source</a>'
    assert f"{link} (hours); general knowledge (rest), not certain" in page


def test_the_page_about_the_site_names_what_lists_and_maps_are_made_of(client):
    page = client.get("/about/").text

    assert all(name in page for name in ("Natural Earth", "GeoNames", "OCHA", "UN/LOCODE", "OpenStreetMap"))
