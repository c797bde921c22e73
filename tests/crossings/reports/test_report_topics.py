"""The running topic in which a crossing's reports stand: the forum's own, and nobody's else."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from crossings.links import actions
from crossings.models import Crossing, CrossingReport, CrossingTopic
from crossings.reports.actions import _takes_more, attach_report, next_place
from forum.actions import edits, posts, rearrange, topics, visibility
from forum.counters.recount import recount
from forum.models import PostRevision, Subforum, Topic
from forum.permissions import CannotBeDone, NotAllowed, can_accept, can_withdraw_topic
from moderation.actions import spam
from moderation.log.entries import Why
from tests.crossings.factories import make_crossing, make_report
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.pages import plain

pytestmark = pytest.mark.django_db
TAKES = {"is_running": True}


@pytest.mark.parametrize(
    ("fields", "access", "takes_more"),
    [
        (TAKES, "open", True), ({}, "open", False), (TAKES, "members", False), (TAKES, "announcements", True),
        (TAKES | {"hidden_at": timezone.now()}, "open", False), (TAKES | {"held_at": timezone.now()}, "open", False),
        (TAKES | {"locked_at": timezone.now()}, "open", False),
    ],
)  # fmt: skip
def test_which_topic_takes_more_reports(fields, access, takes_more):
    assert _takes_more(Topic(subforum=Subforum(access=access), **fields)) is takes_more


@pytest.fixture
def crossing():
    return make_crossing(name="Torugart Pass", slug="torugart")


@pytest.fixture
def first(crossing):
    return make_report(crossing)


@pytest.fixture
def moderator():
    return make_user(is_staff=True)


def report_topic(crossing) -> Topic:
    return Topic.objects.select_related("subforum").get(pk=Crossing.objects.get(pk=crossing.pk).report_topic_id)


# --- Whose it is ---


def test_the_first_report_opens_it(first):
    topic = report_topic(first.crossing)

    assert (topic.title, topic.is_running, topic.posts_count) == ("Torugart Pass: crossing reports", True, 1)
    assert topic.slug == "torugart-pass-crossing-reports"
    assert topic.opened_at <= topic.last_post_at
    assert topic.subforum.topics_count == 1


def test_every_later_report_stands_in_it(crossing, first):
    assert make_report(crossing).post.topic_id == make_report(crossing).post.topic_id == first.post.topic_id


def test_a_locked_topic_takes_no_report_of_moderators_either(moderator, crossing, first):
    before = next_place(moderator, crossing).topic
    topics.lock_topic(moderator, first.post.topic)

    assert (before, next_place(moderator, crossing).topic) == (first.post.topic, None)


def test_it_keeps_its_title_and_the_same_title_is_no_change(moderator, first):
    topic = first.post.topic

    with pytest.raises(NotAllowed):
        topics.retitle(moderator, topic, "Torugart by bus")
    topics.retitle(moderator, topic, topic.title)

    assert not PostRevision.objects.exists()


def test_no_topic_holds_the_reports_of_two_crossings(first):
    with pytest.raises(IntegrityError), transaction.atomic():
        Crossing.objects.filter(pk=make_crossing().pk).update(report_topic=first.post.topic)


def test_a_topic_of_somebodys_own_is_never_taken_for_it(crossing):
    story = make_topic(title="Torugart Pass: crossing reports")
    Crossing.objects.filter(pk=crossing.pk).update(report_topic=story)

    report = make_report(crossing)

    assert report.post.topic_id != story.pk
    assert report_topic(crossing).is_running


def test_a_report_stands_in_its_authors_own_topic_only_if_its_author_chose_that(crossing):
    post = make_post()
    facts = {"crossed_on": date(2026, 11, 1), "direction": "a-b", "mode": "car", "outcome": "crossed"}

    attach_report(post.author, post, crossing, CrossingReport(**facts))
    later = make_report(crossing)

    assert CrossingReport.objects.get(post=post).crossing == crossing
    assert later.post.topic_id != post.topic_id


def test_who_wrote_first_has_no_more_power_over_it_than_others(crossing, first):
    author, topic = first.post.author, report_topic(crossing)
    reply = make_post(topic=topic)

    assert not can_withdraw_topic(author, topic)
    assert not can_accept(author, reply)
    with pytest.raises(NotAllowed):
        actions.set_links(author, topic, [])


def test_lists_and_the_topic_name_nobody_as_its_author(client, first):
    page = client.get(first.post.topic.get_absolute_url()).text
    rows = client.get(first.post.topic.subforum.get_absolute_url()).text

    assert "Started by" not in page
    assert "Topic starter" not in page
    assert "Every report of this crossing stands here, newest last." in page
    assert "Everybody" in rows


def test_a_single_report_is_no_question_without_an_answer(first):
    assert not Topic.objects.unanswered().exists()


# --- Its title ---


def test_nobody_changes_its_title_by_editing_the_first_report(client, first):
    author = first.post.author
    client.force_login(author)
    form = client.get(f"/posts/{first.post_id}/edit/").text

    forged = client.post(f"/posts/{first.post_id}/edit/", {"source": "Quick.", "title": "Cheap rides", "based_on": "0"})
    edited = client.post(f"/posts/{first.post_id}/edit/", {"source": "Quick.", "based_on": "0"})

    assert 'name="title"' not in form
    assert (forged.status_code, edited.status_code) == (403, 302)
    assert "The forum gave this topic its title" in forged.text
    assert report_topic(first.crossing).title == "Torugart Pass: crossing reports"


def test_nor_do_moderators(client, first, moderator):
    client.force_login(moderator)
    url = f"/moderation/topics/{first.post.topic_id}/"

    page = client.get(url).text
    answer = client.post(url, {"act": "retitle", "new_title": "Torugart", "reason": "shorter"})

    assert 'value="retitle"' not in page
    assert answer.status_code == 403
    assert "The forum gave this topic its title" in answer.text
    assert report_topic(first.crossing).title == "Torugart Pass: crossing reports"


def test_the_title_of_other_topics_can_be_changed(moderator):
    topic = make_topic()

    topics.retitle(moderator, topic, "Torugart by bus")

    assert Topic.objects.get(pk=topic.pk).title == "Torugart by bus"


def test_bringing_back_an_old_text_of_its_first_post_brings_no_title_along(first, moderator):
    edits.edit_post(first.post.author, first.post, source="Slow.", based_on=0)
    revision = first.post.revisions.get()
    PostRevision.objects.filter(pk=revision.pk).update(title="Another title")

    edits.restore_revision(moderator, PostRevision.objects.select_related("post__topic").get(pk=revision.pk))

    assert report_topic(first.crossing).title == "Torugart Pass: crossing reports"


# --- What happens to its posts ---


def test_it_outlives_the_withdrawal_of_its_first_post(client, crossing, first):
    posts.withdraw_post(first.post.author, first.post)
    empty = client.get(report_topic(crossing).get_absolute_url())
    listed = client.get(report_topic(crossing).subforum.get_absolute_url()).text
    second = make_report(crossing)

    assert empty.status_code == 200
    assert "No posts" in listed
    assert second.post.topic_id == first.post.topic_id
    assert recount(mend=False) == []


def test_a_first_report_that_waits_does_not_take_the_topic_along(crossing, first, moderator):
    visibility.hold_post(None, first.post)
    waiting = report_topic(crossing)
    second = make_report(crossing)
    visibility.approve_post(moderator, first.post)

    assert (waiting.held_at, waiting.posts_count) == (None, 0)
    assert second.post.topic_id == first.post.topic_id
    assert report_topic(crossing).posts_count == 2
    assert recount(mend=False) == []


def test_a_moderator_hides_its_first_post_as_any_other(crossing, first, moderator):
    visibility.hide_post(moderator, first.post)

    assert report_topic(crossing).hidden_at is None


def test_cleaning_up_after_whoever_wrote_first_hides_their_posts_alone(crossing, first, moderator):
    second = make_report(crossing)

    spam.clean_spam(moderator, first.post.author, Why(reason="advertising"))

    first.post.refresh_from_db()
    assert first.post.hidden_at is not None
    assert (report_topic(crossing).hidden_at, report_topic(crossing).posts_count) == (None, 1)
    assert second.post.is_readable


# --- What moderators do with it ---


def test_it_is_merged_into_nobodys_topic(crossing, first, moderator):
    story = make_topic()

    with pytest.raises(CannotBeDone, match="belongs to nobody"):
        rearrange.merge_topics(moderator, report_topic(crossing), story)


def test_a_story_is_merged_into_it_and_it_stays_what_it_is(crossing, moderator):
    story = make_topic(opened_at=timezone.now() - timedelta(days=9))
    topic = make_report(crossing).post.topic

    made = rearrange.merge_topics(moderator, story, topic)
    merged = report_topic(crossing)
    rearrange.undo_rearrangement(moderator, made)

    assert (merged.pk, merged.title, merged.posts_count) == (topic.pk, "Torugart Pass: crossing reports", 2)
    assert (merged.is_running, merged.opening_post_id) == (True, None)
    assert not can_withdraw_topic(merged.author, merged)
    assert Topic.objects.get(pk=story.pk).opening_post_id is not None
    assert recount(mend=False) == []


def test_merged_into_that_of_another_crossing_it_is_followed_by_a_new_one(crossing, first, moderator):
    other = make_report(make_crossing())

    rearrange.merge_topics(moderator, report_topic(crossing), other.post.topic)
    third = make_report(crossing)

    assert third.post.topic_id not in {first.post.topic_id, other.post.topic_id}
    assert report_topic(crossing).pk == third.post.topic_id


def test_what_is_split_off_is_its_authors_topic(crossing, first, moderator):
    posts.withdraw_post(first.post.author, first.post)
    second, third = make_report(crossing), make_report(crossing)

    made = rearrange.split_posts(moderator, [second.post], title="A story of Torugart")

    assert (made.target.is_running, made.target.author) == (False, second.post.author)
    assert report_topic(crossing).pk == third.post.topic_id
    assert recount(mend=False) == []


@pytest.mark.parametrize("act", ["lock", "hide", "move"])
def test_locked_hidden_or_moved_where_not_all_may_read_it_is_followed_by_a_new_one(crossing, first, moderator, act):
    topic = report_topic(crossing)
    {
        "lock": lambda: topics.lock_topic(moderator, topic),
        "hide": lambda: visibility.hide_topic(moderator, topic),
        "move": lambda: topics.move_topic(moderator, topic, make_subforum(access="members")),
    }[act]()

    second = make_report(crossing)

    assert second.post.topic_id != topic.pk
    assert report_topic(crossing).pk == second.post.topic_id


def test_a_former_one_that_is_shown_again_is_still_nobodys_and_can_be_merged(crossing, first, moderator):
    former = report_topic(crossing)
    visibility.hide_topic(moderator, former)
    second = make_report(crossing)
    visibility.restore_topic(moderator, former)

    rearrange.merge_topics(moderator, Topic.objects.get(pk=former.pk), second.post.topic)

    assert report_topic(crossing).posts_count == 2
    assert report_topic(crossing).pk == second.post.topic_id


# --- What the form says ---


def test_the_form_says_where_the_report_will_stand(client, crossing):
    client.force_login(make_user(trust=1))

    before = plain(client.get("/crossings/torugart/report/").text)
    topic = make_report(crossing).post.topic
    after = plain(client.get("/crossings/torugart/report/").text)

    assert "a new topic, “Torugart Pass: crossing reports”" in before
    assert f'<a href="{topic.get_absolute_url()}">Torugart Pass: crossing reports</a>' in after


# --- Those of before ---


class TestMigration:
    def migrate(self):
        import_module("crossings.migrations.0013_reports_stand_in_running_topics").mark_report_topics(apps, None)

    def as_before(self, report) -> Topic:
        """As the forum opened it for its first reporter."""
        Topic.objects.filter(pk=report.post.topic_id).update(is_running=False)
        Topic.objects.filter(pk=report.post.topic_id).update(opening_post=report.post)
        return report.post.topic

    def test_what_the_forum_opened_is_a_running_topic(self, crossing, first):
        topic = self.as_before(first)

        self.migrate()

        assert (report_topic(crossing).pk, report_topic(crossing).is_running) == (topic.pk, True)

    def test_also_if_it_has_another_title_since(self, crossing, first):
        topic = self.as_before(first)
        topics.retitle(make_user(is_staff=True), topic, "Torugart, all reports")

        self.migrate()

        assert (report_topic(crossing).title, report_topic(crossing).is_running) == ("Torugart, all reports", True)

    @pytest.mark.parametrize("title", ["My summer in the mountains", "Torugart Pass: crossing reports"])
    def test_a_topic_of_somebodys_own_is_left_to_its_author(self, crossing, title):
        story = make_topic(title=title)
        actions.set_links(story.author, story, [crossing])
        facts = {"crossed_on": date(2026, 11, 1), "direction": "a-b", "mode": "car", "outcome": "crossed"}
        attach_report(story.author, story.opening_post, crossing, CrossingReport(**facts))
        Crossing.objects.filter(pk=crossing.pk).update(report_topic=story)

        self.migrate()

        assert Crossing.objects.get(pk=crossing.pk).report_topic_id is None
        assert not Topic.objects.get(pk=story.pk).is_running
        assert CrossingTopic.objects.standing().get(topic=story).crossing == crossing
        assert make_report(crossing).post.topic_id != story.pk
