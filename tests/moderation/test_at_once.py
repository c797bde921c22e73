"""Moderators and members at once, on a real database. Every race has a control that must fail."""

import threading

import pytest
from django.conf import settings as of_this_run
from django.db import transaction
from django.db.models import Sum

from accounts.models import User
from forum.actions import posts
from forum.counters.recount import recount
from forum.models import Post, Topic
from forum.permissions import CannotBeDone
from moderation.actions import appeals, claims, flags, for_each, member_acts, post_acts, spam, topic_acts, undo
from moderation.actions.base import lock_all
from moderation.models import Flag, Hold, ModerationEntry, QueueItem, Suspension, Warning
from moderation.queue import items
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.forum.test_at_once import at_once
from tests.moderation.factories import WHY, make_admin, make_flag, make_flagger, make_moderator
from tests.races import wait_until_one_is_blocked

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
FLAGS = 6


def members_who_flag(post):
    return [make_flagger() for _ in range(FLAGS)]


def test_flags_that_cross_the_threshold_at_once_let_the_post_wait_once(settings):
    settings.FLAGS_HIDE_AT = float(FLAGS)
    post = make_post()

    failures = at_once(*[lambda member=member: make_flag(post, by=member) for member in members_who_flag(post)])

    assert failures == []
    assert Post.objects.get(pk=post.pk).held_at is not None
    assert (Hold.objects.count(), QueueItem.objects.count(), Flag.objects.open().count()) == (1, 1, FLAGS)
    assert recount(mend=False) == []


def test_control_flags_that_do_not_wait_for_each_other_see_no_threshold(settings):
    settings.FLAGS_HIDE_AT = float(FLAGS)
    post, seen = make_post(), []
    item = items.item_of(post)
    both_have_written = threading.Barrier(FLAGS)

    def careless(member):
        with transaction.atomic():
            at = post.written_at
            Flag.objects.create(item=item, post=post, by=member, reason="advertising", weight=1, at=at)
            both_have_written.wait()
            seen.append(Flag.objects.open().filter(post=post).aggregate(weight=Sum("weight"))["weight"])
            both_have_written.wait()  # and nobody commits before all have looked

    at_once(*[lambda member=member: careless(member) for member in members_who_flag(post)])

    assert len(seen) == FLAGS
    assert max(seen) < of_this_run.FLAGS_HIDE_AT


def test_one_member_who_clicks_twice_flags_once():
    post, member = make_post(), make_user()

    assert at_once(*[lambda: make_flag(post, by=member)] * 4) == []

    assert Flag.objects.count() == QueueItem.objects.count() == 1


def test_two_moderators_who_hide_the_same_post_leave_one_entry():
    post = make_post()
    both = [make_moderator(post.topic.subforum) for _ in range(2)]

    assert at_once(*[lambda by=by: post_acts.hide(by, post, WHY) for by in both]) == []

    assert ModerationEntry.objects.count() == 1
    assert recount(mend=False) == []


def test_one_approves_while_the_other_rejects_and_only_one_of_them_is_believed():
    post = make_post()
    for _ in range(3):
        make_flag(post)
    one, other = (make_moderator(post.topic.subforum) for _ in range(2))

    failures = at_once(lambda: post_acts.approve(one, post, WHY), lambda: post_acts.reject(other, post, WHY))

    assert all(isinstance(failure, CannotBeDone) for failure in failures)
    entry = ModerationEntry.objects.get()
    post.refresh_from_db()
    assert post.is_readable == (entry.verb == "approve")
    assert Hold.objects.get().outcome == {"approve": "approved", "reject": "rejected"}[entry.verb]
    assert not QueueItem.objects.open().exists()
    assert recount(mend=False) == []


def test_an_act_undone_twice_at_once_is_undone_once():
    topic = make_topic()
    moderator, admin = make_moderator(topic.subforum), make_admin()
    entry = topic_acts.hide(moderator, topic, WHY)

    failures = at_once(lambda: undo.undo(moderator, entry), lambda: undo.undo(admin, entry))

    assert all(isinstance(failure, CannotBeDone) for failure in failures)
    assert ModerationEntry.objects.filter(undoes=entry).count() == 1
    assert Topic.objects.get(pk=topic.pk).is_readable


def test_one_item_is_claimed_by_one():
    item = make_flag().item
    moderators = [make_moderator(item.subforum) for _ in range(4)]
    claimed = []

    def claim(by):
        claimed.append(claims.claim(by, item))

    assert at_once(*[lambda by=by: claim(by) for by in moderators]) == []

    assert sorted(claimed) == [False, False, False, True]


def test_warnings_at_once_all_count(settings):
    settings.WARNINGS_SUSPEND = [(4, 7)]
    member = make_user()
    topic_posts = [make_post(author=member) for _ in range(4)]

    failures = at_once(*[
        lambda post=post: member_acts.warn(make_moderator(post.topic.subforum), member, WHY, post=post)
        for post in topic_posts
    ])  # fmt: skip

    assert failures == []
    assert Warning.objects.count() == 4
    assert Suspension.objects.count() == 1
    assert not User.objects.get(pk=member.pk).can_write


def test_bulk_acts_and_a_clean_up_over_the_same_topics_do_not_deadlock():
    spammer = make_user()
    places = [make_topic() for _ in range(4)]
    spam_posts = [make_post(topic=topic, author=spammer) for topic in places]
    admins = [make_admin() for _ in range(3)]

    failures = at_once(
        lambda: for_each(post_acts.hide, admins[0], list(reversed(spam_posts)), WHY),
        lambda: for_each(topic_acts.hide, admins[1], places, WHY),
        lambda: spam.clean_spam(admins[2], spammer, WHY),
    )

    assert failures == []
    assert not Post.objects.filter(author=spammer, hidden_at=None, topic__hidden_at=None).exists()
    assert recount(mend=False) == []


class Race:
    """A spammer's post is written, but not committed, when a clean-up looks for what to hide."""

    def __init__(self, monkeypatch):
        self.spammer, self.admin = make_user(), make_admin()
        make_post(author=self.spammer)
        self.is_written, self.are_listed = threading.Event(), threading.Event()
        monkeypatch.setattr(spam, "lock_all", self.lock_all)

    def lock_all(self, *args, **more):
        self.are_listed.set()
        return lock_all(*args, **more)

    def stop_on_the_way(self, post):
        self.is_written.set()
        assert self.are_listed.wait(60)
        wait_until_one_is_blocked()

    def run(self, write):
        def clean():
            assert self.is_written.wait(60)
            spam.clean_spam(self.admin, self.spammer, WHY)

        return at_once(write, clean)

    def readable(self):
        return Post.objects.filter(author=self.spammer, hidden_at=None, topic__hidden_at=None).count()


LINK = "Buy it at https://shop.example/"


def writings(race):
    place, subforum, also = make_topic(), make_subforum(), [race.stop_on_the_way]
    return {
        "a reply": lambda: posts.reply(race.spammer, place, source="Buy it.", also=also),
        "a reply that waits": lambda: posts.reply(race.spammer, place, source=LINK, also=also),
        "a topic": lambda: posts.open_topic(race.spammer, subforum, title="Buy it", source="Now.", also=also),
        "a topic that waits": lambda: posts.open_topic(race.spammer, subforum, title="Buy it", source=LINK, also=also),
    }


@pytest.mark.parametrize("kind", ["a reply", "a reply that waits", "a topic", "a topic that waits"])
def test_a_clean_up_misses_nothing_that_is_written_in_the_same_instant(monkeypatch, kind):
    race = Race(monkeypatch)

    failures = race.run(writings(race)[kind])

    assert failures == []
    assert Post.objects.filter(author=race.spammer).count() == 2
    assert race.readable() == 0
    assert not QueueItem.objects.open().exists()
    assert recount(mend=False) == []


def test_control_a_clean_up_that_does_not_look_again_misses_it(monkeypatch):
    race = Race(monkeypatch)
    monkeypatch.setattr(spam, "_is_more", lambda *args: False)

    assert race.run(writings(race)["a reply"]) == []

    assert race.readable() == 1


def test_a_clean_up_that_never_finds_all_says_what_to_do(monkeypatch):
    post = make_post()
    monkeypatch.setattr(spam, "_is_more", lambda *args: True)

    with pytest.raises(CannotBeDone):
        spam.clean_spam(make_admin(), post.author, WHY)

    assert Post.objects.get(pk=post.pk).is_readable
    assert not ModerationEntry.objects.exists()


def test_flags_taken_back_while_others_flag_leave_a_true_item():
    post = make_post()
    standing = [make_flag(post, reason="dangerous") for _ in range(2)]

    failures = at_once(
        *[lambda flag=flag: flags.withdraw_flag(flag.by, post) for flag in standing],
        *[lambda: make_flag(post, reason="outdated")] * 2,
    )

    assert failures == []
    item = QueueItem.objects.open().get()
    assert (item.kinds, item.risk, item.flags.open().count()) == (["outdated"], 10, 2)


def test_what_is_flagged_while_an_appeal_is_decided_still_waits(monkeypatch):
    """Whoever decides holds no lock of the post: here the flag is written, and not yet seen, when the item closes."""
    post = make_post()
    entry = post_acts.edit(make_admin(), post, WHY, source="In kinder words.", based_on=0)
    asked = appeals.appeal(post.author, entry, "It was kind enough.")
    admin, written, decided = make_admin(), threading.Event(), threading.Event()

    def wait_for_the_decision(post):
        written.set()
        assert decided.wait(60)

    def decide():
        assert written.wait(60)
        appeals.decide(admin, asked, is_granted=False, answer="It stays.")
        decided.set()

    monkeypatch.setattr(flags, "_hold_if_many", wait_for_the_decision)

    assert at_once(lambda: make_flag(post), decide) == []

    assert list(QueueItem.objects.open()) == [Flag.objects.open().get().item]
