"""Cleaning up after a spammer, in one act that can be taken back."""

import pytest

from accounts.models import User
from forum.actions import posts
from forum.counters.recount import recount
from forum.models import Post, Topic
from forum.permissions import NotAllowed
from moderation.actions import member_acts, post_acts, topic_acts, undo
from moderation.actions.spam import clean_spam
from moderation.models import ModerationEntry, QueueItem, Suspension
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.moderation.factories import WHY, make_admin, make_flag, make_moderator

pytestmark = pytest.mark.django_db


class Spammer:
    """A newcomer with a topic and posts here and elsewhere; one of the posts was hidden by hand, one withdrawn."""

    def __init__(self):
        self.member = make_user()
        self.place = make_topic()
        self.moderator = make_moderator(self.place.subforum)
        self.topic = make_topic(subforum=self.place.subforum, author=self.member)
        self.in_topic = make_post(topic=self.topic)
        self.post, self.by_hand, self.withdrawn = (
            make_post(topic=self.place, author=self.member, source=f"Buy {number}.") for number in range(3)
        )
        self.elsewhere = make_post(author=self.member, source="Buy it elsewhere.")
        post_acts.hide(self.moderator, self.by_hand, WHY)
        posts.withdraw_post(self.member, self.withdrawn)

    def readable(self):
        mine = Post.objects.filter(author=self.member, hidden_at=None, topic__hidden_at=None)
        return set(mine.values_list("pk", flat=True))


@pytest.fixture
def spammer():
    return Spammer()


def fresh(member):
    return User.objects.get(pk=member.pk)


def test_everything_is_hidden_and_the_member_banned_in_one_entry(spammer, client):
    client.force_login(spammer.member)
    flag = make_flag(spammer.post)

    entry = clean_spam(spammer.moderator, spammer.member, WHY)

    assert spammer.readable() == {spammer.elsewhere.pk}  # not the moderator's
    member = fresh(spammer.member)
    assert (member.is_banned, Suspension.objects.get().entry) == (True, entry)
    assert client.get("/settings/").status_code == 302
    flag.refresh_from_db()
    assert flag.outcome == "upheld"
    assert not QueueItem.objects.open().exists()
    assert list(ModerationEntry.objects.values_list("verb", flat=True)) == ["hide-post", "clean-spam"]
    assert recount(mend=False) == []


def test_taken_back_it_restores_exactly_what_it_hid(spammer):
    before = spammer.readable()
    flag = make_flag(spammer.post)

    undo.undo(spammer.moderator, clean_spam(spammer.moderator, spammer.member, WHY))

    assert spammer.readable() == before
    assert Post.objects.get(pk=spammer.by_hand.pk).hidden_at is not None
    assert Post.objects.get(pk=spammer.withdrawn.pk).is_withdrawn
    assert fresh(spammer.member).can_write
    flag.refresh_from_db()
    assert flag.closed_at is None
    assert recount(mend=False) == []


def test_what_was_decided_anew_since_stays_as_it_is(spammer):
    entry = clean_spam(spammer.moderator, spammer.member, WHY)
    admin = make_admin()
    post_acts.restore(admin, spammer.post, WHY)
    post_acts.hide(admin, spammer.post, WHY)

    undo.undo(spammer.moderator, entry)

    assert Post.objects.get(pk=spammer.post.pk).hidden_by == admin
    assert Topic.objects.get(pk=spammer.topic.pk).hidden_at is None


def test_what_stood_in_a_hidden_topic_stays_hidden_when_that_is_restored(spammer):
    hidden = make_topic(subforum=spammer.place.subforum)
    spam, other = make_post(topic=hidden, author=spammer.member, source="Buy it here."), make_post(topic=hidden)
    entry_of_hiding = topic_acts.hide(spammer.moderator, hidden, WHY)
    entry = clean_spam(spammer.moderator, spammer.member, WHY)

    undo.undo(spammer.moderator, entry_of_hiding)

    assert not Post.objects.get(pk=spam.pk).is_readable
    assert Post.objects.get(pk=other.pk).is_readable
    assert recount(mend=False) == []

    undo.undo(spammer.moderator, entry)

    assert Post.objects.get(pk=spam.pk).is_readable
    assert recount(mend=False) == []


def test_a_topic_of_theirs_that_is_restored_alone_shows_no_reply_of_theirs(spammer):
    more = make_post(topic=spammer.topic, author=spammer.member, source="And buy this.")
    clean_spam(spammer.moderator, spammer.member, WHY)

    topic_acts.restore(spammer.moderator, spammer.topic, WHY)

    assert not Post.objects.get(pk=more.pk).is_readable
    assert Post.objects.get(pk=spammer.in_topic.pk).is_readable
    assert recount(mend=False) == []


def test_an_administrator_cleans_everywhere(spammer):
    clean_spam(make_admin(), spammer.member, WHY)

    assert spammer.readable() == set()


def test_twice_changes_nothing(spammer):
    clean_spam(spammer.moderator, spammer.member, WHY)

    assert clean_spam(spammer.moderator, fresh(spammer.member), WHY) is None
    assert ModerationEntry.objects.filter(verb="clean-spam").count() == 1


def test_a_suspension_that_stood_before_stands_after_the_undoing(spammer):
    until = "2500-01-01T00:00:00+00:00"
    admin = make_admin()
    member_acts.suspend(admin, spammer.member, parsed(until), WHY)

    undo.undo(admin, clean_spam(admin, fresh(spammer.member), WHY))

    assert fresh(spammer.member).suspended_until == parsed(until)


def parsed(text):
    from datetime import datetime

    return datetime.fromisoformat(text)


def test_moderators_clean_up_after_newcomers_only(spammer):
    User.objects.filter(pk=spammer.member.pk).update(trust=User.Trust.MEMBER)

    for by in (spammer.moderator, make_user(), make_moderator(make_subforum())):
        with pytest.raises(NotAllowed):
            clean_spam(by, fresh(spammer.member), WHY)

    assert clean_spam(make_admin(), fresh(spammer.member), WHY)


@pytest.mark.parametrize("source", ["And buy this.", "And buy this: https://shop.example/"])
def test_what_was_on_its_way_meanwhile_is_not_taken_any_more(spammer, source):
    """The member as their own request found them, before they were banned."""
    clean_spam(spammer.moderator, spammer.member, WHY)

    with pytest.raises(NotAllowed):
        posts.reply(spammer.member, make_topic(), source=source)


def test_nobody_cleans_up_after_a_moderator(spammer):
    with pytest.raises(NotAllowed):
        clean_spam(spammer.moderator, make_moderator(make_subforum(), trust=0), WHY)
