"""Whatever moderators, authors and members do at once: nothing waits in a circle, and all counters are true."""

import contextlib
import random
import threading

import pytest
from django.db import OperationalError, transaction

from accounts.models import User
from forum.actions import posts, reactions
from forum.counters import locks
from forum.counters.recount import recount
from forum.models import Post, Topic
from forum.permissions import CannotBeDone, NotAllowed
from moderation.actions import for_each, member_acts, post_acts, spam, topic_acts, undo
from moderation.filters import banned_words
from moderation.models import Flag, Hold, ModerationEntry, QueueItem
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.forum.test_at_once import at_once
from tests.moderation.factories import WHY, make_admin, make_flag

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database, pytest.mark.proof]
REFUSALS = (CannotBeDone, NotAllowed, Post.DoesNotExist)
EACH = 6


class Place:
    """Six topics in two subforums, with posts that members thanked each other for."""

    def __init__(self):
        self.subforums = [make_subforum(), make_subforum()]
        self.writers = [make_user(trust=User.Trust.MEMBER) for _ in range(4)]
        self.topics = [make_topic(subforum=self.subforums[at % 2]) for at in range(6)]
        for at, topic in enumerate(self.topics):
            for more in range(3):
                post = make_post(topic=topic, author=self.writers[(at + more) % 4])
                reactions.react(self.writers[(at + more + 1) % 4], post, "helpful")
        self.admins = [make_admin() for _ in range(5)]
        banned_words.watch(self.admins[0], "casino", act="hold")


def acts_of(place, by, chance):
    """One thing that somebody does, chosen by lot."""
    topic, other = (Topic.objects.get(pk=pk) for pk in chance.sample([topic.pk for topic in place.topics], 2))
    everything = list(Post.objects.select_related("topic__subforum", "author"))
    post = chance.choice(everything)
    writer = chance.choice(place.writers)
    in_topic = [row for row in everything if row.topic_id == post.topic_id and row.number > 1]
    some = chance.sample(in_topic, min(2, len(in_topic)))
    return chance.choice([
        lambda: topic_acts.merge(by, topic, other, WHY),
        lambda: topic_acts.split(by, some, WHY, title="Posts of their own"),
        lambda: topic_acts.move_posts(by, some, other, WHY),
        lambda: topic_acts.move(by, topic, chance.choice(place.subforums), WHY),
        lambda: topic_acts.mark_duplicate(by, topic, other, WHY),
        lambda: topic_acts.unmark_duplicate(by, topic, WHY),
        lambda: topic_acts.hide(by, topic, WHY),
        lambda: topic_acts.restore(by, topic, WHY),
        lambda: topic_acts.retitle(by, topic, f"Title {chance.random()}", WHY),
        lambda: for_each(post_acts.hide, by, some, WHY),
        lambda: for_each(post_acts.restore, by, some, WHY),
        lambda: post_acts.approve(by, post, WHY),
        lambda: post_acts.reject(by, post, WHY),
        lambda: post_acts.dismiss(by, post, WHY),
        lambda: member_acts.warn(by, writer, WHY, post=post if post.author_id == writer.pk else None),
        lambda: make_flag(post, by=chance.choice(place.writers)),
        lambda: posts.reply(writer, topic, source="Right after."),
        lambda: posts.reply(writer, topic, source="To the casino."),
        lambda: posts.open_topic(writer, chance.choice(place.subforums), title="The casino", source="Is open."),
        lambda: reactions.react(writer, post, "helpful"),
        lambda: spam.clean_spam(by, writer, WHY),
        lambda: undo_any(by, chance),
        lambda: undo_any(by, chance),
    ])  # fmt: skip


def undo_any(by, chance):
    entries = [entry for entry in ModerationEntry.objects.undoable() if undo.can_be_undone(entry)]
    if entries:
        undo.undo(by, chance.choice(entries))


def does_many(place, by, seed):
    chance = random.Random(seed)
    for _ in range(EACH):
        with contextlib.suppress(*REFUSALS):
            acts_of(place, by, chance)()


@pytest.mark.parametrize("seed", range(5))
def test_any_mix_leaves_everything_true(seed, settings):
    settings.FLAGS_HIDE_AT = 2.0
    place = Place()

    failures = at_once(*[
        lambda by=by, at=at: does_many(place, by, 100 * seed + at) for at, by in enumerate(place.admins)
    ])  # fmt: skip

    assert failures == []
    assert ModerationEntry.objects.exists()
    assert recount(mend=False) == []
    for topic in Topic.objects.all():
        numbers = list(topic.posts.order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1)), topic
        assert topic.last_number == len(numbers)
        assert bool(numbers) == (topic.merged_into_id is None)
    waiting = set(Flag.objects.open().values_list("item", flat=True)) | set(
        Hold.objects.open().values_list("item", flat=True)
    )
    assert set(QueueItem.objects.open().values_list("pk", flat=True)) == waiting
    for item in QueueItem.objects.open().select_related("post__topic"):
        assert item.subforum_id == item.post.topic.subforum_id


def test_control_who_locks_in_another_order_waits_in_a_circle():
    one, other = make_topic(), make_topic()
    both_hold_one = threading.Barrier(2)

    def careless(first, then):
        with transaction.atomic():
            locks.lock_topic(first)
            both_hold_one.wait()
            locks.lock_topic(then)

    failures = at_once(lambda: careless(one, other), lambda: careless(other, one))

    assert [type(failure) for failure in failures] == [OperationalError]
