"""Experts by country: who they are, and what their badges rest on, as every visitor may see it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import ExpertBadge, User
from crossings.experts import by_country
from crossings.links.actions import link_topic
from forum.actions import answers, reactions
from forum.models import Post
from tests.crossings.factories import make_country, make_crossing, make_report
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic

pytestmark = pytest.mark.django_db
PAGE = "/countries/kg/experts/"


@pytest.fixture(autouse=True)
def kyrgyzstan():
    make_country("CN", "China")
    return make_country("KG", "Kyrgyzstan")


@pytest.fixture
def crossing(kyrgyzstan):
    return make_crossing(name="Torugart")


def make_expert(username, *countries, title="Kyrgyzstan expert", **fields):
    user = make_user(username=username, trust=User.Trust.TRUSTED)
    ExpertBadge.objects.create(
        user=user, title=title, countries=list(countries), given_by=make_user(), given_at=timezone.now(), **fields
    )
    return user


def answer_about(crossing, expert, **fields):
    topic = make_topic(**fields)
    link_topic(topic, crossing, source="author", by=topic.author)
    post = make_post(topic=topic, author=expert)
    answers.accept_answer(topic.author, post)
    return post


def rows(client):
    return {title: [row.user.username for row in listed] for title, listed in client.get(PAGE).context["groups"]}


def figures(client):
    ((_, (row,)),) = client.get(PAGE).context["groups"]
    return row.accepted_count, row.still_true_count, row.reports_count


class TestOfACountry:
    def test_those_who_wrote_lately_come_first_and_those_asleep_apart(self, client, crossing):
        experts = [make_expert(name, "KG") for name in ("early", "late", "quiet")]
        for expert, days in zip(experts, (9, 2, 400), strict=True):
            post = answer_about(crossing, expert)
            Post.objects.filter(pk=post.pk).update(written_at=timezone.now() - timedelta(days=days))

        ExpertBadge.objects.filter(user=experts[2]).update(asleep_at=timezone.now())

        assert rows(client) == {"Awake": ["late", "early"], "Asleep": ["quiet"]}
        assert "Asleep since" in client.get(PAGE).text

    def test_the_numbers_are_of_what_they_wrote_about_its_crossings(self, client, crossing):
        expert = make_expert("bakyt", "KG")
        for _ in range(2):
            post = answer_about(crossing, expert)
            reactions.react(make_user(trust=User.Trust.MEMBER), post, "still_true")
        make_report(crossing, author=expert)
        elsewhere = make_crossing(countries=("TJ", "UZ"))
        answer_about(elsewhere, expert, title="Another place"), make_report(elsewhere, author=expert)

        assert figures(client) == (2, 2, 1)

    @pytest.mark.parametrize("hide", ["hidden", "held", "members", "withdrawn"])
    def test_what_visitors_may_not_read_counts_nowhere(self, client, crossing, hide):
        expert = make_expert("bakyt", "KG")
        place = {"subforum": make_subforum(access="members")} if hide == "members" else {}
        post = answer_about(crossing, expert, **place)
        if hide == "withdrawn":
            answers.withdraw_answer(post.topic.author, post)
        elif hide != "members":
            Post.objects.filter(pk=post.pk).update(**{f"{hide}_at": timezone.now()})
        client.force_login(make_user(is_staff=True))

        assert figures(client) == (0, 0, 0)

    def test_badges_of_other_countries_and_withdrawn_ones_do_not_show(self, client):
        make_expert("of_china", "CN"), make_expert("former", "KG", withdrawn_at=timezone.now())

        assert rows(client) == {}
        assert "No expert has a badge for Kyrgyzstan yet." in client.get(PAGE).text

    @pytest.mark.parametrize(
        "state", [{"is_active": False}, {"banned_at": timezone.now()}, {"email_confirmed_at": None}]
    )
    def test_who_left_or_is_banned_is_not_there(self, client, state):
        expert = make_expert("bakyt", "KG")
        User.objects.filter(pk=expert.pk).update(**state)

        assert rows(client) == {}
        assert "bakyt" not in client.get("/experts/").text

    def test_who_is_suspended_for_a_while_still_knows_the_country(self, client):
        expert = make_expert("bakyt", "KG")
        User.objects.filter(pk=expert.pk).update(suspended_until=timezone.now() + timedelta(days=3))

        assert rows(client) == {"Awake": ["bakyt"]}

    def test_one_query_whatever_the_number_of_experts(self, client, crossing):
        def asked():
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"{PAGE}?again=1").status_code == 200
            return len(queries)

        answer_about(crossing, make_expert("one", "KG"))
        few = asked()
        for name in ("two", "three"):
            answer_about(crossing, make_expert(name, "KG"))

        assert asked() == few <= 4

    def test_many_experts_stand_on_several_pages_each_once(self, client, monkeypatch):
        monkeypatch.setattr(by_country, "EXPERTS_SHOWN", 2)
        names = {make_expert(f"expert{number}", "KG").username for number in range(5)}
        url, shown, pages = PAGE, [], 0
        while url:
            page = client.get(url)
            shown += [row.user.username for _, listed in page.context["groups"] for row in listed]
            url, pages = page.context["next_url"], pages + 1

        assert (sorted(shown), pages) == (sorted(names), 3)
        assert client.get(f"{PAGE}?after=x").status_code == 404

    def test_capitals_lead_to_its_one_address_and_no_country_is_404(self, client):
        assert client.get("/countries/KG/experts/").url == PAGE
        assert client.get("/countries/zz/experts/").status_code == 404

    def test_a_new_badge_shows_at_once_to_visitors(self, client):
        client.get(PAGE)

        make_expert("bakyt", "KG")

        assert rows(client) == {"Awake": ["bakyt"]}


class TestAll:
    def test_by_country_and_by_subject(self, client):
        make_expert("bakyt", "KG"), make_expert("both", "CN", "KG"), make_expert("vets", title="Dogs", subject="Dogs")
        make_expert("nowhere", "ZZ")

        known = client.get("/experts/").context["known"]

        assert [(one.name, [user.username for user in one.experts]) for one in known] == [
            ("China", ["both"]), ("Kyrgyzstan", ["bakyt", "both"]), ("Dogs", ["vets"]),
        ]  # fmt: skip

    def test_of_many_the_first_are_named_and_the_others_counted(self, client, monkeypatch):
        monkeypatch.setattr(by_country, "EXPERTS_NAMED", 2)
        for name in ("cholpon", "aida", "bakyt"):
            make_expert(name, "KG"), make_expert(f"{name}_vet", title="Dogs", subject="Dogs")

        page = client.get("/experts/")

        assert [([user.username for user in one.experts], one.more) for one in page.context["known"]] == [
            (["aida", "bakyt"], 1), (["aida_vet", "bakyt_vet"], 1),
        ]  # fmt: skip
        assert f'<a href="{PAGE}">1 more</a>' in page.text

    def test_who_has_two_badges_for_a_country_is_named_once(self, client):
        expert = make_expert("bakyt", "KG", title="Roads")
        expert.badges.create(title="Borders", countries=["KG"], given_by=make_user(), given_at=timezone.now())

        known = client.get("/experts/").context["known"]

        assert [([user.username for user in one.experts], one.more) for one in known] == [(["bakyt"], 0)]

    def test_the_country_and_the_profile_lead_there(self, client):
        make_expert("bakyt", "KG")

        assert f'href="{PAGE}"' in client.get("/countries/kg/").text
        assert 'href="/experts/"' in client.get("/members/bakyt/").text
