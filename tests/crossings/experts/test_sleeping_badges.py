"""Badges sleep after a year without use, wake by use and no sooner, and weigh nothing while they sleep."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import BadgeChange, BadgeSubject, ExpertBadge, User
from accounts.readers import badges_of
from crossings.experts import use_of_badges
from crossings.freshness.actions import confirm_answer
from crossings.links.actions import link_topic
from forum.actions import posts, reactions, visibility
from forum.counters.recount import recount
from forum.experts import sleep
from forum.models import Post, Topic
from forum.search.candidates import Candidates
from forum.search.filters import EXPERTS, count
from tests.crossings.factories import make_country, make_crossing
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.races import wait_until_one_is_blocked

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=800)


@pytest.fixture(autouse=True)
def countries():
    for code, name in {"CN": "China", "KG": "Kyrgyzstan", "IR": "Iran", "TM": "Turkmenistan"}.items():
        make_country(code, name)


def make_expert(*countries, asleep=False, **fields):
    fields = {"title": "Pass expert", "given_at": timezone.now() - LONG_AGO} | fields
    if asleep:
        fields["asleep_at"] = timezone.now() - timedelta(days=30)
    user = make_user(trust=User.Trust.TRUSTED)
    ExpertBadge.objects.create(user=user, countries=list(countries), given_by=make_user(), **fields)
    return user


def topic_about(*countries, **fields):
    topic = make_topic(**fields)
    Topic.objects.filter(pk=topic.pk).update(countries=sorted(countries))
    return Topic.objects.select_related("subforum").get(pk=topic.pk)


def badge_of(user):
    return ExpertBadge.objects.get(user=user)


def is_asleep(user):
    return badge_of(user).asleep_at is not None


def history_of(user):
    return list(BadgeChange.objects.filter(badge__user=user).values_list("kind", flat=True))


@pytest.fixture
def use(django_capture_on_commit_callbacks):
    """Do something, and what follows right after its commit."""

    def use(act, *args, **kwargs):
        with django_capture_on_commit_callbacks(execute=True):
            return act(*args, **kwargs)

    return use


class TestWaking:
    def test_an_answer_in_its_country_wakes_a_badge(self, use):
        expert = make_expert("KG", asleep=True)

        use(posts.reply, expert, topic_about("CN", "KG"), source="It is open.")

        assert not is_asleep(expert)
        assert history_of(expert) == ["woken"]

    def test_a_still_true_in_its_country_wakes_a_badge(self, use):
        expert, answer = make_expert("KG", asleep=True), make_post(topic=topic_about("CN", "KG"))

        use(reactions.react, expert, answer, "still_true")

        assert not is_asleep(expert)

    @pytest.mark.parametrize("kind", ["helpful", "outdated"])
    def test_other_reactions_do_not(self, use, kind):
        expert, answer = make_expert("KG", asleep=True), make_post(topic=topic_about("CN", "KG"))

        use(reactions.react, expert, answer, kind)

        assert is_asleep(expert)

    def test_an_answer_about_another_country_does_not(self, use):
        expert = make_expert("KG", asleep=True)

        use(posts.reply, expert, topic_about("IR", "TM"), source="It is open.")

        assert is_asleep(expert)

    def test_a_question_of_their_own_and_words_to_themselves_do_not(self, use):
        expert = make_expert("KG", asleep=True)
        own = topic_about("KG", author=expert)

        use(posts.reply, expert, own, source="Nobody knows?")

        assert is_asleep(expert)

    def test_a_confirmation_as_expert_of_one_country_wakes_the_badge_of_another(self, use):
        expert = make_expert("IR", asleep=True)
        ExpertBadge.objects.create(
            user=expert, title="Yak expert", countries=["TM"], given_by=expert, given_at=timezone.now()
        )
        topic = make_topic()
        link_topic(topic, make_crossing(countries=("IR", "TM")), source="author", by=topic.author)

        use(confirm_answer, expert, make_post(topic=topic))

        assert not ExpertBadge.objects.asleep().exists()

    def test_a_held_answer_wakes_once_it_is_published(self, use):
        expert = make_expert("KG", asleep=True)
        post = make_post(topic=topic_about("KG"), author=expert)
        Post.objects.filter(pk=post.pk).update(held_at=timezone.now())

        use(visibility.approve_post, make_user(is_staff=True), post)

        assert not is_asleep(expert)

    def test_a_withdrawn_badge_stays_withdrawn(self, use):
        expert = make_expert("KG", asleep=True, withdrawn_at=timezone.now())

        use(posts.reply, expert, topic_about("KG"), source="It is open.")

        assert not ExpertBadge.objects.awake().exists()

    def test_a_badge_of_a_subject_wakes_in_the_subforums_about_it_alone(self, use):
        visas = make_subforum()
        visas.subjects.add(BadgeSubject.objects.create(name="Visas"))
        expert = make_expert(subject="Visas", asleep=True)

        use(posts.reply, expert, make_topic(), source="It is open.")
        elsewhere = is_asleep(expert)
        use(posts.reply, expert, make_topic(subforum=visas), source="Thirty days.")

        assert elsewhere
        assert not is_asleep(expert)


class TestFallingAsleep:
    def test_a_badge_that_nobody_used_for_a_year_falls_asleep_once(self):
        expert = make_expert("KG")

        use_of_badges.look_after_all()
        use_of_badges.look_after_all()

        assert is_asleep(expert)
        assert history_of(expert) == ["asleep"]

    @pytest.mark.parametrize(("days", "sleeps"), [(364, False), (366, True)])
    def test_the_last_answer_counts(self, days, sleeps):
        expert = make_expert("KG")
        written_at = timezone.now() - timedelta(days=days)
        make_post(topic=topic_about("KG"), author=expert, written_at=written_at)

        use_of_badges.look_after_all()

        assert is_asleep(expert) is sleeps

    def test_the_year_begins_when_it_is_given_and_when_it_wakes(self):
        new = make_expert("KG", given_at=timezone.now() - timedelta(days=300))
        woken = make_expert("KG", woken_at=timezone.now() - timedelta(days=300))

        use_of_badges.look_after_all()

        assert not is_asleep(new)
        assert not is_asleep(woken)

    def test_what_a_topic_is_about_may_be_said_later(self):
        expert = make_expert("KG", asleep=True)
        topic = make_topic()
        make_post(topic=topic, author=expert)
        Topic.objects.filter(pk=topic.pk).update(countries=["KG"])

        use_of_badges.look_after_all()

        assert not is_asleep(expert)


class TestAsleep:
    """Each with the same badge awake, which must make the difference."""

    @pytest.mark.parametrize("asleep", [True, False])
    def test_it_is_not_shown_beside_posts(self, client, asleep):
        post = make_post(topic=topic_about("KG"), author=make_expert("KG", asleep=asleep))

        page = client.get(post.topic.get_absolute_url()).text

        assert ("Pass expert" in page) is not asleep

    @pytest.mark.parametrize("asleep", [True, False])
    def test_the_profile_shows_it_as_it_is(self, client, asleep):
        expert = make_expert("KG", asleep=asleep)

        page = client.get(expert.get_absolute_url()).text

        assert "Pass expert" in page
        assert ("asleep since" in page) is asleep

    @pytest.mark.parametrize("asleep", [True, False])
    def test_it_opens_no_desk(self, client, asleep):
        client.force_login(make_expert("KG", asleep=asleep))

        assert client.get("/desk/").status_code == (403 if asleep else 200)

    @pytest.mark.parametrize("asleep", [True, False])
    def test_its_outdated_is_a_members(self, asleep):
        post = make_post(topic=topic_about("KG"))
        reactions.react(make_expert("KG", asleep=asleep), post, "outdated")

        called = Post.objects.with_called_outdated().get(pk=post.pk).called_outdated_at

        assert (called is None) is asleep

    @pytest.mark.parametrize("asleep", [True, False])
    def test_its_member_is_no_expert(self, asleep):
        expert = make_expert("KG", asleep=asleep)

        assert bool(badges_of(expert).titles) is not asleep
        assert bool(ExpertBadge.objects.awake().exists()) is badge_of(expert).is_awake

    @pytest.mark.parametrize("asleep", [True, False])
    def test_search_by_experts_passes_it_by(self, asleep):
        make_post(topic=topic_about("KG"), author=make_expert("KG", asleep=asleep))
        candidates = Candidates(list(Post.objects.values_list("pk", flat=True)))

        counted = count(candidates, EXPERTS)
        found = Post.objects.filter(EXPERTS.condition("on")).count()

        assert counted.get("on", 0) == found == (0 if asleep else 1)

    def test_what_was_answered_stays_answered(self):
        topic = topic_about("KG")
        expert = make_expert("KG")
        make_post(topic=topic, author=expert, written_at=timezone.now() - timedelta(days=400))

        use_of_badges.look_after_all()

        assert is_asleep(expert)
        assert Topic.objects.answered().filter(pk=topic.pk).exists()
        assert [drift for drift in recount(mend=False) if drift.counter == "expert_replies_count"] == []


def test_a_badge_speaks_in_topics_of_its_countries_alone(client):
    expert = make_expert("KG")
    here, elsewhere = topic_about("CN", "KG"), topic_about("IR", "TM")
    for topic in (here, elsewhere):
        make_post(topic=topic, author=expert)

    shown = ["Pass expert" in client.get(topic.get_absolute_url()).text for topic in (here, elsewhere)]

    assert shown == [True, False]


@pytest.mark.django_db(transaction=True)
@pytest.mark.database
class TestAtOnce:
    """An answer is written while the nightly chore looks: the badge is awake in the end, whoever comes first."""

    def test_an_answer_in_time_keeps_it_awake(self):
        expert, topic = make_expert("KG"), topic_about("KG")
        look = during_the_look(lambda: posts.reply(expert, topic, source="It is open."))

        sleep.put_to_sleep_unless(badge_of(expert).pk, look)
        look.thread.join()

        assert not is_asleep(expert)

    def test_control_without_the_task_it_would_sleep(self, monkeypatch):
        monkeypatch.setattr("forum.receivers.wake_by_use", lambda *args: None)
        expert, topic = make_expert("KG"), topic_about("KG")
        look = during_the_look(lambda: posts.reply(expert, topic, source="It is open."))

        sleep.put_to_sleep_unless(badge_of(expert).pk, look)
        look.thread.join()

        assert is_asleep(expert)


class during_the_look:  # noqa: N801 (reads as a function)
    """As `is_used`: finds no use, then an answer is begun before the badge is put to sleep, and waits for the lock."""

    def __init__(self, act):
        self.thread = threading.Thread(target=self._run, args=[act])

    def __call__(self, badge):
        self.thread.start()
        wait_until_one_is_blocked()
        return False

    @staticmethod
    def _run(act):
        try:
            act()
        finally:
            connection.close()
