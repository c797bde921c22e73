"""Asking for an expert's badge: by three own answers, two who agree, and an administrator's word."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import BadgeSubject, ExpertBadge, User
from crossings.experts import actions
from crossings.models import BadgeApplication, Endorsement
from forum.models import Topic
from forum.permissions import CannotBeDone, NotAllowed
from moderation.models import ModerationEntry
from notifications import badge_news
from notifications.models import Notification
from notifications.news import moderation_news
from tests.crossings.factories import make_country
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic

pytestmark = pytest.mark.django_db
APPLY = "/experts/apply/"


@pytest.fixture(autouse=True)
def countries():
    for code, name in {"CN": "China", "KG": "Kyrgyzstan", "IR": "Iran"}.items():
        make_country(code, name)


@pytest.fixture
def applicant():
    return make_user(trust=User.Trust.MEMBER)


@pytest.fixture
def administrator():
    return make_user(is_staff=True, is_superuser=True)


def make_expert(*countries, **fields):
    expert = make_user(trust=User.Trust.TRUSTED)
    ExpertBadge.objects.create(
        user=expert, title="Pass expert", countries=list(countries), given_by=expert, given_at=timezone.now(), **fields
    )
    return expert


def an_answer(author, *countries, **fields):
    topic = fields.pop("topic", None) or make_topic()
    Topic.objects.filter(pk=topic.pk).update(countries=sorted(countries))
    return make_post(topic=topic, author=author, **fields)


def form_of(*posts, **fields):
    lines = "\n".join(f"https://borderpost.example/posts/{post.pk}/" for post in posts)
    return {"countries": ["KG"], "subject": "", "answers": lines, "words": "I live there."} | fields


def ask(applicant, **fields):
    client = Client()
    client.force_login(applicant)
    posts = fields.pop("posts", None) or [an_answer(applicant, "CN", "KG") for _ in range(3)]
    return client.post(APPLY, form_of(*posts, **fields))


def asked(applicant, **fields):
    assert ask(applicant, **fields).status_code == 302
    return BadgeApplication.objects.get(applicant=applicant)


def press(user, application, what="", **data):
    client = Client()
    client.force_login(user)
    return client.post(f"{application.get_absolute_url()}{what}", data).status_code


def agreed(application):
    for expert in (make_expert("IR"), make_expert("KG")):
        press(expert, application, "endorse/")
    return application


class TestAsking:
    def test_a_member_asks_with_three_answers(self, applicant):
        application = asked(applicant)

        assert application.countries == ["KG"]
        assert application.answers.count() == 3

    def test_asking_twice_is_one_application(self, applicant):
        asked(applicant)

        assert ask(applicant).status_code == 302
        assert BadgeApplication.objects.count() == 1

    def test_the_database_holds_one_that_waits(self, applicant):
        application = asked(applicant)

        with pytest.raises(IntegrityError), transaction.atomic():
            BadgeApplication.objects.create(applicant=application.applicant, words="x", made_at=timezone.now())

    @pytest.mark.parametrize(
        "fields",
        [
            {"countries": []}, {"countries": ["XX"]}, {"countries": ["KG"], "subject": "Visas"}, {"subject": "Yaks"},
            {"words": ""}, {"words": "x" * 1001}, {"words": "a\x00b"}, {"answers": ""}, {"answers": "x" * 2001},
            {"answers": "/posts/99999999999999999999/"}, {"answers": "javascript:alert(1)"}, {"answers": "\x00"},
        ],
    )  # fmt: skip
    def test_what_is_typed_wrong_is_said_beside_it(self, applicant, fields):
        BadgeSubject.objects.create(name="Visas")

        assert ask(applicant, **fields).status_code == 400
        assert not BadgeApplication.objects.exists()

    def test_only_own_answers_that_all_can_read_about_this_count(self, applicant):
        good = [an_answer(applicant, "KG") for _ in range(2)]
        own_question = make_topic(author=applicant)
        hidden = an_answer(applicant, "KG", hidden_at=timezone.now())
        bad = [
            an_answer(make_user(), "KG"), an_answer(applicant, "IR"), hidden,
            an_answer(applicant, "KG", topic=make_topic(subforum=make_subforum(access="members"))),
            an_answer(applicant, "KG", topic=own_question), own_question.opening_post, good[0],
        ]  # fmt: skip

        assert [ask(applicant, posts=[*good, post]).status_code for post in bad] == [400] * len(bad)

    def test_newcomers_and_visitors_do_not_ask(self, client):
        visitor = client.get(APPLY)
        client.force_login(make_user())

        assert (visitor.status_code, client.get(APPLY).status_code) == (302, 403)

    def test_who_has_the_badge_is_told_that_it_sleeps(self, applicant):
        ExpertBadge.objects.create(
            user=applicant, title="x", countries=["KG"], given_by=applicant, given_at=timezone.now(),
            asleep_at=timezone.now(),
        )  # fmt: skip

        answer = ask(applicant)

        assert answer.status_code == 400
        assert "It sleeps" in answer.text

    def test_who_was_refused_asks_again_after_thirty_days(self, applicant, administrator):
        press(administrator, asked(applicant), refuse="1", reason="Too early.")

        answers = []
        for days in (0, 29.9, 30):
            BadgeApplication.objects.update(closed_at=timezone.now() - timedelta(days=days))
            answers.append(ask(applicant).status_code)

        assert answers == [400, 400, 302]

    @pytest.mark.parametrize(("count", "status"), [(2, 400), (5, 302), (6, 400)])
    def test_three_to_five_answers_are_named(self, applicant, count, status):
        posts = [an_answer(applicant, "KG") for _ in range(count)]

        assert ask(applicant, posts=posts).status_code == status


class TestAgreeing:
    def test_experts_and_moderators_agree_once_each(self, applicant):
        application, expert = asked(applicant), make_expert("IR")
        moderator = make_user()
        make_subforum().moderators.add(moderator)

        codes = [press(user, application, "endorse/") for user in (expert, expert, moderator)]

        assert codes == [302] * 3
        assert Endorsement.objects.count() == 2

    def test_nobody_agrees_with_themselves(self):
        applicant = make_expert("IR")

        assert press(applicant, asked(applicant), "endorse/") == 403
        assert not Endorsement.objects.exists()

    def test_members_and_sleeping_experts_do_not_even_see_it(self, applicant):
        application = asked(applicant)

        for user in (make_user(trust=User.Trust.TRUSTED), make_expert("KG", asleep_at=timezone.now())):
            assert press(user, application, "endorse/") == 404

    def test_a_word_can_be_taken_back(self, applicant):
        application, expert = asked(applicant), make_expert("KG")
        press(expert, application, "endorse/")

        press(expert, application, "not-endorse/")

        assert not Endorsement.objects.exists()

    def test_once_it_is_decided_no_word_is_given_or_taken_back(self, applicant, administrator):
        application, expert = asked(applicant), make_expert("KG")
        press(expert, application, "endorse/")
        actions.refuse(administrator, application, words="Too early.")

        for act in (actions.take_endorsement_back, actions.endorse):
            with pytest.raises(NotAllowed):
                act(expert, application)
        assert Endorsement.objects.count() == 1


class TestDeciding:
    def test_two_who_agree_and_an_administrator_give_it(self, applicant, administrator, client):
        application = agreed(asked(applicant))
        post = application.answers.first()

        code = press(administrator, application, give="1", title="Kyrgyzstan expert", reason="Right for years.")

        application.refresh_from_db()
        assert (code, application.outcome) == (302, "given")
        assert application.badge.countries == ["KG"]
        assert "Kyrgyzstan expert" in client.get(post.topic.get_absolute_url()).text
        assert "Right for years." in client.get(applicant.get_absolute_url()).text

    def test_one_is_not_enough(self, applicant, administrator):
        application = asked(applicant)
        press(make_expert("KG"), application, "endorse/")

        assert press(administrator, application, give="1", title="x", reason="y") == 400
        assert not applicant.badges.exists()

    def test_nobody_has_two_badges_of_one_title(self, applicant, administrator):
        application = agreed(asked(applicant))
        ExpertBadge.objects.create(
            user=applicant, title="Expert", countries=["IR"], given_by=administrator, given_at=timezone.now()
        )

        with pytest.raises(CannotBeDone, match="of that title already"):
            actions.give(administrator, application, title="Expert", reason="Asked for.")
        assert applicant.badges.count() == 1

    def test_who_was_suspended_since_agrees_no_more(self, applicant, administrator):
        application = agreed(asked(applicant))
        User.objects.filter(pk=application.endorsements.first().by_id).update(banned_at=timezone.now())

        assert press(administrator, application, give="1", title="x", reason="y") == 400

    def test_pressed_twice_it_is_given_once(self, applicant, administrator):
        application = agreed(asked(applicant))

        codes = [press(administrator, application, give="1", title="x", reason="y") for _ in range(2)]

        assert codes == [302, 302]
        assert applicant.badges.count() == 1

    @pytest.mark.parametrize("data", [{"reason": ""}, {"reason": "x" * 301}, {"reason": "a\x00"}, {"title": "x" * 41}])
    def test_a_decision_needs_its_words(self, applicant, administrator, data):
        application = agreed(asked(applicant))

        assert press(administrator, application, **({"give": "1", "title": "x", "reason": "y"} | data)) == 400

    def test_experts_and_moderators_do_not_decide(self, applicant):
        application = agreed(asked(applicant))

        press(make_expert("KG"), application, give="1", title="x", reason="y")

        assert not applicant.badges.exists()

    def test_an_administrator_does_not_decide_their_own(self):
        administrator = make_user(is_staff=True, is_superuser=True, trust=User.Trust.MEMBER)
        application = agreed(asked(administrator))

        press(administrator, application, give="1", title="x", reason="y")

        assert not administrator.badges.exists()

    def test_the_applicant_takes_it_back(self, applicant):
        application = asked(applicant)

        codes = [press(applicant, application, "take-back/") for _ in range(2)]

        application.refresh_from_db()
        assert (codes, application.outcome) == ([302, 302], "withdrawn")


class TestBeingTold:
    def test_experts_of_the_country_and_administrators_are_asked(self, applicant, administrator):
        expert, asleep, elsewhere = make_expert("KG"), make_expert("KG", asleep_at=timezone.now()), make_expert("IR")

        badge_news.tell_of_application(asked(applicant).pk)

        told = set(Notification.objects.filter(kind="badge").values_list("user", flat=True))
        assert told == {expert.pk, administrator.pk}
        assert not told & {asleep.pk, elsewhere.pk, applicant.pk}

    def test_an_administrator_whose_second_step_is_due_is_not_asked(self, applicant, administrator, settings):
        settings.SECOND_STEP_FOR_STAFF = True
        User.objects.filter(pk=administrator.pk).update(second_step_due_at=timezone.now() - timedelta(minutes=1))

        badge_news.tell_of_application(asked(applicant).pk)

        assert not Notification.objects.filter(kind="badge", user=administrator).exists()

    @pytest.mark.parametrize(("button", "verb"), [("give", "give-badge"), ("refuse", "refuse-badge")])
    def test_the_decision_is_in_the_log_and_told_to_the_applicant(self, applicant, administrator, button, verb):
        application = agreed(asked(applicant))
        press(administrator, application, **{button: "1", "title": "Pass expert", "reason": "Because."})
        entry = ModerationEntry.objects.get(verb=verb)

        moderation_news.tell_of(entry.pk)

        news = Notification.objects.get(user=applicant, kind="moderation")
        client = Client()
        client.force_login(applicant)
        assert (entry.by_id, entry.member_id) == (administrator.pk, applicant.pk)
        assert news.entry_id == entry.pk
        assert "Because." in client.get("/notifications/").text

    def test_an_expert_whose_badge_falls_asleep_is_told_how_to_wake_it(self):
        expert = make_expert("KG", asleep_at=timezone.now())
        badge = ExpertBadge.objects.get(user=expert)

        badge_news.tell_of_sleep(badge.pk, 1)
        badge_news.tell_of_sleep(badge.pk, 1)

        news = Notification.objects.get(user=expert)
        assert "asleep" in news.subject
        assert "wakes it" in news.words


def test_the_list_of_those_that_wait_asks_as_much_for_many(client, administrator):
    client.force_login(administrator)
    client.get("/experts/applications/")
    queries = []
    for more in (1, 5):
        for _ in range(more):
            asked(make_user(trust=User.Trust.MEMBER))
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/experts/applications/").status_code == 200
        queries.append(len(captured))

    assert queries[0] == queries[1]


def test_old_refusals_are_forgotten(applicant, administrator):
    press(administrator, asked(applicant), refuse="1", reason="Too early.")
    kept = []
    for days in (364.9, 365):
        BadgeApplication.objects.update(closed_at=timezone.now() - timedelta(days=days))
        actions.forget_old()
        kept.append(BadgeApplication.objects.count())

    assert kept == [1, 0]
