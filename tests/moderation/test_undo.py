"""Taking back: exactly one's own act, and never what somebody did since."""

import pytest

from accounts.models import User
from forum.actions import drafts, visibility
from forum.counters.recount import recount
from forum.models import Draft, Post, Topic
from forum.permissions import CannotBeDone
from moderation.actions import later_acts, member_acts, post_acts, spam, topic_acts, undo
from moderation.models import Suspension
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic
from tests.moderation.factories import WHY, make_admin, make_member_of, make_moderator

pytestmark = pytest.mark.django_db


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


class Place:
    """A topic with a reply, another topic, and two moderators of their subforum."""

    def __init__(self):
        self.topic = make_topic(title="Torugart in June")
        self.reply = make_post(topic=self.topic)
        self.other = make_topic(subforum=self.topic.subforum, title="Torugart in May")
        self.one, self.second = (make_moderator(self.topic.subforum) for _ in range(2))


@pytest.fixture
def place():
    return Place()


AGAIN = {
    "lock": (
        lambda place, by: topic_acts.lock(by, place.topic, WHY),
        lambda place, by: topic_acts.unlock(by, place.topic, WHY),
        lambda place: fresh(place.topic).locked_at,
    ),
    "pin": (
        lambda place, by: topic_acts.pin(by, place.topic, WHY),
        lambda place, by: topic_acts.unpin(by, place.topic, WHY),
        lambda place: fresh(place.topic).pinned_at,
    ),
    "hide a topic": (
        lambda place, by: topic_acts.hide(by, place.topic, WHY),
        lambda place, by: topic_acts.restore(by, place.topic, WHY),
        lambda place: fresh(place.topic).hidden_at,
    ),
    "hide a post": (
        lambda place, by: post_acts.hide(by, place.reply, WHY),
        lambda place, by: post_acts.restore(by, place.reply, WHY),
        lambda place: fresh(place.reply).hidden_at,
    ),
}


@pytest.mark.parametrize("name", AGAIN)
@pytest.mark.parametrize("who", ["another", "the same"])
def test_what_was_done_again_since_is_not_taken_back_with_the_first_time(place, name, who):
    act, opposite, state = AGAIN[name]
    first = act(place, place.one)
    opposite(place, place.second)
    act(place, place.second if who == "another" else place.one)
    standing = state(place)

    with pytest.raises(CannotBeDone):
        undo.undo(place.one, first)

    assert state(place) == standing is not None


@pytest.mark.parametrize("name", AGAIN)
def test_acts_are_taken_back_from_the_newest_to_the_oldest(place, name):
    act, opposite, state = AGAIN[name]
    first, second = act(place, place.one), opposite(place, place.second)
    third = act(place, place.second)

    undo.undo(place.second, third)
    assert state(place) is None
    undo.undo(place.second, second)
    assert state(place) is not None
    undo.undo(place.one, first)
    assert state(place) is None


@pytest.mark.parametrize("is_first_of_a_running_topic", [False, True])
def test_a_post_that_opens_nothing_is_restored_though_its_topic_was_hidden_since(place, is_first_of_a_running_topic):
    post = place.reply
    if is_first_of_a_running_topic:
        post = place.topic.opening_post
        Topic.objects.filter(pk=place.topic.pk).update(is_running=True, opening_post=None)
    entry = post_acts.hide(place.one, fresh(post), WHY)
    topic_acts.hide(place.second, fresh(place.topic), WHY)

    undo.undo(place.one, entry)

    assert (fresh(post).hidden_at, fresh(place.topic).hidden_at is None) == (None, False)


def test_whole_topics_that_were_judged_since_are_told_and_neither_replies_nor_acts_of_before(place):
    before = topic_acts.hide(place.one, place.other, WHY)
    entry = topic_acts.restore(place.one, place.other, WHY)
    post_acts.hide(place.one, place.reply, WHY)
    topic_acts.pin(place.one, place.topic, WHY)
    since = topic_acts.hide(place.one, place.topic, WHY)

    assert list(later_acts.topics_judged_since(entry)) == [since]
    assert list(later_acts.topics_judged_since(before).order_by("pk")) == [entry, since]


def test_a_clean_up_taken_back_leaves_hidden_what_its_doer_hid_anew(place):
    place.one.is_staff = True
    place.one.save()
    spammer = make_user()
    spam_post, innocent = (make_post(topic=place.topic, author=spammer) for _ in range(2))
    cleaned = spam.clean_spam(place.one, spammer, WHY)
    post_acts.restore(place.one, spam_post, WHY)
    post_acts.hide(place.one, spam_post, WHY)

    undo.undo(place.one, cleaned)

    assert fresh(spam_post).hidden_at is not None
    assert fresh(innocent).hidden_at is None
    assert recount(mend=False) == []


def merge(place):
    return topic_acts.merge(place.one, place.other, place.topic, WHY)


def split(place):
    return topic_acts.split(place.one, [place.reply], WHY, title="The arch alone")


def move_posts(place):
    return topic_acts.move_posts(place.one, [place.reply], place.other, WHY)


@pytest.mark.parametrize(
    ("rearrange", "side"),
    [(merge, "target"), (split, "source"), (split, "target"), (move_posts, "source"), (move_posts, "target")],
)
def test_moving_posts_back_shows_nothing_that_was_hidden_since(place, rearrange, side):
    entry = rearrange(place)
    topic = Topic.objects.get(pk=entry.topic_id if side == "source" else entry.words.after["topic"])
    visibility.hide_topic(place.second, topic)

    with pytest.raises(CannotBeDone):
        undo.undo(place.one, entry)

    assert fresh(topic).hidden_at is not None
    assert recount(mend=False) == []
    visibility.restore_topic(place.second, topic)
    undo.undo(place.one, entry)
    assert recount(mend=False) == []


@pytest.mark.parametrize("rearrange", [merge, split, move_posts])
def test_moving_posts_back_publishes_nothing_that_waits_since(place, rearrange):
    entry = rearrange(place)
    target = Topic.objects.get(pk=entry.words.after["topic"])
    visibility.hold_post(place.second, target.opening_post)

    with pytest.raises(CannotBeDone):
        undo.undo(place.one, entry)

    assert fresh(target).held_at is not None
    visibility.approve_post(place.second, fresh(target).opening_post)
    undo.undo(place.one, entry)
    assert not Post.objects.exclude(held_at=None).exists()
    assert recount(mend=False) == []


@pytest.mark.parametrize("waits", [False, True])
def test_a_topic_does_not_come_back_while_the_post_that_opened_it_is_hidden_or_waits(place, waits):
    opening = place.other.opening_post
    entry = merge(place)
    hide, show = (
        (visibility.hold_post, visibility.approve_post) if waits else (visibility.hide_post, visibility.restore_post)
    )
    hide(place.second, fresh(opening))

    with pytest.raises(CannotBeDone):
        undo.undo(place.one, entry)

    assert fresh(place.other).merged_into_id == place.topic.pk
    assert recount(mend=False) == []
    show(place.second, fresh(opening))
    undo.undo(place.one, entry)
    assert fresh(place.other).is_readable
    assert recount(mend=False) == []


@pytest.mark.parametrize("whole", [False, True])
def test_what_waited_when_it_was_hidden_waits_again_when_its_restoring_is_taken_back(place, whole):
    post = place.topic.opening_post if whole else place.reply
    thing, acts = (place.topic, topic_acts) if whole else (post, post_acts)
    visibility.hold_post(place.one, post)
    acts.hide(place.one, fresh(thing), WHY)
    restored = acts.restore(place.one, fresh(thing), WHY)
    assert fresh(post).is_readable

    undo.undo(place.one, restored)

    assert fresh(thing).hidden_at is not None
    assert fresh(thing).held_at is not None
    assert recount(mend=False) == []


def test_an_unsent_reply_to_a_topic_that_was_split_off_comes_back_with_its_posts(place):
    writer = make_user()
    entry = split(place)
    target = Topic.objects.get(pk=entry.words.after["topic"])
    drafts.save(writer, target, source="Half a thought")

    undo.undo(place.one, entry)

    assert Draft.objects.get().topic_id == place.topic.pk


def test_a_ban_that_another_gave_anew_is_not_ended_with_the_first_one(place):
    spammer, admin = make_member_of(place.one), make_admin()
    first = member_acts.ban(place.one, spammer, WHY)
    member_acts.unban(admin, spammer, WHY)
    member_acts.ban(admin, spammer, WHY)

    with pytest.raises(CannotBeDone):
        undo.undo(place.one, first)

    assert fresh(spammer).is_banned


def test_two_clean_ups_are_both_taken_back(place):
    spammer, admin = make_user(), make_admin()
    early = make_post(topic=place.topic, author=spammer)
    first = spam.clean_spam(admin, spammer, WHY)
    banned = fresh(spammer).banned_at
    User.objects.filter(pk=spammer.pk).update(banned_at=None)
    late = make_post(topic=place.topic, author=spammer)  # as if it had been on its way
    User.objects.filter(pk=spammer.pk).update(banned_at=banned)
    second = spam.clean_spam(admin, spammer, WHY)

    assert fresh(spammer).banned_at == banned  # the ban stays that of its giver
    assert [given.entry for given in Suspension.objects.standing().filter(member=spammer)] == [first]
    with pytest.raises(CannotBeDone):
        undo.undo(admin, first)
    undo.undo(admin, second)
    assert (fresh(early).hidden_at is None, fresh(late).hidden_at is None) == (False, True)
    assert fresh(spammer).is_banned
    undo.undo(admin, first)

    assert fresh(early).hidden_at is None
    assert not fresh(spammer).is_banned


def test_a_rejection_is_not_taken_back_over_what_another_decided_since(place):
    visibility.hold_post(None, place.topic.opening_post)
    rejected = post_acts.reject(place.one, place.topic.opening_post, WHY)
    topic_acts.restore(place.second, place.topic, WHY)
    topic_acts.hide(place.second, place.topic, WHY)

    with pytest.raises(CannotBeDone):
        undo.undo(place.one, rejected)

    assert fresh(place.topic).hidden_at is not None


def test_approving_a_reply_is_taken_back_where_the_topic_waits_too():
    topic = make_topic()
    moderator = make_moderator(topic.subforum)
    reply = make_post(topic=topic)
    for post in (reply, topic.opening_post):
        visibility.hold_post(moderator, post)
    approved = post_acts.approve(moderator, Post.objects.get(pk=reply.pk), WHY)

    undo.undo(moderator, approved)

    assert Post.objects.get(pk=reply.pk).held_at is not None
    assert recount(mend=False) == []
