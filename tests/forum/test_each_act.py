"""What every act on topics and posts has in common: kept pages of its topic end, once; nothing else is touched; and who
does not moderate there is refused."""

from types import SimpleNamespace

import pytest

from accounts.models import User
from forum.actions import answers, edits, posts, reactions, topics, visibility
from forum.counters.recount import recount
from forum.models import Draft, Post, Reading, Subforum, Topic
from forum.permissions import NotAllowed
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.made_once import made_once

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def scene(django_db_setup, django_db_blocker):
    """A topic with two replies, its duplicate, a bystander of each, and who acts."""
    with made_once(django_db_blocker):
        topic, bystander = make_topic(author=make_user()), make_topic()
        reply = make_post(topic=topic, author=make_user(trust=User.Trust.MEMBER))
        make_post(topic=topic)
        make_post(topic=bystander)
        yield SimpleNamespace(
            topic=topic, reply=reply, opening=Post.objects.select_related("topic__subforum").get(topic=topic, number=1),
            other=make_topic(), elsewhere=make_subforum(), bystander=bystander, moderator=make_user(is_staff=True),
            member=make_user(trust=User.Trust.MEMBER), asker=topic.author, lonely=make_topic(),
        )  # fmt: skip


ACTS = {
    "lock": lambda s, by: topics.lock_topic(by, s.topic, reason="It is over."),
    "unlock": lambda s, by: topics.unlock_topic(by, s.topic),
    "pin": lambda s, by: topics.pin_topic(by, s.topic),
    "unpin": lambda s, by: topics.unpin_topic(by, s.topic),
    "pin across": lambda s, by: topics.pin_across(by, s.topic),
    "unpin across": lambda s, by: topics.unpin_across(by, s.topic),
    "retitle": lambda s, by: topics.retitle(by, s.topic, "Another title"),
    "move": lambda s, by: topics.move_topic(by, s.topic, s.elsewhere),
    "mark": lambda s, by: topics.mark_duplicate(by, s.topic, s.other),
    "mark another": lambda s, by: topics.mark_duplicate(by, s.other, s.topic),
    "unmark": lambda s, by: topics.unmark_duplicate(by, s.topic),
    "hide": lambda s, by: visibility.hide_post(by, s.reply),
    "restore": lambda s, by: visibility.restore_post(by, s.reply),
    "hide topic": lambda s, by: visibility.hide_topic(by, s.topic),
    "restore topic": lambda s, by: visibility.restore_topic(by, s.topic),
    "hold": lambda s, by: visibility.hold_post(by, s.reply),
    "hold topic": lambda s, by: visibility.hold_post(by, s.opening),
    "approve": lambda s, by: visibility.approve_post(by, s.reply),
    "approve topic": lambda s, by: visibility.approve_post(by, s.opening),
    "edit": lambda s, by: edits.edit_post(by, s.reply, source="Shut.", based_on=0),
    "edit the title": lambda s, by: edits.edit_post(by, s.opening, source="Open?", title="Arch", based_on=0),
    "accept": lambda s, by: answers.accept_answer(by, s.reply),
    "withdraw answer": lambda s, by: answers.withdraw_answer(by, s.reply),
}
BEFORE = {
    "unlock": "lock", "unpin": "pin", "unpin across": "pin across", "unmark": "mark", "restore": "hide",
    "restore topic": "hide topic", "approve": "hold", "approve topic": "hold topic", "withdraw answer": "accept",
}  # fmt: skip
MEMBERS_ACTS = {
    "react": lambda s: reactions.react(s.member, s.reply, "helpful"),
    "still true": lambda s: reactions.react(s.member, s.reply, "still_true"),
    "take back a reaction": lambda s: reactions.withdraw_reaction(s.member, s.reply, "helpful"),
    "withdraw a post": lambda s: posts.withdraw_post(s.reply.author, s.reply),
    "withdraw a topic": lambda s: posts.withdraw_topic(s.lonely.author, s.lonely),
}
BEFORE_OF_MEMBERS = {"take back a reaction": "react"}


def versions(topic):
    """By which kept pages of a topic and of the list that it stood in are known."""
    return Topic.objects.get(pk=topic.pk).version, Subforum.objects.get(pk=topic.subforum_id).version


def state(*topic_ids):
    """Everything that is stored of some topics."""
    rows = (
        Topic.objects.filter(pk__in=topic_ids), Post.objects.filter(topic__in=topic_ids).defer("search"),
        Subforum.objects.filter(topics__in=topic_ids), Reading.objects.filter(topic__in=topic_ids),
        User.objects.filter(posts__topic__in=topic_ids).distinct(), Draft.objects.filter(topic__in=topic_ids),
    )  # fmt: skip
    return [sorted(map(str, found.values())) for found in rows]


def ends_kept_pages_once(act, topic, scene):
    before, bystanders = versions(topic), state(scene.bystander.pk)
    act()
    after, done = versions(topic), state(topic.pk, scene.other.pk)
    act()

    assert all(now > was for was, now in zip(before, after, strict=True))
    assert (versions(topic), state(topic.pk, scene.other.pk)) == (after, done)
    assert state(scene.bystander.pk) == bystanders
    assert recount(mend=False) == []


@pytest.mark.parametrize("name", ACTS)
def test_an_act_of_a_moderator_ends_kept_pages_once_and_touches_nothing_else(scene, name):
    if name in BEFORE:
        ACTS[BEFORE[name]](scene, scene.moderator)

    ends_kept_pages_once(lambda: ACTS[name](scene, scene.moderator), scene.topic, scene)


@pytest.mark.parametrize("name", MEMBERS_ACTS)
def test_an_act_of_a_member_does_so_too(scene, name):
    if name in BEFORE_OF_MEMBERS:
        MEMBERS_ACTS[BEFORE_OF_MEMBERS[name]](scene)
    topic = scene.lonely if "topic" in name else scene.topic

    ends_kept_pages_once(lambda: MEMBERS_ACTS[name](scene), topic, scene)


@pytest.mark.parametrize("name", ACTS)
def test_nobody_acts_where_they_do_not_moderate(scene, name):
    if name in BEFORE:
        ACTS[BEFORE[name]](scene, scene.moderator)
    before = state(scene.topic.pk, scene.other.pk)

    with pytest.raises(NotAllowed):
        ACTS[name](scene, scene.member)

    assert state(scene.topic.pk, scene.other.pk) == before
