"""Who may do what to one thing: from one scene in which they may, each single fact that changes the answer."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.readers import VISITOR, Badges, Reader
from accounts.trust_levels import Trust
from forum import permissions
from forum.models import Subforum, Topic

HERE, ELSEWHERE = 1, 2
LONG_AGO = timezone.now() - timedelta(days=3_000)
AUTHOR = Reader(pk=5, can_write=True, trust=Trust.MEMBER, badges=Badges((), ()))
MEMBER = replace(AUTHOR, pk=6)
NEWCOMER = replace(MEMBER, trust=Trust.NEW)
EXPERT = replace(NEWCOMER, badges=Badges(("China expert",), ("CN",)))
CHOSEN = replace(MEMBER, groups_ids=(3,))
MODERATOR = replace(MEMBER, pk=7, moderates_ids=(HERE,))
OTHER_MODERATOR = replace(MODERATOR, pk=8)
MODERATOR_ELSEWHERE = replace(MODERATOR, moderates_ids=(ELSEWHERE,))
ADMIN = replace(MEMBER, pk=9, is_staff=True)
OTHER_ADMIN = replace(ADMIN, pk=10)


# Who is not signed in, as pages and as Django have them.
NOBODY = [VISITOR, AnonymousUser()]


def may_not_write(reader):
    return replace(reader, can_write=False, is_suspended=True)


@dataclass
class Scene:
    """A readable reply in an unlocked topic of an unlocked subforum, in which all members write."""

    author: Reader = AUTHOR
    number: int = 2
    written_at: datetime = LONG_AGO
    hidden: bool = False
    held: bool = False
    topic_author: Reader = AUTHOR
    topic_hidden: bool = False
    topic_held: bool = False
    topic_locked: bool = False
    topic_running: bool = False
    posts_count: int = 1
    subforum_locked: bool = False
    access: str = Subforum.Access.OPEN
    pk: int = 50

    @property
    def author_id(self):
        return self.author.pk

    @property
    def hidden_at(self):
        return LONG_AGO if self.hidden else None

    @property
    def is_readable(self):
        return not self.hidden and not self.held

    @property
    def is_opening_post(self):
        return self.number == 1

    @property
    def subforum(self):
        locked_at = LONG_AGO if self.subforum_locked else None
        return Subforum(pk=HERE, access=self.access, locked_at=locked_at, group_id=3)

    @property
    def topic(self):
        def at(is_so):
            return LONG_AGO if is_so else None

        return Topic(
            pk=40, subforum=self.subforum, author_id=self.topic_author.pk, posts_count=self.posts_count,
            hidden_at=at(self.topic_hidden), held_at=at(self.topic_held), locked_at=at(self.topic_locked),
            is_running=self.topic_running,
        )  # fmt: skip


ACTS = {
    "open": lambda reader, scene: permissions.can_open_topic(reader, scene.subforum),
    "reply": lambda reader, scene: permissions.can_reply(reader, scene.topic),
    "react": permissions.can_react,
    "date": permissions.can_date,
    "edit": permissions.can_edit,
    "read history": permissions.can_read_history,
    "restore": permissions.can_restore,
    "accept": permissions.can_accept,
    "withdraw": permissions.can_withdraw,
    "withdraw topic": lambda reader, scene: permissions.can_withdraw_topic(reader, scene.topic),
    "moderate": lambda reader, scene: permissions.can_moderate(reader, scene.subforum),
    "edit rules": lambda reader, scene: permissions.can_edit_rules(reader, scene.subforum),
    "edit rules of all": lambda reader, scene: permissions.can_edit_rules(reader, None),
    "pin across": lambda reader, scene: permissions.can_pin_across(reader),
    "outrank": lambda reader, scene: permissions.outranks(reader, scene.author, scene.subforum),
    "outrank anywhere": lambda reader, scene: permissions.outranks(reader, scene.author),
}
JUST_NOW = {"written_at": timezone.now()}
STAFF, CHOSEN_ONES = {"access": Subforum.Access.STAFF}, {"access": Subforum.Access.CHOSEN}
NEWS = {"access": Subforum.Access.ANNOUNCEMENTS}


@pytest.mark.parametrize(
    ("act", "reader", "facts"),
    [
        ("open", MEMBER, {}), ("open", MODERATOR, {"subforum_locked": True}), ("open", MODERATOR, STAFF),
        ("open", MODERATOR, NEWS), ("open", ADMIN, NEWS), ("open", CHOSEN, CHOSEN_ONES),
        ("open", MODERATOR, CHOSEN_ONES),
        ("reply", MEMBER, {}), ("reply", MODERATOR, {"topic_locked": True}), ("reply", ADMIN, {"topic_locked": True}),
        ("react", MEMBER, {}), ("react", NEWCOMER, {}),
        ("date", MEMBER, {}), ("date", EXPERT, {}), ("date", replace(NEWCOMER, moderates_ids=(ELSEWHERE,)), {}),
        ("date", replace(MEMBER, trust=Trust.TRUSTED), {}),
        ("edit", AUTHOR, JUST_NOW), ("edit", AUTHOR, JUST_NOW | {"held": True}), ("edit", MODERATOR, {}),
        ("edit", MODERATOR, {"topic_hidden": True}), ("edit", MODERATOR, {"topic_locked": True}),
        ("edit", MODERATOR, {"author": MODERATOR}), ("edit", ADMIN, {"author": MODERATOR}),
        ("edit", replace(AUTHOR, trust=Trust.TRUSTED), {}),
        ("read history", AUTHOR, {}), ("read history", MODERATOR, {}),
        ("restore", MODERATOR, {}), ("restore", ADMIN, {"author": MODERATOR}),
        ("accept", AUTHOR, {"author": MEMBER}), ("accept", MODERATOR, {"topic_locked": True}), ("accept", ADMIN, {}),
        ("withdraw", AUTHOR, {}), ("withdraw", AUTHOR, {"held": True}),
        ("withdraw topic", AUTHOR, {}), ("withdraw topic", AUTHOR, {"posts_count": 0, "topic_held": True}),
        ("moderate", MODERATOR, {}), ("moderate", ADMIN, {}),
        ("edit rules", MODERATOR, {}), ("edit rules", ADMIN, {}), ("edit rules of all", ADMIN, {}),
        ("pin across", ADMIN, {}),
        ("outrank", MODERATOR, {}), ("outrank", ADMIN, {"author": MODERATOR}),
        ("outrank", OTHER_MODERATOR, {"author": MODERATOR_ELSEWHERE}), ("outrank anywhere", MODERATOR, {}),
    ],
)  # fmt: skip
def test_they_may(act, reader, facts):
    assert ACTS[act](reader, Scene(**facts))
    assert not ACTS[act](may_not_write(reader), Scene(**facts)) or act.startswith("outrank")
    assert not any(ACTS[act](nobody, Scene(**facts)) for nobody in NOBODY) or act.startswith("outrank")


@pytest.mark.parametrize(
    ("act", "reader", "facts"),
    [
        ("open", MEMBER, {"subforum_locked": True}), ("open", MEMBER, STAFF), ("open", MEMBER, NEWS),
        ("open", MEMBER, CHOSEN_ONES), ("open", replace(CHOSEN, groups_ids=(4,)), CHOSEN_ONES),
        ("open", MODERATOR_ELSEWHERE, NEWS),
        ("reply", MEMBER, {"topic_hidden": True}), ("reply", ADMIN, {"topic_hidden": True}),
        ("reply", ADMIN, {"topic_held": True}), ("reply", MEMBER, {"topic_locked": True}),
        ("reply", MEMBER, {"subforum_locked": True}), ("reply", MODERATOR_ELSEWHERE, {"topic_locked": True}),
        ("react", AUTHOR, {}), ("react", MEMBER, {"hidden": True}), ("react", MEMBER, {"held": True}),
        ("react", MEMBER, {"topic_hidden": True}), ("react", MEMBER, {"topic_held": True}),
        ("react", MEMBER, {"topic_locked": True}), ("react", MEMBER, {"subforum_locked": True}),
        ("date", NEWCOMER, {}), ("date", AUTHOR, {}),
        ("edit", MEMBER, JUST_NOW), ("edit", AUTHOR, {}), ("edit", AUTHOR, JUST_NOW | {"hidden": True}),
        ("edit", ADMIN, {"hidden": True}), ("edit", AUTHOR, JUST_NOW | {"topic_hidden": True}),
        ("edit", AUTHOR, JUST_NOW | {"topic_locked": True}), ("edit", AUTHOR, JUST_NOW | {"subforum_locked": True}),
        ("edit", MODERATOR, {"author": OTHER_MODERATOR}), ("edit", MODERATOR, {"author": ADMIN}),
        ("edit", ADMIN, {"author": OTHER_ADMIN}), ("edit", MODERATOR_ELSEWHERE, JUST_NOW),
        ("read history", MEMBER, {}), ("read history", MODERATOR_ELSEWHERE, {}),
        ("restore", AUTHOR, JUST_NOW), ("restore", MODERATOR, {"hidden": True}),
        ("restore", MODERATOR, {"author": ADMIN}),
        ("accept", MEMBER, {}), ("accept", AUTHOR, {"number": 1}), ("accept", AUTHOR, {"hidden": True}),
        ("accept", AUTHOR, {"held": True}), ("accept", MODERATOR, {"topic_hidden": True}),
        ("accept", AUTHOR, {"topic_held": True}), ("accept", AUTHOR, {"topic_locked": True}),
        ("accept", AUTHOR, {"subforum_locked": True}), ("accept", AUTHOR, {"topic_running": True}),
        ("withdraw", MEMBER, {}), ("withdraw", ADMIN, {}), ("withdraw", AUTHOR, {"hidden": True}),
        ("withdraw", AUTHOR, {"number": 1}), ("withdraw", AUTHOR, {"topic_hidden": True}),
        ("withdraw", AUTHOR, {"topic_held": True}), ("withdraw", AUTHOR, {"topic_locked": True}),
        ("withdraw", AUTHOR, {"subforum_locked": True}),
        ("withdraw topic", MEMBER, {}), ("withdraw topic", AUTHOR, {"posts_count": 2}),
        ("withdraw topic", AUTHOR, {"topic_hidden": True}), ("withdraw topic", AUTHOR, {"topic_locked": True}),
        ("withdraw topic", AUTHOR, {"subforum_locked": True}), ("withdraw topic", AUTHOR, {"topic_running": True}),
        ("moderate", MEMBER, {}), ("moderate", MODERATOR_ELSEWHERE, {}),
        ("edit rules", MEMBER, {}), ("edit rules", MODERATOR_ELSEWHERE, {}), ("edit rules of all", MODERATOR, {}),
        ("pin across", MODERATOR, {}),
        ("outrank", ADMIN, {"author": OTHER_ADMIN}), ("outrank", MODERATOR, {"author": MODERATOR}),
        ("outrank", MODERATOR, {"author": OTHER_MODERATOR}), ("outrank", ADMIN, {"author": ADMIN}),
        ("outrank anywhere", OTHER_MODERATOR, {"author": MODERATOR_ELSEWHERE}),
        ("outrank", MODERATOR_ELSEWHERE, {"author": MODERATOR_ELSEWHERE}), ("outrank", MEMBER, {"author": MEMBER}),
        ("pin across", replace(ADMIN, lacks_second_step=True), {}),
        ("edit rules of all", replace(ADMIN, lacks_second_step=True), {}),
        ("read history", MEMBER, {"topic_author": MEMBER}),
    ],
)  # fmt: skip
def test_they_may_not(act, reader, facts):
    assert not ACTS[act](reader, Scene(**facts))


@pytest.mark.parametrize("visitor", NOBODY)
@pytest.mark.parametrize(
    ("facts", "may_open", "may_reply"),
    [
        ({}, True, True), ({"topic_locked": True}, True, False), ({"topic_hidden": True}, True, False),
        ({"topic_held": True}, True, False), ({"subforum_locked": True}, False, False), (NEWS, False, False),
        (STAFF, False, False), (CHOSEN_ONES, False, False),
    ],
)  # fmt: skip
def test_visitors_write_first_where_every_member_may_post(visitor, facts, may_open, may_reply):
    scene = Scene(**facts)

    assert permissions.can_write_first(visitor, scene.subforum) == may_open
    assert permissions.can_reply_first(visitor, scene.topic) == may_reply
    assert not permissions.can_write_first(MEMBER, scene.subforum)
    assert not permissions.can_reply_first(MEMBER, scene.topic)


@pytest.mark.parametrize(("trust", "window"), [(Trust.NEW, timedelta(days=1)), (Trust.MEMBER, timedelta(days=90))])
def test_authors_edit_until_their_window_ends(trust, window):
    author, margin = replace(AUTHOR, trust=trust), timedelta(hours=1)

    assert permissions.can_edit(author, Scene(written_at=timezone.now() - window + margin))
    assert not permissions.can_edit(author, Scene(written_at=timezone.now() - window - margin))


@pytest.mark.parametrize(
    ("facts", "is_shown"),
    [({}, True), ({"hidden": True}, False), ({"held": True}, False), ({"topic_hidden": True}, False)],
)
def test_edits_are_shown_of_what_everybody_reads(settings, facts, is_shown):
    settings.READERS_SEE_EDITS = True
    assert permissions.can_read_changes(Scene(**facts)) == is_shown

    settings.READERS_SEE_EDITS = False
    assert not permissions.can_read_changes(Scene(**facts))


def test_ignored_members_are_folded_but_for_moderators_and_where_they_moderate():
    ignored = {AUTHOR.pk, MODERATOR.pk}

    assert permissions.is_folded(MEMBER, Scene(), ignored)
    assert permissions.is_folded(MEMBER, Scene(author=MODERATOR_ELSEWHERE), ignored)
    assert not permissions.is_folded(MEMBER, Scene(), set())
    assert not permissions.is_folded(MODERATOR, Scene(), ignored)
    assert not permissions.is_folded(MEMBER, Scene(author=MODERATOR), ignored)


def test_all_permissions_of_a_post_are_told_by_name(settings):
    settings.READERS_SEE_EDITS = False
    of_author = permissions.permissions_for(AUTHOR, Scene(**JUST_NOW))
    of_member = permissions.permissions_for(MEMBER, Scene(topic_author=MEMBER))
    of_moderator = permissions.permissions_for(MODERATOR, Scene(**JUST_NOW))

    assert of_author._asdict() == dict.fromkeys(of_author._fields, False) | dict.fromkeys(
        ["edit", "read_history", "reply", "withdraw", "withdraw_answer"],
        True,  # nobody accepts their own post
    )
    assert of_member._asdict() == dict.fromkeys(of_member._fields, False) | dict.fromkeys(
        ["accept", "date", "react", "reply", "withdraw_answer"], True
    )
    assert of_moderator._asdict() == dict.fromkeys(of_moderator._fields, True) | {"withdraw": False}
