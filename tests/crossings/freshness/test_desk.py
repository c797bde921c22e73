"""The experts' desk: what waits for each country of a badge, and nothing else."""

from datetime import timedelta
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import ExpertBadge
from crossings.freshness import desk, desk_queries, queries
from crossings.freshness.rules import half_life_of
from crossings.links import actions
from crossings.models import AnswerConfirmation, Country, Crossing, Matter
from crossings.status import update
from forum.actions import answers, reactions, topics
from forum.models import Post, Topic
from tests.crossings.factories import make_country, make_crossing, make_report
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("matters")]


@pytest.fixture(autouse=True)
def countries():
    for code, name in {"CN": "China", "KG": "Kyrgyzstan", "IR": "Iran", "TM": "Turkmenistan"}.items():
        make_country(code, name)


@pytest.fixture
def torugart():
    return a_crossing("Torugart Pass", "CN", "KG")


@pytest.fixture
def expert():
    return make_expert("KG")


def a_crossing(name, *countries):
    crossing = make_crossing(name=name, countries=countries, editors_status="open")
    update.judge(crossing.pk)
    return crossing


def make_expert(*countries, **fields):
    expert = make_user(**fields)
    ExpertBadge.objects.create(
        user=expert, title="Pass expert", countries=list(countries), subject="" if countries else "Yaks",
        given_by=expert, given_at=timezone.now(),
    )  # fmt: skip
    return expert


def a_topic(crossing, title="Torugart, anybody?", **fields):
    topic = make_topic(title=title, **fields)
    actions.link_topic(topic, crossing, source="author", by=topic.author)
    return topic


def a_reply(topic, *, days_ago=0, **fields):
    post = make_post(topic=topic, **fields)
    Post.objects.filter(pk=post.pk).update(written_at=timezone.now() - timedelta(days=days_ago))
    return post


def of(user, code="KG"):
    fresh = type(user).objects.get(pk=user.pk)
    fresh.badge_titles, fresh.expert_countries = [], [code for badge in fresh.badges.all() for code in badge.countries]
    return next(
        section for section in desk.desk_of(fresh) if (section.country and section.country.code) == (code or None)
    )


def titles(listed):
    return [one.title for one in listed]


class TestQuestions:
    def test_those_of_the_country_without_an_answer_stand_there(self, expert, torugart):
        a_topic(torugart, "Torugart with a yak?")
        a_topic(a_crossing("Sarakhs", "IR", "TM"), "Sarakhs with a yak?")
        make_topic(title="Yaks in general?")

        assert titles(of(expert).questions) == ["Torugart with a yak?"]

    def test_those_without_any_reply_come_first_and_the_newest_of_them(self, expert, torugart):
        for title in ("The oldest of all?", "Talked about already", "The newest of all?"):
            topic = a_topic(torugart, title)
            if title == "Talked about already":
                make_post(topic=topic)

        assert titles(of(expert).questions) == ["The newest of all?", "The oldest of all?", "Talked about already"]

    def test_what_is_answered_is_no_question(self, expert, torugart):
        accepted, by_expert, own = (a_topic(torugart) for _ in range(3))
        answers.accept_answer(accepted.author, make_post(topic=accepted))
        make_post(topic=by_expert, author=make_expert("KG"))
        Topic.objects.filter(pk=own.pk).update(author=expert)
        make_report(torugart)  # its topic tells, and asks nothing

        assert of(expert).questions == []

    def test_what_an_expert_of_elsewhere_says_leaves_it_open(self, expert, torugart):
        make_post(topic=a_topic(torugart), author=make_expert("IR"))

        assert len(of(expert).questions) == 1

    @pytest.mark.parametrize("change", [{"locked_at": timezone.now()}, {"hidden_at": timezone.now()}])
    def test_nothing_waits_in_a_topic_that_is_locked_or_hidden(self, expert, torugart, change):
        Topic.objects.filter(pk=a_topic(torugart).pk).update(**change)

        assert of(expert).questions == []

    def test_what_was_asked_before_waits_once(self, expert, torugart):
        first, again = a_topic(torugart, "Torugart with a yak?"), a_topic(torugart, "Torugart, and a yak?")
        topics.mark_duplicate(make_user(is_staff=True), again, first)

        assert titles(of(expert).questions) == ["Torugart with a yak?"]

    def test_what_the_expert_may_not_read_does_not_wait(self, expert, torugart):
        a_topic(torugart, subforum=make_subforum(access="staff"), author=make_user(is_staff=True))

        assert of(expert).questions == []

    def test_ten_are_shown_and_more_are_hinted_at(self, client, expert, torugart):
        for _ in range(desk_queries.SHOWN + 1):
            a_topic(torugart)
        client.force_login(expert)

        assert len(of(expert).questions) == desk_queries.SHOWN
        assert "Older ones follow when these are done." in client.get("/desk/").text


class TestOwnAnswers:
    @pytest.mark.parametrize(
        ("days", "state"), [(71, None), (73, "ageing"), (90, "ageing"), (91, "aged"), (900, "aged")]
    )
    def test_those_about_to_age_wait(self, expert, torugart, days, state):
        a_reply(a_topic(torugart), days_ago=days, author=expert)

        assert [str(one.verdict.state) for one in of(expert).ageing] == ([state] if state else [])

    def test_a_subject_that_holds_longer_waits_later(self, expert, torugart):
        for days in (500, 600):
            a_reply(a_topic(torugart, f"Torugart, which visa, asked {days} days ago?"), days_ago=days, author=expert)

        assert titles(of(expert).ageing) == ["Torugart, which visa, asked 600 days ago?"]

    def test_a_report_that_says_otherwise_is_named(self, client, expert, torugart):
        a_reply(a_topic(torugart), days_ago=10, author=expert)
        a_reply(a_topic(torugart), days_ago=1, author=expert)

        report = make_report(torugart, days_ago=5, outcome="found-closed", reason="shut")
        client.force_login(expert)
        page = client.get("/desk/").text

        assert len(of(expert).contradicted) == 1
        assert f'<a href="/posts/{report.post_id}/">Torugart Pass' in page

    def test_answers_of_others_and_small_talk_about_elsewhere_do_not_wait(self, expert, torugart):
        a_reply(a_topic(torugart), days_ago=900, author=make_expert("KG"))
        a_reply(a_topic(a_crossing("Sarakhs", "IR", "TM"), "Sarakhs, anybody?"), days_ago=900, author=expert)

        assert of(expert).is_empty

    def test_accepted_ones_about_elsewhere_have_a_section_of_their_own(self, expert, torugart):
        topic = a_topic(a_crossing("Sarakhs", "IR", "TM"), "Sarakhs, anybody?")
        answers.accept_answer(topic.author, a_reply(topic, days_ago=900, author=expert))

        assert len(of(expert, "").ageing) == 1

    def test_a_confirmed_one_no_longer_waits(self, client, expert, torugart):
        post = a_reply(a_topic(torugart), days_ago=900, author=expert)
        client.force_login(expert)
        assert "Still true" in client.get("/desk/").text

        answer = client.post(f"/posts/{post.pk}/confirm/?from_desk")

        assert answer.url == "/desk/"
        assert "Confirmed: still true as of today." in client.get("/desk/").text
        assert of(expert).is_empty

    def test_what_is_looked_at_first_was_looked_after_last(self, expert, torugart):
        for days in (900, 95, 300):
            a_reply(a_topic(torugart, f"Asked {days} days ago?"), days_ago=days, author=expert)

        assert titles(of(expert).ageing) == ["Asked 95 days ago?", "Asked 300 days ago?", "Asked 900 days ago?"]

    @pytest.mark.parametrize("looked_at", [1, 2, 3, 4])
    def test_of_very_many_posts_of_the_expert_the_newest_are_looked_at(self, expert, torugart, monkeypatch, looked_at):
        monkeypatch.setattr(desk_queries, "NEWEST_LOOKED_AT", looked_at)
        for days in (900, 300, 95):
            a_reply(a_topic(torugart, f"Asked {days} days ago?"), days_ago=days, author=expert)

        newest_first = ["Asked 95 days ago?", "Asked 300 days ago?", "Asked 900 days ago?"]
        assert titles(of(expert).ageing) == newest_first[:looked_at]


# What the matters of a title say, and which crossings a topic is about: each with whether it is a conflict zone.
SUBJECTS = [[], [None], [0], [365], [365, 40], [0, 365], [None, 365]]
ZONES = [[], [False], [True], [True, False]]


@pytest.fixture
def questions():
    """A topic of every kind of subject about every kind of crossing."""
    made = []
    for subjects, zones in product(SUBJECTS, ZONES):
        start = Matter.objects.count()
        words = [f"yak{start + number}" for number in range(len(subjects))]
        for word, days in zip(words, subjects, strict=True):
            Matter.objects.create(name=word, words=word, holds_days=days)
        topic = make_topic(title=" ".join(["Torugart", *words]))
        for zone in zones:
            actions.link_topic(topic, make_crossing(in_conflict_zone=zone), source="author", by=topic.author)
        made.append((topic, min((days for days in subjects if days is not None), default=None), zones))
    return made


@pytest.mark.parametrize("in_conflict", [30, 90, 200])
def test_the_database_and_the_rules_agree_how_long_an_answer_holds(settings, questions, in_conflict):
    settings.CROSSING_STATUS = settings.CROSSING_STATUS | {"half_life": 90, "half_life_in_conflict": in_conflict}
    days_by_zone = {False: 90, True: in_conflict}

    posts = Post.objects.annotate(half_life=desk_queries.half_life(), subject=queries.subject_days())
    found = {post.topic_id: (post.subject, post.half_life) for post in posts}

    assert len(found) == len(SUBJECTS) * len(ZONES)
    assert found == {
        topic.pk: (subject, half_life_of(subject, [days_by_zone[zone] for zone in zones]))
        for topic, subject, zones in questions
    }


class TestCalledOutdated:
    @pytest.fixture
    def post(self, torugart):
        post = make_post(topic=a_topic(torugart))
        for _ in range(3):
            reactions.react(make_user(trust=1), post, "outdated")
        return post

    def test_whoever_wrote_it_it_comes_before_the_experts_of_the_country(self, expert, post):
        assert [one.pk for one in of(expert).outdated] == [post.pk]
        assert of(make_expert("IR"), "IR").outdated == []

    def test_two_are_too_few(self, expert, torugart):
        post = make_post(topic=a_topic(torugart))
        for _ in range(2):
            reactions.react(make_user(trust=1), post, "outdated")

        assert of(expert).outdated == []

    def test_it_is_settled_until_somebody_calls_it_outdated_again(self, expert, post):
        AnswerConfirmation.objects.create(post=post, by=expert, confirmed_at=timezone.now())
        assert of(expert).outdated == []

        AnswerConfirmation.objects.update(confirmed_at=timezone.now() - timedelta(days=2))

        assert len(of(expert).outdated) == 1

    def test_of_very_many_those_called_last_are_looked_at(self, expert, torugart, post, monkeypatch):
        monkeypatch.setattr(desk_queries, "LOOKED_AT", 1)
        newest = make_post(topic=a_topic(torugart))
        for _ in range(3):
            reactions.react(make_user(trust=1), newest, "outdated")

        assert [one.pk for one in of(expert).outdated] == [newest.pk]

    def test_an_experts_own_stands_there_once(self, expert, torugart):
        post = a_reply(a_topic(torugart), days_ago=400, author=expert)
        for _ in range(3):
            reactions.react(make_user(trust=1), post, "outdated")

        section = of(expert)

        assert [one.pk for one in section.answers] == [post.pk]
        assert [one.is_own for one in section.outdated] == [True]


class TestTheDesk:
    def test_there_is_a_section_for_each_country_of_the_badge_and_nothing_twice(self, client, torugart):
        a_topic(torugart, "Torugart with a yak?")
        client.force_login(make_expert("KG", "CN", "IR"))

        page = client.get("/desk/").text

        assert [page.index(f">{name}</h2>") for name in ("Kyrgyzstan", "China", "Iran")] == sorted(
            page.index(f">{name}</h2>") for name in ("Kyrgyzstan", "China", "Iran")
        )
        assert page.count("Torugart with a yak?") == 1
        assert page.count("Nothing waits here.") == 2

    def test_a_badge_for_a_subject_says_so_and_shows_own_answers(self, client):
        expert, topic = make_expert(), make_topic(title="Where do yaks sleep?")
        answers.accept_answer(topic.author, a_reply(topic, days_ago=900, author=expert))
        client.force_login(expert)

        page = client.get("/desk/").text

        assert "Your badge is for a subject, not for countries." in page
        assert "Where do yaks sleep?" in page

    def test_a_badge_that_was_withdrawn_opens_nothing(self, client, expert):
        ExpertBadge.objects.update(withdrawn_at=timezone.now())
        client.force_login(expert)

        assert client.get("/desk/").status_code == 403

    def test_experts_find_it_in_their_menu_and_on_their_profile_and_nobody_else_does(self, client, expert):
        client.force_login(expert)
        assert all('href="/desk/"' in client.get(path).text for path in ("/", "/rules/", expert.get_absolute_url()))

        client.force_login(make_user())
        assert not any('href="/desk/"' in client.get(path).text for path in ("/", "/rules/", expert.get_absolute_url()))

    def test_its_queries_do_not_depend_on_what_waits(self, client, torugart):
        expert = make_expert("KG", "CN", "IR")
        client.force_login(expert)
        client.get("/rules/")  # counts the news for the head of all pages, once a minute
        fill(torugart, expert)
        few = queries_of(client)
        fill(torugart, expert)
        fill(a_crossing("Sarakhs", "IR", "TM"), expert)

        assert queries_of(client) == few <= 10


def fill(crossing, expert):
    """Of each kind more than one."""
    for _ in range(3):
        a_topic(crossing)
        a_reply(a_topic(crossing), days_ago=80, author=expert)
        a_reply(a_topic(crossing), days_ago=900, author=expert)
        post = make_post(topic=a_topic(crossing))
        for _ in range(3):
            reactions.react(make_user(trust=1), post, "outdated")
    make_report(crossing, days_ago=1, outcome="found-closed", reason="shut")


def queries_of(client):
    with CaptureQueriesContext(connection) as queries:
        client.get("/desk/")
    return len(queries)


@pytest.mark.parametrize(
    ("rows", "change", "words"),
    [
        (Topic.objects.filter(title="Torugart, anybody?"), {"title": "Torugart, somebody?"}, "Torugart, somebody?"),
        (Topic.objects.filter(title="A question?"), {"title": "Another question?"}, "Another question?"),
        (Topic.objects.filter(title="A question?"), {"posts_count": 42}, "41 replies"),
        (Post.objects.all(), {"html": "<p>Only by bus.</p>"}, "Only by bus."),
        (Post.objects.all(), {"outdated_count": 7}, "7 members call"),
        (Crossing.objects.all(), {"name": "Topa"}, "Topa"),
        (Country.objects.filter(code="KG"), {"name": "Kyrgyz Republic"}, "Kyrgyz Republic"),
    ],
)
def test_the_page_shows_a_row_as_it_is_now(client, expert, torugart, rows, change, words):
    """Its answers and questions are fragments by what they show; nothing else tells of these changes."""
    a_topic(torugart, "A question?")
    post = a_reply(a_topic(torugart))
    Post.objects.filter(pk=post.pk).update(outdated_count=3, outdated_at=timezone.now())
    client.force_login(expert)
    before = " ".join(client.get("/desk/").text.split())

    rows.update(**change)

    assert words not in before
    assert words in " ".join(client.get("/desk/").text.split())
