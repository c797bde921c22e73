"""Whatever moderators do and take back, in whatever order: all that tests/forum/test_any_sequence.py asks for holds.

What waits is in the queue of its place, and an act that is taken back at once leaves everything as it was.
"""

import os

import pytest
from django.db.models import Q
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test

from accounts.models import User
from forum.models import Post, Topic, TopicPointer
from moderation import actions
from moderation.actions import member_acts, post_acts, spam, topic_acts
from moderation.models import Flag, Hold, ModerationEntry, QueueItem, Suspension, Warning
from tests.factories import make_user
from tests.forum.test_any_sequence import CHOICE, Forum, pick
from tests.moderation.factories import WHY, make_flag

pytestmark = [pytest.mark.django_db, pytest.mark.proof]

SEQUENCES = int(os.environ.get("SEQUENCES", "8"))


def by_number(machine, act, thing, other):
    """One act of a moderator, as its name says, on the thing and perhaps the other one."""
    post, topic = machine.post(thing), machine.topic(thing)
    by, some = machine.moderator, machine.posts_from(thing, 2)
    return {
        "hide post": lambda: post_acts.hide(by, post, WHY),
        "restore post": lambda: post_acts.restore(by, post, WHY),
        "approve": lambda: post_acts.approve(by, post, WHY),
        "reject": lambda: post_acts.reject(by, post, WHY),
        "dismiss": lambda: post_acts.dismiss(by, post, WHY),
        "out of date": lambda: post_acts.mark_outdated(by, post, WHY),
        "edit": lambda: post_acts.edit(by, post, WHY, source=f"Edited {thing}.", based_on=post.edits_count),
        "hide topic": lambda: topic_acts.hide(by, topic, WHY),
        "restore topic": lambda: topic_acts.restore(by, topic, WHY),
        "lock": lambda: topic_acts.lock(by, topic, WHY),
        "unlock": lambda: topic_acts.unlock(by, topic, WHY),
        "move": lambda: topic_acts.move(by, topic, pick(machine.subforums, other), WHY),
        "retitle": lambda: topic_acts.retitle(by, topic, f"Title {other}", WHY),
        "duplicate": lambda: topic_acts.mark_duplicate(by, topic, machine.topic(other), WHY),
        "no duplicate": lambda: topic_acts.unmark_duplicate(by, topic, WHY),
        "merge": lambda: topic_acts.merge(by, topic, machine.topic(other), WHY),
        "split": lambda: topic_acts.split(by, some, WHY, title="Another question"),
        "move posts": lambda: topic_acts.move_posts(by, some, machine.topic(other), WHY),
        "warn": lambda: member_acts.warn(by, post.author, WHY, points=1 + other % 4, post=post),
        "ban": lambda: member_acts.ban(by, post.author, WHY),
        "unban": lambda: member_acts.unban(by, post.author, WHY),
        "clean": lambda: spam.clean_spam(by, post.author, WHY),
    }[act]


ACTS = st.sampled_from([
    "hide post", "restore post", "approve", "reject", "dismiss", "out of date", "edit", "hide topic", "restore topic",
    "lock", "unlock", "move", "retitle", "duplicate", "no duplicate", "merge", "split", "move posts", "warn", "ban",
    "unban", "clean",
])  # fmt: skip


class Moderation(Forum):
    """The same forum, whose moderator acts by the verbs that are logged."""

    @rule(post=CHOICE)
    def flag(self, post):
        self.attempt(lambda: make_flag(self.post(post), by=make_user(trust=User.Trust.TRUSTED)))

    @rule(act=ACTS, thing=CHOICE, other=CHOICE)
    def do(self, act, thing, other):
        self.attempt(by_number(self, act, thing, other))

    @precondition(lambda self: ModerationEntry.objects.undoable().exclude(verb="undo").exists())
    @rule(entry=CHOICE)
    def undo(self, entry):
        standing = list(ModerationEntry.objects.undoable().exclude(verb="undo").order_by("-pk"))
        self.attempt(lambda: actions.undo.undo(self.moderator, pick(standing, entry)))

    @rule(first=ACTS, act=ACTS, thing=CHOICE, other=CHOICE)
    def there_and_back(self, first, act, thing, other):
        self.attempt(by_number(self, first, thing, other))
        before = everything()

        entry = self.attempt(by_number(self, act, thing, other))

        if entry is None:
            assert everything() == before
        else:
            actions.undo.undo(self.moderator, entry)
            assert as_it_was(before, everything())

    @invariant()
    def what_waits_is_in_the_queue_of_its_place(self):
        waiting = {
            *Flag.objects.open().values_list("item", flat=True),
            *Hold.objects.open().values_list("item", flat=True),
        }
        opened = QueueItem.objects.open().select_related("post__topic")
        assert {item.pk for item in opened} == waiting
        assert all(item.subforum_id == item.post.topic.subforum_id for item in opened)


def everything():
    """How all stands, by what it is about; since when, and who did it last, is left out."""
    return {
        "posts": table(
            Post.objects.annotate(is_hidden=IS_HIDDEN, is_held=IS_HELD, is_marked=IS_MARKED), "topic", "number",
            "source", "heading", "is_hidden", "is_held", "is_marked",
        ),
        "topics": table(
            Topic.objects.annotate(is_hidden=IS_HIDDEN, is_held=IS_HELD, is_locked=IS_LOCKED), "subforum", "title",
            "author", "is_hidden", "is_held", "is_locked", "lock_reason", "duplicate_of", "merged_into", "posts_count",
            "last_number", "last_post", "opening_post", "duplicates_count",
        ),
        "pointers": table(TopicPointer.objects.all(), "topic", "subforum", "left_at"),
        "members": table(
            User.objects.annotate(is_out=IS_BANNED), "trust", "suspended_until", "is_out", "posts_count",
            "reactions_received",
        ),
        "flags": table(Flag.objects.all(), "closed_at", "outcome"),
        "holds": table(Hold.objects.all(), "closed_at", "outcome"),
        "warnings": table(Warning.objects.filter(revoked_at=None), "points"),
        "suspensions": table(Suspension.objects.standing(), "ends_at"),
    }  # fmt: skip


IS_HIDDEN, IS_HELD, IS_LOCKED, IS_BANNED, IS_MARKED = (
    Q(**{f"{name}__isnull": False}) for name in ("hidden_at", "held_at", "locked_at", "banned_at", "marked_outdated_at")
)


def table(rows, *fields):
    return {pk: values for pk, *values in rows.values_list("pk", *fields)}


def as_it_was(before, after):
    """All that was there is the same; a topic that was split off and taken back stays as an address."""
    for name in before.keys() - {"pointers"}:
        assert {pk: after[name].get(pk) for pk in before[name]} == before[name], name
    assert {*map(tuple, before["pointers"].values())} == {*map(tuple, after["pointers"].values())}
    more = after["topics"].keys() - before["topics"].keys()
    return not Topic.objects.filter(pk__in=more, merged_into=None).exists()


def test_any_sequence_keeps_everything_true(db):
    run_state_machine_as_test(
        Moderation,
        settings=settings(max_examples=SEQUENCES, stateful_step_count=15, suppress_health_check=list(HealthCheck)),
    )
