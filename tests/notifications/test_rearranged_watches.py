"""Watches follow posts that are merged, split and moved, and return when that is undone."""

import os
import threading

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from accounts.models import User
from forum.actions import posts, rearrange, subforums, topics
from forum.models import Rearrangement, Topic
from forum.permissions import CannotBeDone, NotAllowed
from moderation.actions import topic_acts
from moderation.actions.undo import undo
from moderation.log.entries import Why
from notifications.models import Watch
from notifications.watches import actions, watchers
from notifications.watches.actions import choose_level, stop_watching, watch
from notifications.watches.rearranged_watches import Choice, joined
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.forum.test_at_once import at_once
from tests.races import wait_until_one_is_blocked

pytestmark = pytest.mark.django_db
Level = Watch.Level
HAND, ITSELF = False, True


@pytest.fixture
def staff():
    return make_user(is_staff=True)


@pytest.fixture
def source():
    return make_topic()


@pytest.fixture
def target():
    return make_topic()


def choices(topic):
    """By member: the level, and whether the watch began by itself."""
    rows = Watch.objects.filter(topic=topic).values_list("user", "level", "is_automatic")
    return {user: (str(level), is_automatic) for user, level, is_automatic in rows}


def post_of(topic, number):
    return topic.posts.select_related("topic__subforum", "author").get(number=number)


@pytest.mark.parametrize(
    ("there", "coming", "after"),
    [
        (None, ("watching", HAND), ("watching", HAND)),
        (None, ("watching", ITSELF), ("watching", ITSELF)),
        (None, ("muted", HAND), ("muted", HAND)),
        (("watching", ITSELF), ("muted", HAND), ("muted", HAND)),
        (("watching", ITSELF), ("ended", HAND), ("ended", HAND)),
        (("muted", HAND), ("watching", ITSELF), ("muted", HAND)),
        (("muted", HAND), ("watching", HAND), ("muted", HAND)),
        (("watching", HAND), ("ended", HAND), ("watching", HAND)),
        (("watching", HAND), None, ("watching", HAND)),
    ],
)
def test_what_was_chosen_by_hand_goes_before_what_began_by_itself(there, coming, after):
    def of(choice):
        return {1: Choice(*choice)} if choice else {}

    assert joined(of(there), of(coming)) == of(after)


@pytest.mark.parametrize("level", ["watching", "mentions", "muted"])
def test_watches_of_a_merged_topic_are_of_the_one_it_was_merged_into_and_return(staff, source, target, level):
    user = make_user()
    watch(user, source, level=Level(level))
    before = choices(source), choices(target)

    made = rearrange.merge_topics(staff, source, target)
    merged = choices(target)
    rearrange.undo_rearrangement(staff, made)

    assert merged == {
        user.pk: (level, HAND), source.author_id: ("watching", ITSELF), target.author_id: ("watching", ITSELF),
    }  # fmt: skip
    assert (choices(source), choices(target)) == before


def test_undone_twice_it_is_undone_once(staff, source, target):
    made = rearrange.merge_topics(staff, source, target)
    rearrange.undo_rearrangement(staff, made)
    watch(source.author, target)

    rearrange.undo_rearrangement(staff, made)

    assert choices(target)[source.author_id] == ("watching", HAND)


def test_what_was_chosen_since_a_merge_holds_for_both_when_it_is_undone(staff, source, target):
    ends, mutes, begins = source.author, make_user(), make_user()
    watch(mutes, source)
    made = rearrange.merge_topics(staff, source, target)
    stop_watching(ends, target), choose_level(mutes, target, Level.MUTED), watch(begins, target)

    rearrange.undo_rearrangement(staff, made)

    assert choices(source) == {ends.pk: ("ended", HAND), mutes.pk: ("muted", HAND)}
    assert choices(target) == choices(source) | {
        begins.pk: ("watching", HAND), target.author_id: ("watching", ITSELF),
    }  # fmt: skip


def test_who_replied_since_a_merge_watches_where_that_reply_stays(staff, source, target):
    made = rearrange.merge_topics(staff, source, target)
    make_post(topic=target, author=source.author)

    rearrange.undo_rearrangement(staff, made)

    assert choices(target)[source.author_id] == ("watching", ITSELF)


def test_who_watches_a_topic_watches_what_is_split_off_and_that_ends_with_undo(staff, source):
    user, reply = make_user(), make_post(topic=source)
    watch(user, source, level=Level.MENTIONS)
    before = choices(source)

    made = rearrange.split_posts(staff, [reply], title="Another question")
    split = choices(made.target)
    rearrange.undo_rearrangement(staff, made)

    assert split == before
    assert (choices(source), choices(made.target)) == (before, {})


def test_what_was_chosen_of_a_split_off_topic_joins_when_it_is_undone(staff, source):
    reply, new = make_post(topic=source), make_user()
    chose, quiet = make_user(), reply.author
    watch(chose, source)
    made = rearrange.split_posts(staff, [reply], title="Another question")
    stop_watching(quiet, made.target), choose_level(chose, made.target, Level.MUTED)
    make_post(topic=made.target, author=new)

    rearrange.undo_rearrangement(staff, made)

    now = choices(source)
    assert now[quiet.pk] == ("ended", HAND)  # a hand before what began by itself
    assert now[chose.pk] == ("watching", HAND)  # chosen for this topic, by hand, too
    assert now[new.pk] == ("watching", ITSELF)


def test_authors_of_moved_posts_watch_where_these_are_and_others_do_not(staff, source, target):
    reply, other = make_post(topic=source), make_user()
    muted = make_post(topic=source, author=make_user())
    watch(other, source), choose_level(muted.author, source, Level.MUTED)
    before = choices(source), choices(target)

    made = rearrange.move_posts(staff, [reply, muted], target)
    moved = choices(target)
    rearrange.undo_rearrangement(staff, made)

    assert moved == before[1] | {reply.author_id: ("watching", ITSELF)}
    assert (choices(source), choices(target)) == before


def test_undo_brings_no_watch_of_an_account_that_is_gone(staff, source, target):
    user = make_user()
    watch(user, source, level=Level.MUTED), watch(user, target)
    Watch.objects.filter(topic=target, user=user).update(is_automatic=True)
    made = rearrange.merge_topics(staff, source, target)
    User.objects.filter(pk=user.pk).delete()

    rearrange.undo_rearrangement(staff, made)

    assert user.pk not in choices(target)


def test_a_moderators_undo_returns_them(staff, source, target):
    before = choices(source), choices(target)
    entry = topic_acts.merge(staff, source, target, Why(reason="The same."))

    undo(staff, entry)

    assert (choices(source), choices(target)) == before


def test_a_topic_out_of_sight_is_told_to_nobody_and_shown_to_nobody_until_it_is_back(staff, source):
    reader, closed = make_user(), make_subforum(access="staff")
    watch(reader, source)
    here = source.subforum

    topics.move_topic(staff, source, closed)
    gone = seen_and_heard(reader, source)
    topics.move_topic(staff, source, here)
    back = seen_and_heard(reader, source)
    subforums.change_access(here, "staff")
    closed_off = seen_and_heard(reader, source)
    subforums.change_access(here, "open")

    assert [gone, back, closed_off] == [(False, False), (True, True), (False, False)]
    assert seen_and_heard(reader, source) == (True, True)


def seen_and_heard(user, topic):
    topic = Topic.objects.select_related("subforum").get(pk=topic.pk)
    seen = Watch.objects.readable_by(user).filter(topic=topic).exists()
    return seen, user.pk in watchers.watchers_of_topic(topic)


def merged_meanwhile(user, source, target, go_on):
    """The user watches a topic while a moderator merges it, who commits when `go_on` returns."""
    staff, is_merged = make_user(is_staff=True), threading.Event()

    def merge():
        with transaction.atomic():
            rearrange.merge_topics(staff, source, target)
            is_merged.set()
            go_on()

    def watch_it():
        is_merged.wait(60)
        watch(user, source)
        is_watched.set()

    is_watched.clear()
    return at_once(merge, watch_it)


is_watched = threading.Event()


@pytest.mark.database
def test_watched_while_it_is_merged_it_is_watched_where_it_went(transactional_db, source, target):
    user = make_user()

    failures = merged_meanwhile(user, source, target, wait_until_one_is_blocked)

    assert failures == []
    assert choices(target)[user.pk] == ("watching", HAND)


@pytest.mark.database
def test_control_without_the_lock_the_watch_is_lost(transactional_db, monkeypatch, source, target):
    """It stays with the merged topic, which nobody reads."""
    user = make_user()
    monkeypatch.setattr(actions, "_locked", lambda target: target)

    failures = merged_meanwhile(user, source, target, lambda: is_watched.wait(60))

    assert failures == []
    assert user.pk not in choices(target)


PICK = st.integers(0, 1_000)
SEQUENCES = int(
    os.environ.get("SEQUENCES", "12")
)  # more: SEQUENCES=300 ./run test --proofs notifications -k any_sequence


class Watching(RuleBasedStateMachine):
    """Three topics, three members and a moderator, and what they do to topics and watches."""

    def __init__(self):
        super().__init__()
        self.all_or_nothing = transaction.atomic()
        self.all_or_nothing.__enter__()
        self.staff = make_user(is_staff=True)
        self.members = [make_user() for _ in range(3)]
        subforum = make_subforum()
        for member in self.members:
            make_post(topic=make_topic(author=member, subforum=subforum), author=self.staff)
        self.said = {}  # by member and topic: the last level that was said by hand
        self.stood = {}  # by rearrangement: what all had chosen before
        self.acted = {}  # by rearrangement: who chose or wrote anything since
        self.said_since = {}  # by rearrangement: what was said by hand since, by member and topic

    def teardown(self):
        transaction.set_rollback(True)
        self.all_or_nothing.__exit__(None, None, None)

    @rule(member=PICK, topic=PICK, level=st.sampled_from(Level.to_choose()))
    def choose(self, member, topic, level):
        member, topic = pick(self.members, member), self.topic(topic)
        choose_level(member, topic, level)
        self.note(member, topic, str(level))

    @rule(member=PICK, topic=PICK)
    def end(self, member, topic):
        member, topic = pick(self.members, member), self.topic(topic)
        had = Watch.objects.filter(user=member, topic=topic).exists()
        stop_watching(member, topic)
        if had:
            self.note(member, topic, "ended")

    @rule(member=PICK, topic=PICK)
    def reply(self, member, topic):
        member, topic = pick(self.members, member), self.topic(topic)
        had = choices(topic).get(member.pk)
        posts.reply(member, topic, source="At the gate.")
        assert choices(topic)[member.pk] == (had or ("watching", ITSELF))
        for acted in self.acted.values():
            acted.add(member.pk)

    @rule(first=PICK, other=PICK)
    def merge(self, first, other):
        source, target = self.topic(first), self.topic(other)
        there, coming = choices(target), choices(source)
        made = self.attempt(lambda: rearrange.merge_topics(self.staff, source, target))
        if made:
            free = {pk for pk in coming if there.get(pk, ("", ITSELF))[1] == ITSELF}
            after = choices(target)
            assert all(after[pk][0] == "watching" for pk in free if coming[pk][0] == "watching")

    @rule(topic=PICK, first=st.integers(2, 6))
    def split(self, topic, first):
        topic = self.topic(topic)
        made = self.attempt(lambda: rearrange.split_posts(self.staff, self.posts(topic, first), title="Another one"))
        if made:
            assert choices(made.target) == choices(topic)

    @rule(topic=PICK, first=st.integers(2, 6), other=PICK)
    def move(self, topic, first, other):
        topic, other = self.topic(topic), self.topic(other)
        self.attempt(lambda: rearrange.move_posts(self.staff, self.posts(topic, first), other))

    @rule(made=PICK)
    def undo(self, made):
        standing = list(Rearrangement.objects.filter(undone_at=None).order_by("-pk"))
        if not standing:
            return
        made = pick(standing, made)
        if self.attempt(lambda: rearrange.undo_rearrangement(self.staff, made) or True, is_undo=True) is None:
            return
        both = [made.source_id] if made.kind == Rearrangement.Kind.SPLIT else [made.source_id, made.target_id]
        stood, idle = self.stood[made.pk], {member.pk for member in self.members} - self.acted[made.pk]
        for topic_id in both:
            now = choices(topic_id)
            assert {pk: now.get(pk) for pk in idle} == {pk: stood.get(topic_id, {}).get(pk) for pk in idle}
        if made.kind == Rearrangement.Kind.MERGE:
            for (pk, topic_id), level in self.said_since[made.pk].items():
                if topic_id == made.target_id and pk in stood[made.source_id]:
                    self.said[pk, made.source_id] = level

    @invariant()
    def the_last_word_by_hand_holds(self):
        living = set(Topic.objects.filter(merged_into=None).values_list("pk", flat=True))
        by_topic = {pk: choices(pk) for pk in living}
        said = {key: level for key, level in self.said.items() if key[1] in living}
        assert {key: by_topic[key[1]].get(key[0]) for key in said} == {key: (said[key], HAND) for key in said}

    def note(self, member, topic, level):
        self.said[member.pk, topic.pk] = level
        for pk, acted in self.acted.items():
            acted.add(member.pk)
            self.said_since[pk][member.pk, topic.pk] = level

    def attempt(self, act, *, is_undo=False):
        stood = {pk: choices(pk) for pk in Topic.objects.values_list("pk", flat=True)}
        try:
            with transaction.atomic():
                made = act()
        except (NotAllowed, CannotBeDone):
            return None
        if not is_undo:
            self.stood[made.pk], self.acted[made.pk], self.said_since[made.pk] = stood, set(), {}
        return made

    def topic(self, number):
        return pick(list(Topic.objects.filter(merged_into=None).order_by("pk").select_related("subforum")), number)

    def posts(self, topic, first):
        return list(topic.posts.filter(number__gte=first).select_related("topic__subforum")[:2])


def pick(things, number):
    return things[number % len(things)]


@pytest.mark.parametrize("sequences", [4, pytest.param(SEQUENCES, marks=pytest.mark.proof)])
def test_any_sequence_keeps_the_last_word_by_hand_and_returns_with_undo(db, sequences):
    run_state_machine_as_test(
        Watching,
        settings=settings(max_examples=sequences, stateful_step_count=14, suppress_health_check=list(HealthCheck)),
    )
