"""Answers say how old they are, what contradicts them, and who confirmed them: on the page of their topic."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import ExpertBadge
from crossings.freshness import actions
from crossings.links.actions import link_topic, set_links
from crossings.models import AnswerConfirmation, CrossingReport, SimilarTopic
from crossings.similar import staleness, stored, terms
from crossings.status import update
from forum.actions import answers, edits, reactions
from forum.models import Post, Topic
from forum.permissions import NotAllowed
from pagecache.store import clear_all
from tests.crossings.factories import make_crossing, make_report
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("matters")]
AGED = "May be out of date since"
CONTRADICTED = "a newer report says otherwise"
OUTDATED = "members call it outdated"


@pytest.fixture
def torugart():
    crossing = make_crossing(name="Torugart Pass", slug="torugart", editors_status="open")
    update.judge(crossing.pk)
    return crossing


@pytest.fixture
def topic(torugart):
    """A question of long ago, whose title names no matter."""
    topic = make_topic(title="Torugart, anybody?")
    link_topic(topic, torugart, source="author", by=topic.author)
    return topic


def make_expert(*countries, **fields):
    expert = make_user(**fields)
    give_badge(expert, *countries)
    return expert


def give_badge(user, *countries):
    ExpertBadge.objects.create(
        user=user, title="Pass expert", countries=list(countries), subject="" if countries else "Yaks",
        given_by=user, given_at=timezone.now(),
    )  # fmt: skip


def answer_in(topic, *, days_ago, accepted=True, **fields):
    post = make_post(topic=topic, **fields)
    if accepted:
        answers.accept_answer(topic.author, post)
    Post.objects.filter(pk=post.pk).update(
        written_at=timezone.now() - timedelta(days=days_ago), version=F("version") + 1
    )
    return Post.objects.select_related("topic__subforum", "author").get(pk=post.pk)


def page_of(client, topic):
    return client.get(Topic.objects.get(pk=topic.pk).get_absolute_url()).text


class TestAge:
    @pytest.mark.parametrize(("days", "is_old"), [(89, False), (90, False), (91, True)])
    def test_an_answer_about_a_status_is_told_to_be_old_after_its_half_life(self, client, topic, days, is_old):
        answer_in(topic, days_ago=days)

        assert (AGED in page_of(client, topic)) == is_old

    def test_in_a_conflict_zone_it_is_a_month(self, client, topic):
        topic.crossing_links.get().crossing.__class__.objects.update(in_conflict_zone=True)
        answer_in(topic, days_ago=31)

        assert AGED in page_of(client, topic)

    @pytest.mark.parametrize(
        ("title", "days", "is_old"),
        [
            ("Torugart, what does the visa need?", 700, False),
            ("Torugart, what does the visa need?", 731, True),
            ("Torugart, what does it cost?", 360, False),
            ("Torugart, what does it cost?", 366, True),
            ("Torugart open, and the visa?", 100, True),
        ],
    )
    def test_what_the_title_asks_says_how_long_answers_hold(self, client, torugart, title, days, is_old):
        topic = make_topic(title=title)
        link_topic(topic, torugart, source="author", by=topic.author)
        terms.write([topic.pk])
        answer_in(topic, days_ago=days)

        assert (AGED in page_of(client, topic)) == is_old

    def test_without_a_crossing_it_holds_as_long_as_procedures_do(self, client):
        topic = make_topic(title="Where do yaks sleep?")
        fresh = answer_in(topic, days_ago=700)
        assert AGED not in page_of(client, topic)

        Post.objects.filter(pk=fresh.pk).update(written_at=timezone.now() - timedelta(days=731), version=9)
        Topic.objects.filter(pk=topic.pk).update(version=F("version") + 1)

        assert AGED in page_of(client, topic)

    def test_the_word_of_an_expert_of_the_country_is_an_answer_and_small_talk_of_others_is_not(self, client, topic):
        answer_in(topic, days_ago=400, accepted=False)
        answer_in(topic, days_ago=400, accepted=False, author=make_expert("IR"))
        answer_in(topic, days_ago=400, accepted=False, author=make_expert())
        assert AGED not in page_of(client, topic)

        answer_in(topic, days_ago=400, accepted=False, author=make_expert("CN", "KG"))

        assert page_of(client, topic).count(AGED) == 1

    def test_an_experts_report_and_what_one_says_in_ones_own_topic_is_no_answer(self, client, topic, torugart):
        report = make_report(torugart, days_ago=400)
        own = answer_in(topic, days_ago=400, accepted=False, author=make_expert("KG"))
        CrossingReport.objects.filter(pk=report.pk).update(post=own)
        answer_in(topic, days_ago=400, accepted=False, author=topic.author)
        give_badge(topic.author, "KG")

        assert AGED not in page_of(client, topic)

    def test_still_true_gives_it_another_half_life_and_taking_it_back_takes_that(self, client, topic):
        post, member = answer_in(topic, days_ago=400), make_user(trust=1)
        assert AGED in page_of(client, topic)

        reactions.react(member, post, "still_true")
        assert AGED not in page_of(client, topic)

        reactions.withdraw_reaction(member, post, "still_true")
        assert AGED in page_of(client, topic)

    def test_an_edit_dates_it_anew(self, client, topic):
        post = answer_in(topic, days_ago=400, author=make_user(is_staff=True))

        edits.edit_post(post.author, post, source="It is open until five now.", based_on=0)

        assert AGED not in page_of(client, topic)

    def test_a_hidden_answer_says_nothing(self, client, topic):
        post = answer_in(topic, days_ago=400)
        Post.objects.filter(pk=post.pk).update(hidden_at=timezone.now(), hidden_by=post.author, version=9)

        assert AGED not in page_of(client, topic)


class TestContradiction:
    def test_a_newer_report_contradicts_with_a_link_and_ends_the_kept_page(self, client, topic, torugart):
        make_report(torugart, days_ago=20)
        answer_in(topic, days_ago=10)
        assert CONTRADICTED not in page_of(client, topic)

        report = make_report(torugart, days_ago=2, outcome="found-closed", reason="shut")
        page = page_of(client, topic)

        assert CONTRADICTED in page
        assert f'<a href="/posts/{report.post_id}/">Torugart Pass' in page
        assert "Before that it was known as open." in page

    @pytest.mark.parametrize(
        "fields",
        [
            {"is_hearsay": True},
            {"days_ago": 10},
            {"days_ago": 30},
            {"reason": "papers", "outcome": "refused-entry"},
            {"reason": "transport", "outcome": "refused-entry"},
            {"outcome": "conditions", "reason": ""},
            {"outcome": "crossed", "reason": ""},
        ],
    )
    def test_what_does_not_contradict(self, client, topic, torugart, fields):
        make_report(torugart, days_ago=20)
        answer_in(topic, days_ago=10)

        make_report(torugart, **{"days_ago": 2, "outcome": "found-closed", "reason": "shut"} | fields)

        assert CONTRADICTED not in page_of(client, topic)

    def test_business_accounts_contradict_nobody(self, client, topic, torugart):
        answer_in(topic, days_ago=10)

        make_report(torugart, outcome="found-closed", reason="shut", author=make_user(trade_at=timezone.now()))

        assert CONTRADICTED not in page_of(client, topic)

    def test_a_delayed_report_contradicts_what_is_older_than_its_week_and_tells_no_day(self, client, topic, torugart):
        week = update.today() - timedelta(days=update.today().weekday())
        old, same_week = answer_in(topic, days_ago=20), make_post(topic=topic)
        answers.accept_answer(topic.author, same_week)
        Post.objects.filter(pk=same_week.pk).update(
            written_at=timezone.now() - timedelta(days=update.today().weekday())
        )

        make_report(torugart, outcome="found-closed", reason="shut", is_delayed=True)
        page = page_of(client, topic)

        assert page.count(CONTRADICTED) == 1
        assert f"week of {week.day} " in page[page.index(f'id="p{old.pk}"') :]

    def test_one_newcomer_against_many_contradicts_nobody(self, client, topic, torugart):
        answer_in(topic, days_ago=10)
        for days in (3, 4, 5, 6):
            make_report(torugart, days_ago=days)

        make_report(torugart, days_ago=1, outcome="found-closed", reason="shut", trust=0)
        assert CONTRADICTED not in page_of(client, topic)

        make_report(torugart, days_ago=0, outcome="found-closed", reason="shut", trust=1)
        assert CONTRADICTED in page_of(client, topic)

    def test_a_hidden_report_contradicts_no_longer(self, client, topic, torugart):
        answer_in(topic, days_ago=10)
        report = make_report(torugart, outcome="found-closed", reason="shut")
        assert CONTRADICTED in page_of(client, topic)
        Post.objects.filter(pk=report.post_id).update(hidden_at=timezone.now(), hidden_by=report.post.author)

        update.judge(torugart.pk)

        assert CONTRADICTED not in page_of(client, topic)

    def test_when_the_newest_report_agrees_again_nothing_contradicts(self, client, topic, torugart):
        make_report(torugart, days_ago=20)
        answer_in(topic, days_ago=10)
        make_report(torugart, days_ago=5, outcome="found-closed", reason="shut")
        assert CONTRADICTED in page_of(client, topic)

        make_report(torugart, days_ago=2)

        assert CONTRADICTED not in page_of(client, topic)

    def test_a_link_that_was_removed_tells_nothing(self, client, topic, torugart):
        answer_in(topic, days_ago=10)
        make_report(torugart, outcome="found-closed", reason="shut")
        assert CONTRADICTED in page_of(client, topic)

        set_links(topic.author, topic, [])

        assert CONTRADICTED not in page_of(client, topic)

    def test_an_answer_that_saw_it_closed_is_not_contradicted_by_the_next_who_did(self, client, topic, torugart):
        post = answer_in(topic, days_ago=10)
        make_report(torugart, days_ago=20)
        report = make_report(torugart, days_ago=10, outcome="found-closed", reason="shut")
        report.__class__.objects.filter(pk=report.pk).update(post=post)

        make_report(torugart, days_ago=2, outcome="found-closed", reason="shut")

        assert CONTRADICTED not in page_of(client, topic)


class TestThreeOutdated:
    def test_three_members_put_any_post_before_the_experts(self, client, topic):
        post = answer_in(topic, days_ago=2, accepted=False)
        for _ in range(2):
            reactions.react(make_user(trust=1), post, "outdated")
        assert OUTDATED not in page_of(client, topic)

        reactions.react(make_user(trust=1), post, "outdated")

        assert f"3 {OUTDATED}" in page_of(client, topic)

    def test_a_confirmation_ends_the_page_of_the_crossing_which_shows_it_too(self, topic, torugart):
        post, expert = answer_in(topic, days_ago=2), make_expert("KG")
        torugart.refresh_from_db()

        actions.confirm_answer(expert, post)

        assert type(torugart).objects.get(pk=torugart.pk).version > torugart.version

    def test_an_expert_who_confirms_it_settles_that(self, client, topic):
        post, expert = answer_in(topic, days_ago=2), make_expert("KG", username="kg_expert")
        for _ in range(3):
            reactions.react(make_user(trust=1), post, "outdated")

        actions.confirm_answer(expert, post)
        page = page_of(client, topic)

        assert OUTDATED not in page
        assert "Confirmed by kg_expert, expert," in page


class TestConfirming:
    def test_one_tap_dates_the_answer_anew(self, client, topic):
        expert = make_expert("KG")
        post = answer_in(topic, days_ago=400, author=expert)
        client.force_login(expert)
        assert "Confirm: still true" in page_of(client, topic)

        answer = client.post(f"/posts/{post.pk}/confirm/")

        assert answer.url == f"/posts/{post.pk}/"
        assert AGED not in page_of(client, topic)

    def test_twice_on_a_day_is_once_and_later_is_again(self, topic):
        expert = make_expert("KG")
        post = answer_in(topic, days_ago=400)
        actions.confirm_answer(expert, post)
        first = AnswerConfirmation.objects.get()
        actions.confirm_answer(expert, post)
        assert AnswerConfirmation.objects.get().confirmed_at == first.confirmed_at

        AnswerConfirmation.objects.update(confirmed_at=timezone.now() - timedelta(days=100))
        actions.confirm_answer(expert, post)

        assert AnswerConfirmation.objects.get().confirmed_at >= first.confirmed_at

    def test_only_experts_of_the_country_confirm_and_all_experts_their_own(self, topic):
        own = make_expert()
        post, of_own = answer_in(topic, days_ago=400), answer_in(topic, days_ago=400, author=own)
        for nobody in (make_user(), post.author, make_expert("IR"), own, make_expert("KG", suspended_until=soon())):
            with pytest.raises(NotAllowed):
                actions.confirm_answer(nobody, post)

        actions.confirm_answer(own, of_own)

        assert AnswerConfirmation.objects.get().post == of_own

    def test_nor_do_experts_for_a_crossing_whose_link_was_removed(self, topic):
        post = answer_in(topic, days_ago=400)
        topic.crossing_links.update(removed_at=timezone.now())

        with pytest.raises(NotAllowed):
            actions.confirm_answer(make_expert("KG"), post)

    @pytest.mark.parametrize("change", [{"locked_at": timezone.now()}, {"hidden_at": timezone.now()}])
    def test_nothing_is_confirmed_in_a_topic_that_is_locked_or_hidden(self, topic, change):
        post = answer_in(topic, days_ago=400)
        Topic.objects.filter(pk=topic.pk).update(**change)

        with pytest.raises(NotAllowed):
            actions.confirm_answer(make_expert("KG"), post)

    def test_a_link_confirms_nothing(self, client, topic):
        post = answer_in(topic, days_ago=400)
        client.force_login(make_expert("KG"))

        answer = client.get(f"/posts/{post.pk}/confirm/")

        assert answer.url == f"/posts/{post.pk}/"
        assert not AnswerConfirmation.objects.exists()


def test_an_old_topic_points_to_the_page_of_its_crossing(client, topic):
    Topic.objects.filter(pk=topic.pk).update(opened_at=timezone.now() - timedelta(days=800))

    page = page_of(client, topic)

    assert "2 years old</b>" in page
    assert 'What is known today: <a href="/crossings/torugart/">Torugart Pass</a>.' in page


def test_what_a_page_says_of_answers_costs_no_query(client, topic, torugart):
    post = answer_in(topic, days_ago=10)
    few = queries_of(client, topic)

    for _ in range(5):
        actions.confirm_answer(make_expert("KG"), answer_in(topic, days_ago=400))
    make_report(torugart, outcome="found-closed", reason="shut")

    assert CONTRADICTED in page_of(client, topic)
    reactions.react(make_user(), post, "helpful")  # the kept page ends
    assert queries_of(client, topic) == few


def queries_of(client, topic):
    page_of(client, topic)
    Topic.objects.filter(pk=topic.pk).update(version=F("version") + 1)
    with CaptureQueriesContext(connection) as queries:
        client.get(topic.get_absolute_url())
    return len(queries)


def soon():
    return timezone.now() + timedelta(days=3)


class TestInTheTableOfSimilarTopics:
    """The mark goes by the answers of a listed topic, not by who wrote there last."""

    MARK = "May be out of date</span>"

    @pytest.fixture
    def beside(self, torugart, topic):
        """A topic that lists the other one."""
        found = make_topic(title="Torugart, anybody there?")
        link_topic(found, torugart, source="author", by=found.author)
        stored.refresh(found.pk)
        assert SimilarTopic.objects.filter(topic=found, other=topic).exists()
        return found

    @pytest.mark.parametrize(("days", "is_old"), [(90, False), (91, True)])
    def test_an_answer_past_its_half_life_is_marked_though_somebody_wrote_since(
        self, client, topic, beside, days, is_old
    ):
        answer_in(topic, days_ago=days)
        make_post(topic=topic)

        assert (self.MARK in page_of(client, beside)) == is_old

    def test_an_answer_called_still_true_is_none_however_old_the_topic_is(self, client, topic, beside):
        answer = answer_in(topic, days_ago=900)
        Topic.objects.filter(pk=topic.pk).update(last_post_at=timezone.now() - timedelta(days=900))
        before = page_of(client, beside)

        reactions.react(make_user(trust=1), answer, "still_true")
        clear_all()

        assert [self.MARK in page for page in (before, page_of(client, beside))] == [True, False]

    def test_of_very_many_answers_those_count_that_speak_for_the_latest_days(self, client, topic, beside):
        oldest = answer_in(topic, days_ago=900)
        for _ in range(staleness.MOST_ANSWERS):
            answer_in(topic, days_ago=800)
        before = page_of(client, beside)

        reactions.react(make_user(trust=1), oldest, "still_true")
        clear_all()

        assert [self.MARK in page for page in (before, page_of(client, beside))] == [True, False]
        judged = Topic.objects.annotate(**staleness.columns(timezone.now().date())).get(pk=topic.pk).answers
        assert len(judged) == staleness.MOST_ANSWERS

    def test_of_a_very_long_topic_the_first_and_the_last_posts_are_looked_at(self, topic, monkeypatch):
        monkeypatch.setattr(staleness, "LOOKED_AT", 2)
        answered = [answer_in(topic, days_ago=days) for days in (9, 8, 7, 6, 5)]

        [judged] = Topic.objects.annotate(**staleness.columns(timezone.now().date())).values_list("answers")

        # The opening post is the first one.
        found = {(json.loads(one) if isinstance(one, str) else one)["pk"] for one in judged[0]}
        assert found == {answered[0].pk, answered[3].pk, answered[4].pk}

    def test_one_that_a_newer_report_contradicts_is_marked(self, client, torugart, topic, beside):
        answer_in(topic, days_ago=5)
        before = page_of(client, beside)

        make_report(torugart, outcome="found-closed", trust=2)
        clear_all()

        assert [self.MARK in page for page in (before, page_of(client, beside))] == [False, True]

    def test_one_answer_that_holds_is_enough(self, client, topic, beside):
        answer_in(topic, days_ago=300)
        answer_in(topic, days_ago=3)

        assert self.MARK not in page_of(client, beside)

    @pytest.mark.parametrize(("days", "is_old"), [(300, False), (400, True)])
    def test_without_an_answer_it_is_the_last_post_that_counts(self, client, topic, beside, days, is_old):
        make_post(topic=topic)
        Topic.objects.filter(pk=topic.pk).update(last_post_at=timezone.now() - timedelta(days=days))

        assert (self.MARK in page_of(client, beside)) == is_old

    def test_an_answer_that_was_hidden_is_none(self, client, topic, beside):
        answer_in(topic, days_ago=300)
        fresh = answer_in(topic, days_ago=3)

        Post.objects.filter(pk=fresh.pk).update(hidden_at=timezone.now())

        assert self.MARK in page_of(client, beside)
