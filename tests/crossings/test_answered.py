"""When a question counts as answered, on every page: an answer was accepted, or an expert of its country replied."""

import random
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import ExpertBadge
from crossings.links import about_columns
from crossings.links.actions import set_links
from crossings.models import Crossing, CrossingReport, CrossingTopic
from crossings.reports.actions import attach_report
from crossings.similar import terms
from crossings.tasks import follow_countries
from forum.actions import answers, rearrange, topics, visibility
from forum.actions.posts import withdraw_post
from forum.counters.recount import recount
from forum.experts import tasks
from forum.experts.actions import save_badge, withdraw_badge
from forum.experts.tasks import count_replies
from forum.models import Answer, Post, Subforum, Topic
from forum.models.answered_question import is_answered
from forum.permissions import NotAllowed
from pagecache.versions import bump
from tests.crossings.factories import make_crossing
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic

pytestmark = pytest.mark.django_db


def a_badge(member, *countries, title="Pass expert"):
    badge = ExpertBadge(user=member, title=title, countries=list(countries), given_by=member, given_at=timezone.now())
    save(badge)
    return badge


def save(badge):
    save_badge(badge, badge.given_by)
    count_replies.call(badge.user_id)


def withdraw(badge):
    withdraw_badge(badge, badge.given_by)
    count_replies.call(badge.user_id)


def an_expert(*countries):
    member = make_user()
    a_badge(member, *countries)
    return member


@pytest.fixture(autouse=True)
def crossings():
    for countries in PAIRS:
        make_crossing(slug="-".join(countries).lower(), countries=countries)


PAIRS = [("CN", "KG"), ("KG", "KZ"), ("IR", "TM")]


def about(*slugs, **fields):
    """A topic about these crossings."""
    topic = make_topic(**fields)
    link(topic, *slugs)
    return Topic.objects.select_related("subforum").get(pk=topic.pk)


def link(topic, *slugs):
    set_links(topic.author, topic, Crossing.objects.filter(slug__in=slugs))


def answered():
    return set(Topic.objects.answered())


class TestAnExpertOfItsCountry:
    def test_a_reply_of_theirs_answers_the_question(self):
        topic = about("cn-kg")
        make_post(topic=topic)
        assert answered() == set()

        make_post(topic=topic, author=an_expert("KG", "KZ"))

        assert answered() == {topic}
        assert list(Topic.objects.unanswered()) == []
        assert Topic.objects.get(pk=topic.pk).is_answered

    @pytest.mark.parametrize("countries", [("IR",), ()])
    def test_one_of_elsewhere_or_of_a_subject_does_not(self, countries):
        topic = about("cn-kg")

        make_post(topic=topic, author=an_expert(*countries))

        assert list(Topic.objects.unanswered()) == [topic]

    def test_a_reply_of_theirs_below_an_account_is_no_experts_answer_beside_an_accepted_one(self):
        topic = about("cn-kg")
        make_post(topic=topic, author=an_expert("KG"))
        answers.accept_answer(topic.author, make_post(topic=topic))
        Topic.objects.filter(pk=topic.pk).update(is_account=True)

        assert not Topic.objects.with_list_columns().get(pk=topic.pk).has_expert_answer

    def test_an_expert_who_asks_does_not_answer_by_adding_to_it(self):
        topic = about("cn-kg", author=an_expert("KG"))

        make_post(topic=topic, author=topic.author)

        assert list(Topic.objects.unanswered()) == [topic]

    def test_a_topic_that_is_about_no_crossing_waits_for_an_accepted_answer(self):
        topic = about()
        post = make_post(topic=topic, author=an_expert("KG"))
        assert answered() == set()

        answers.accept_answer(topic.author, post)

        assert answered() == {topic}

    def test_it_is_open_again_when_the_reply_can_be_read_no_longer(self):
        topic, moderator = about("cn-kg"), make_user(is_staff=True)
        post = make_post(topic=topic, author=an_expert("KG"))

        visibility.hide_post(moderator, post)
        assert answered() == set()
        visibility.restore_post(moderator, post)
        assert answered() == {topic}
        visibility.hold_post(None, post)
        assert answered() == set()
        visibility.approve_post(moderator, post)
        assert answered() == {topic}
        withdraw_post(post.author, post)
        assert answered() == set()
        assert recount(mend=False) == []

    def test_badges_that_are_given_and_withdrawn_count_for_what_was_written_before(self):
        topic, member = about("cn-kg"), make_user()
        make_post(topic=topic, author=member)

        badge = a_badge(member, "KG")
        assert answered() == {topic}
        badge.countries = ["IR"]
        save(badge)
        assert answered() == set()
        badge.countries = ["CN"]
        save(badge)
        assert answered() == {topic}
        for _ in range(2):
            withdraw(badge)
        assert answered() == set()
        assert recount(mend=False) == []

    def test_a_badge_counts_no_reply_that_cannot_be_read(self):
        member, moderator = make_user(), make_user(is_staff=True)
        hidden, held, read = (make_post(topic=about("cn-kg"), author=member) for _ in range(3))
        visibility.hide_post(moderator, hidden)
        visibility.hold_post(None, held)

        a_badge(member, "KG")

        assert answered() == {read.topic}
        visibility.approve_post(moderator, held)
        assert answered() == {read.topic, held.topic}
        assert recount(mend=False) == []

    def test_kept_pages_end_with_a_badge(self):
        topic, member = about("cn-kg"), make_user()
        make_post(topic=topic, author=member)
        before = Topic.objects.values("version", "subforum__version").get(pk=topic.pk)

        a_badge(member, "KG")

        after = Topic.objects.values("version", "subforum__version").get(pk=topic.pk)
        assert all(after[name] > before[name] for name in before)

    def test_many_topics_are_counted_in_parts_and_the_task_goes_on_by_itself(self, monkeypatch):
        monkeypatch.setattr(tasks, "AT_ONCE", 2)
        member, made = make_user(), [about("cn-kg") for _ in range(5)]
        for topic in made:
            make_post(topic=topic, author=member)
        badge = ExpertBadge(user=member, title="New", countries=["KG"], given_by=member, given_at=timezone.now())
        save_badge(badge, badge.given_by)
        assert answered() == set()

        queued = DBTaskResult.objects.filter(task_path=count_replies.module_path)
        seen = set()
        while found := queued.exclude(pk__in=seen).first():
            seen.add(found.pk)
            found.task.call(*found.args_kwargs["args"])

        assert answered() == set(made)
        assert len(seen) == 6  # twice, in three parts
        assert recount(mend=False) == []

    def test_a_badge_locks_no_topic(self):
        topic, member = about("cn-kg"), make_user()
        make_post(topic=topic, author=member)
        badge = ExpertBadge(user=member, title="New", countries=["KG"], given_by=member, given_at=timezone.now())

        with CaptureQueriesContext(connection) as queries:
            save_badge(badge, badge.given_by)

        assert not [query for query in queries if "forum_topic" in query["sql"] or "forum_subforum" in query["sql"]]

    def test_locks_are_taken_in_order_and_each_table_but_once(self):
        member, places = make_user(), [make_subforum() for _ in range(3)]
        for place in [*places, *reversed(places)]:
            make_post(topic=about("cn-kg", subforum=place), author=member)
        badge = ExpertBadge(user=member, title="New", countries=["KG"], given_by=member, given_at=timezone.now())
        save_badge(badge, badge.given_by)

        with CaptureQueriesContext(connection) as queries:
            count_replies.call(member.pk)

        bumps = [query["sql"].split(" SET ")[0] for query in queries if "version" in query["sql"].split("WHERE")[0]]
        assert [sql for sql in bumps if "forum_" in sql] == ['UPDATE "forum_topic"', 'UPDATE "forum_subforum"']
        locked = [query["sql"] for query in queries if "FOR NO KEY UPDATE" in query["sql"] and "forum_" in query["sql"]]
        assert all("ORDER BY" in sql for sql in locked)

    def test_replies_that_go_to_another_topic_answer_that_one(self):
        source, target, moderator = about("cn-kg"), about("cn-kg"), make_user(is_staff=True)
        post = make_post(topic=source, author=an_expert("KG"))

        made = rearrange.move_posts(moderator, [post], target)
        assert answered() == {target}
        rearrange.undo_rearrangement(moderator, made)
        assert answered() == {source}
        rearrange.merge_topics(moderator, source, target)
        assert answered() == {target}
        assert recount(mend=False) == []

    def test_recount_finds_and_mends_a_wrong_count(self):
        topic = about("cn-kg")
        make_post(topic=topic, author=an_expert("KG"))
        Topic.objects.update(expert_replies_count=5)

        assert [(drift.counter, drift.counted) for drift in recount(mend=True)] == [("expert_replies_count", 1)]
        assert Topic.objects.get().expert_replies_count == 1


class TestWhatItIsAbout:
    def test_links_that_are_made_and_removed_say_whose_reply_counts(self):
        topic = about()
        make_post(topic=topic, author=an_expert("KG"))
        assert answered() == set()

        link(topic, "kg-kz")
        assert answered() == {topic}
        link(topic, "ir-tm")
        assert answered() == set()
        assert recount(mend=False) == []

    def test_a_crossing_that_comes_to_lie_in_another_country_changes_that(self, django_capture_on_commit_callbacks):
        topic = about("ir-tm")
        make_post(topic=topic, author=an_expert("KG"))
        crossing = Crossing.objects.get(slug="ir-tm")

        Crossing.objects.filter(pk=crossing.pk).update(country_a="IR", country_b="KG")
        assert {drift.counter for drift in about_columns.drifts()} == {"countries"}
        follow_countries.call(Crossing.objects.get(slug="cn-kg").pk)
        assert answered() == set()
        before = Crossing.objects.get(pk=crossing.pk).version
        follow_countries.call(crossing.pk)

        assert answered() == {topic}
        assert list(about_columns.drifts()) == []
        assert Crossing.objects.get(pk=crossing.pk).version > before  # its page shows what is answered

    def test_all_are_compared_and_written_in_parts(self, monkeypatch):
        monkeypatch.setattr(about_columns, "AT_ONCE", 2)
        made = [about("ir-tm") for _ in range(5)]
        Topic.objects.update(countries=["KG"])

        assert [drift.row.pk for drift in about_columns.drifts()] == [topic.pk for topic in made]
        with CaptureQueriesContext(connection) as queries:
            assert about_columns.write_all() == [topic.pk for topic in made]

        compared = [
            query["sql"] for query in queries if "IS DISTINCT FROM" in query["sql"] and "UPDATE" not in query["sql"]
        ]
        assert all("ANY" in sql for sql in compared)
        assert list(about_columns.drifts()) == []

    def test_links_that_are_found_by_words_end_the_pages_of_their_places_and_crossings(self):
        crossing = make_crossing(name="Arkadash Pass", names=("Arkadash",), countries=("CN", "KG"))
        topic = make_topic(title="Arkadash Pass with a bicycle")
        make_post(topic=topic, author=an_expert("KG"))
        CrossingTopic.objects.all().delete()
        Topic.objects.update(countries=[])
        place = topic.subforum
        before = [row.__class__.objects.get(pk=row.pk).version for row in (topic, place, crossing)]

        with CaptureQueriesContext(connection) as queries:
            assert terms.link_by_words([topic.pk]) == 1

        after = [row.__class__.objects.get(pk=row.pk).version for row in (topic, place, crossing)]
        assert all(new > old for old, new in zip(before, after, strict=True))
        assert answered() == {topic}
        sql = [query["sql"] for query in queries]
        locked = next(place for place, text in enumerate(sql) if "FOR NO KEY UPDATE" in text and "forum_topic" in text)
        assert locked < next(
            place for place, text in enumerate(sql) if text.startswith('INSERT INTO "crossings_crossingtopic"')
        )
        assert terms.link_by_words([topic.pk]) == 0

    def test_a_report_in_the_opening_post_makes_it_an_account(self):
        topic, crossing = about(), Crossing.objects.get(slug="cn-kg")
        post = Post.objects.select_related("topic__subforum", "author").get(topic=topic)

        facts = {"crossed_on": timezone.now().date(), "direction": "a-b", "mode": "bus", "outcome": "crossed"}
        attach_report(topic.author, post, crossing, CrossingReport(**facts))

        assert list(Topic.objects.unanswered()) == []
        assert list(about_columns.drifts()) == []


class TestWhatIsNoQuestion:
    @pytest.mark.parametrize("change", [{"is_running": True, "opening_post": None}, {"is_account": True}])
    def test_topics_that_tell_are_neither_answered_nor_not(self, change):
        topic = about("cn-kg")
        Topic.objects.filter(pk=topic.pk).update(**change)
        assert list(Topic.objects.unanswered()) == []

        make_post(topic=topic, author=an_expert("KG"))

        assert answered() == set()
        assert not Topic.objects.get(pk=topic.pk).is_answered

    def test_a_subforum_may_take_no_questions(self):
        topic = make_topic(subforum=make_subforum(takes_questions=False))

        assert list(Topic.objects.unanswered()) == []
        assert list(Topic.objects.without_reply()) == [topic]

    def test_its_page_has_no_tab_for_them(self, client):
        asking, telling = make_subforum(), make_subforum(takes_questions=False)
        make_topic(subforum=telling)

        assert "?tab=unanswered" in client.get(asking.get_absolute_url()).text
        assert "?tab=unanswered" not in client.get(telling.get_absolute_url()).text
        for tab in ("unanswered", "answered"):
            page = client.get(f"{telling.get_absolute_url()}?tab={tab}").text
            assert "Topics here ask no questions." in page
            assert "Every question here has an answer." not in page
        assert "Every question here has an answer." in client.get(f"{asking.get_absolute_url()}?tab=unanswered").text

    def test_those_that_tell_or_chat_ask_nothing_after_an_upgrade(self, settings):
        slugs = ["campfire", "companions", "mod-room", settings.REPORTS_SUBFORUM]
        made = [make_subforum(slug=slug) for slug in [*slugs, "route-planning"]]

        import_module("forum.migrations.0037_tales_and_talk_ask_nothing").take_no_questions(apps, None)

        asking = {
            found.slug for found in Subforum.objects.filter(pk__in=[one.pk for one in made], takes_questions=True)
        }
        assert asking == {"route-planning"}

    def test_what_was_asked_before_is_open_where_it_was_asked_first(self):
        first, again = make_topic(), make_topic()
        topics.mark_duplicate(make_user(is_staff=True), again, first)

        assert list(Topic.objects.unanswered()) == [first]


class TestAcceptingOnesOwn:
    def test_who_asks_accepts_no_post_of_their_own(self, client):
        topic = make_topic()
        own = make_post(topic=topic, author=topic.author)
        client.force_login(topic.author)

        assert "Accept answer" not in client.get(topic.get_absolute_url()).text
        assert client.post(f"/posts/{own.pk}/accept/").status_code == 403
        with pytest.raises(NotAllowed):
            answers.accept_answer(topic.author, own)

    def test_a_moderator_who_asks_does_not_either_but_another_one_does(self):
        topic = make_topic(author=make_user(is_staff=True))
        own = make_post(topic=topic, author=topic.author)
        with pytest.raises(NotAllowed):
            answers.accept_answer(topic.author, own)

        answers.accept_answer(make_user(is_staff=True), own)

        assert answered() == {topic}

    def test_one_that_stands_can_be_taken_back(self, client):
        topic = make_topic()
        own = make_post(topic=topic, author=topic.author)
        answers.accept_answer(make_user(is_staff=True), own)
        client.force_login(topic.author)
        assert "Accept answer" in client.get(topic.get_absolute_url()).text

        client.post(f"/posts/{own.pk}/unaccept/")

        assert answered() == set()


class TestPages:
    def test_a_question_with_replies_alone_is_unanswered_and_one_without_says_so(self, client):
        talked, alone = make_topic(title="Talked about only"), make_topic(title="Nobody came yet")
        make_post(topic=talked)

        unanswered, no_reply = client.get("/unanswered/").text, client.get("/no-reply/").text

        assert talked.title in unanswered
        assert alone.title in unanswered
        assert talked.title not in no_reply
        assert alone.title in no_reply
        assert '<span class="badge">No reply yet</span>' in no_reply

    def test_home_says_that_all_is_answered_only_when_it_is(self, client):
        topic = make_topic()
        assert "no reply yet" in client.get("/").text
        post = make_post(topic=topic)
        home = client.get("/").text
        assert "Every question has an answer." not in home
        assert "1 reply" in home

        answers.accept_answer(topic.author, post)

        assert "Every question has an answer." in client.get("/").text

    def test_home_shows_those_without_any_reply_first(self, client):
        alone = make_topic(title="Nobody came yet")
        talked = [make_topic(title=f"Talked about only {number}") for number in range(6)]
        for topic in talked:
            make_post(topic=topic)

        home = client.get("/").text
        listed = home[home.index("Without an answer") :]

        assert listed.index(alone.title) < listed.index("Talked about only 5") < listed.index("Talked about only 4")
        assert "Talked about only 1" not in listed

    def test_a_subforum_has_a_tab_for_each(self, client):
        subforum = make_subforum()
        talked = make_topic(title="Talked about only", subforum=subforum)
        make_topic(title="Nobody came yet", subforum=subforum)
        make_post(topic=talked)

        path = subforum.get_absolute_url()
        assert "Talked about only" in client.get(f"{path}?tab=unanswered").text
        assert "Talked about only" not in client.get(f"{path}?tab=no-reply").text
        assert "Nobody came yet" in client.get(f"{path}?tab=no-reply").text

    def test_search_with_an_answer_finds_what_an_expert_replied_to(self, client):
        topic = about("cn-kg", title="Yaks at the gate")
        assert topic.title not in client.get("/search/?q=yaks&answered=on").text

        make_post(topic=topic, author=an_expert("KG"))

        assert "Yaks" in client.get("/search/?q=yaks&answered=on").text

    def test_search_judges_an_experts_reply_as_it_does_an_accepted_answer(self, client):
        topic = about("cn-kg", title="Yaks at the gate")
        post, long_ago = make_post(topic=topic, author=an_expert("KG")), timezone.now() - timedelta(days=1000)
        Topic.objects.update(last_post_at=long_ago, opened_at=long_ago)
        Post.objects.filter(topic=topic).update(written_at=long_ago)
        assert "May be out of date" in client.get("/search/?q=yaks").text

        Post.objects.filter(pk=post.pk).update(written_at=timezone.now() - timedelta(days=1))

        assert "May be out of date" not in client.get("/search/?q=yaks").text

    def test_an_old_reply_of_an_expert_is_out_of_date_though_others_write_on(self, client):
        topic = about("cn-kg", title="Yaks at the gate")
        post = make_post(topic=topic, author=an_expert("KG"))
        Post.objects.filter(pk=post.pk).update(written_at=timezone.now() - timedelta(days=1000))
        make_post(topic=topic)

        assert "May be out of date" in client.get("/search/?q=yaks").text

    def test_where_nobody_may_reply_no_row_says_that_nobody_has(self, client):
        topic = make_topic(title="Nobody came yet")
        path = topic.subforum.get_absolute_url()
        assert '<span class="badge">No reply yet</span>' in client.get(path).text

        bump(Subforum, topic.subforum_id, locked_at=timezone.now())

        assert topic.title in client.get(path).text
        assert '<span class="badge">No reply yet</span>' not in client.get(path).text

    def test_lists_say_that_an_expert_replied(self, client):
        topic = about("cn-kg")
        make_post(topic=topic, author=an_expert("KG"))

        assert "Expert answer" in client.get("/answered/").text


# --- The rule in SQL and the rule in words ---


def as_defined():
    """Which topics are answered, said as plainly as Python can."""
    found = set()
    for topic in Topic.objects.filter(hidden_at=None, held_at=None):
        posts = [post for post in Post.objects.filter(topic=topic) if post.hidden_at is None and post.held_at is None]
        is_accepted = any(Answer.objects.filter(post=post, withdrawn_at=None).exists() for post in posts)
        if is_accepted or (not topic.is_running and not topic.is_account and any(_speaks(topic, p) for p in posts)):
            found.add(topic.pk)
    return found


def _speaks(topic, post):
    badges = ExpertBadge.objects.filter(user=post.author_id, withdrawn_at=None)
    codes = {code for badge in badges for code in badge.countries}
    crossings = Crossing.objects.filter(links__topic=topic, links__removed_at=None)
    countries = {code for crossing in crossings for code in (crossing.country_a_id, crossing.country_b_id)}
    return post.number > 1 and post.author_id != topic.author_id and not codes.isdisjoint(countries)


SLUGS = ["cn-kg", "kg-kz", "ir-tm"]


class Forum:
    """Some members, topics and badges, and steps that change them."""

    def __init__(self, dice):
        self.dice, self.moderator, self.made = dice, make_user(is_staff=True), []
        self.members = [make_user() for _ in range(4)]
        self.topics = [
            about(*dice.sample(SLUGS, dice.randint(0, 2)), author=dice.choice(self.members)) for _ in range(3)
        ]

    def step(self):
        self.dice.choice([
            self.reply, self.reply, self.give, self.withdraw, self.hide, self.restore, self.hold, self.approve,
            self.accept, self.take_back, self.move, self.undo, self.hide_topic, self.link,
        ])()  # fmt: skip

    def link(self):
        topic = self.topic()
        set_links(self.moderator, topic, Crossing.objects.filter(slug__in=self.dice.sample(SLUGS, 1)))

    def reply(self):
        make_post(topic=self.topic(), author=self.dice.choice(self.members))

    def give(self):
        member, title = self.dice.choice(self.members), f"Expert {self.dice.random()}"
        a_badge(member, *self.dice.sample(["CN", "KG", "KZ"], 1), title=title)

    def withdraw(self):
        for badge in list(ExpertBadge.objects.standing())[:1]:
            withdraw(badge)

    def hide(self):
        if post := self.post(hidden_at=None):
            visibility.hide_post(self.moderator, post)

    def restore(self):
        if post := self.post(hidden_at__isnull=False):
            visibility.restore_post(self.moderator, post)

    def hold(self):
        if post := self.post(hidden_at=None, held_at=None):
            visibility.hold_post(None, post)

    def approve(self):
        if post := self.post(hidden_at=None, held_at__isnull=False):
            visibility.approve_post(self.moderator, post)

    def accept(self):
        if post := self.post(hidden_at=None, held_at=None):
            answers.accept_answer(self.moderator, post)

    def take_back(self):
        if post := self.post(hidden_at=None, held_at=None):
            answers.withdraw_answer(self.moderator, post)

    def move(self):
        if post := self.post(hidden_at=None, held_at=None):
            target = self.topic()
            if target.pk != post.topic_id:
                self.made = [rearrange.move_posts(self.moderator, [post], target)]

    def undo(self):
        for made in self.made:
            rearrange.undo_rearrangement(self.moderator, made)
        self.made = []

    def hide_topic(self):
        topic = self.topic()
        visibility.hide_topic(self.moderator, topic)
        visibility.restore_topic(self.moderator, topic)

    def topic(self):
        return Topic.objects.select_related("subforum").get(pk=self.dice.choice(self.topics).pk)

    def post(self, **state):
        posts = Post.objects.filter(number__gt=1, topic__hidden_at=None, **state).select_related("topic__subforum")
        return self.dice.choice(list(posts)) if posts else None


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.proof) for seed in range(2, 8))])
def test_after_any_acts_the_lists_and_the_property_say_what_is_defined(seed):
    forum = Forum(random.Random(seed))

    for _ in range(25):
        forum.step()
        expected = as_defined()
        listed = {topic.pk for topic in answered()}
        said = {topic.pk for topic in Topic.objects.readable() if topic.is_answered}
        unanswered = {topic.pk for topic in Topic.objects.unanswered()}
        assert listed == said == expected
        assert unanswered == {topic.pk for topic in Topic.objects.readable()} - expected
        assert set(Post.objects.filter(is_answered("topic__")).values_list("topic", flat=True)) == expected

    assert [*recount(mend=False), *about_columns.drifts()] == []
