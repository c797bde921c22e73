"""What moderators may: from one scene in which they may, each single fact that changes the answer."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from accounts.trust_levels import Trust
from forum.models import Subforum
from moderation import permissions
from moderation.models import Verb
from tests.forum.test_permissions import (
    ADMIN,
    AUTHOR,
    HERE,
    MEMBER,
    MODERATOR,
    MODERATOR_ELSEWHERE,
    NOBODY,
    OTHER_ADMIN,
    OTHER_MODERATOR,
    Scene,
    may_not_write,
)  # fmt: skip

PLACE = Subforum(pk=HERE)
MONTH, A_DAY = permissions.MODERATORS_SUSPEND_FOR, timedelta(days=1)


@dataclass
class Member:
    """A member of some standing, as moderators see them."""

    pk: int = 20
    is_authenticated: bool = True
    is_staff: bool = False
    can_write: bool = True
    trust: int = Trust.MEMBER
    moderates_ids: tuple = ()
    suspended_until: datetime | None = None
    is_banned: bool = False
    is_active: bool = True

    @property
    def is_suspended(self):
        return self.is_banned or self.suspended_until is not None


NEW = Member(trust=Trust.NEW)
A_MODERATOR, AN_ADMIN = Member(moderates_ids=(2,)), Member(is_staff=True)
SHORT = Member(suspended_until=timezone.now() + MONTH - A_DAY)
LONG = Member(suspended_until=timezone.now() + MONTH + A_DAY)
BANNED = Member(is_banned=True, suspended_until=timezone.now())


def entry(by=OTHER_MODERATOR, *, subforum=HERE, verb=Verb.HIDE_POST, **before):
    return SimpleNamespace(by_id=by.pk, subforum_id=subforum, verb=verb, words=SimpleNamespace(before=before))


def appeal(by=OTHER_MODERATOR, *, member=MEMBER, subforum=HERE, is_profile=False):
    item = SimpleNamespace(member_id=member.pk, subforum_id=subforum, is_profile=is_profile)
    return SimpleNamespace(item=item, entry=entry(by))


def judge_topic(user, scene):
    topic = scene.topic
    topic._state.fields_cache["author"] = SimpleNamespace(**{
        "pk": scene.topic_author.pk, "is_staff": scene.topic_author.is_staff, "is_authenticated": True,
        "moderates_ids": list(scene.topic_author.moderates_ids),
    })  # fmt: skip
    return permissions.can_judge_topic(user, topic)


can = permissions
MAY = [
    (can.can_moderate_something, MODERATOR, ()),
    (can.can_moderate_something, ADMIN, ()),
    (can.can_keep_topic, MODERATOR, (Scene().topic,)),
    (can.can_judge_post, MODERATOR, (Scene(),)),
    (can.can_judge_post, MODERATOR, (Scene(author=MODERATOR),)),
    (can.can_judge_post, ADMIN, (Scene(author=MODERATOR),)),
    (judge_topic, MODERATOR, (Scene(),)),
    (judge_topic, MODERATOR, (Scene(topic_author=MODERATOR),)),
    (judge_topic, MODERATOR, (Scene(topic_author=OTHER_MODERATOR, topic_running=True),)),
    (can.can_warn, MODERATOR, (Member(), PLACE)),
    (can.can_warn, ADMIN, (A_MODERATOR, None)),
    (can.can_suspend, MODERATOR, (Member(), PLACE)),
    (can.can_suspend, MODERATOR, (Member(), PLACE, MONTH)),
    (can.can_suspend, ADMIN, (Member(), None, MONTH * 2)),
    (can.can_lift, MODERATOR, (SHORT, entry())),
    (can.can_lift, MODERATOR_ELSEWHERE, (SHORT, entry(MODERATOR))),
    (can.can_lift, MODERATOR, (Member(), None)),
    (can.can_lift, ADMIN, (BANNED, None)),
    (can.can_lift, ADMIN, (LONG, entry())),
    (can.can_end, MODERATOR, (BANNED, entry(MODERATOR))),
    (can.can_end, MODERATOR, (SHORT, entry())),
    (can.can_unban, MODERATOR, (BANNED, entry(MODERATOR))),
    (can.can_unban, ADMIN, (BANNED, entry(suspended_until="2026-01-01"))),
    (can.can_ban, MODERATOR, (NEW, PLACE)),
    (can.can_ban, ADMIN, (Member(), None)),
    (can.can_vouch, MODERATOR, (NEW,)),
    (can.can_clean_spam, MODERATOR, (NEW, PLACE)),
    (can.can_read_record, MODERATOR, (Member(),)),
    (can.can_read_record, ADMIN, (AN_ADMIN,)),
    (can.can_note, MODERATOR, (Member(), PLACE)),
    (can.can_note, ADMIN, (AN_ADMIN, None)),
    (can.can_handle, MODERATOR, (appeal().item,)),
    (can.can_handle, ADMIN, (appeal(subforum=None).item,)),
    (can.can_handle, MODERATOR, (appeal(subforum=None, is_profile=True).item,)),
    (can.can_watch_words, MODERATOR, (PLACE,)),
    (can.can_watch_words, ADMIN, (None,)),
    (can.can_edit_reasons, MODERATOR, (PLACE,)),
    (can.can_edit_reasons, ADMIN, (None,)),
    (can.can_keep_gate, ADMIN, ()),
    (can.can_undo, MODERATOR, (entry(MODERATOR),)),
    (can.can_undo, ADMIN, (entry(),)),
    (can.can_flag, MEMBER, (Scene(),)),
    (can.can_withdraw_flags, MEMBER, ()),
    (can.can_flag_profile, MEMBER, (Member(),)),
    (can.can_flag_profile, MEMBER, (A_MODERATOR,)),
    (can.can_reset_second_step, ADMIN, (Member(),)),
    (can.can_reset_second_step, ADMIN, (A_MODERATOR,)),
    (can.can_clear_profile, MODERATOR, (Member(),)),
    (can.can_clear_profile, ADMIN, (A_MODERATOR,)),
    (can.can_decide, MODERATOR, (appeal(),)),
    (can.can_decide, ADMIN, (appeal(ADMIN),)),
]
MAY_NOT = [
    (can.can_moderate_something, MEMBER, ()),
    (can.can_keep_topic, MODERATOR_ELSEWHERE, (Scene().topic,)),
    (can.can_judge_post, MEMBER, (Scene(author=MEMBER),)),
    (can.can_judge_post, MODERATOR_ELSEWHERE, (Scene(),)),
    (can.can_judge_post, MODERATOR, (Scene(author=OTHER_MODERATOR),)),
    (can.can_judge_post, ADMIN, (Scene(author=OTHER_ADMIN),)),
    (judge_topic, AUTHOR, (Scene(),)),
    (judge_topic, MODERATOR, (Scene(topic_author=OTHER_MODERATOR),)),
    (judge_topic, MODERATOR_ELSEWHERE, (Scene(topic_running=True),)),
    (can.can_warn, MODERATOR, (Member(), None)),
    (can.can_warn, MODERATOR_ELSEWHERE, (Member(), PLACE)),
    (can.can_warn, MODERATOR, (A_MODERATOR, PLACE)),
    (can.can_warn, ADMIN, (AN_ADMIN, PLACE)),
    (can.can_warn, MEMBER, (Member(), PLACE)),
    (can.can_suspend, MODERATOR, (Member(), PLACE, MONTH + A_DAY)),
    (can.can_suspend, MODERATOR, (A_MODERATOR, PLACE, MONTH)),
    (can.can_lift, MODERATOR, (SHORT, None)),
    (can.can_lift, MODERATOR, (LONG, entry(MODERATOR))),
    (can.can_lift, MODERATOR, (BANNED, entry(MODERATOR))),
    (can.can_lift, MODERATOR, (replace(SHORT, is_banned=True), entry(MODERATOR))),
    (can.can_lift, MODERATOR, (replace(BANNED, is_banned=True, suspended_until=None), entry(MODERATOR))),
    (can.can_lift, MODERATOR_ELSEWHERE, (SHORT, entry())),
    (can.can_lift, MODERATOR, (replace(SHORT, is_staff=True), entry())),
    (can.can_lift, MEMBER, (SHORT, entry(MEMBER))),
    (can.can_end, MODERATOR, (BANNED, entry())),
    (can.can_end, MODERATOR, (BANNED, None)),
    (can.can_end, MODERATOR, (replace(BANNED, moderates_ids=(2,)), entry(MODERATOR))),
    (can.can_end, MEMBER, (BANNED, entry(MEMBER))),
    (can.can_unban, MODERATOR, (BANNED, entry(MODERATOR, suspended_until="2026-01-01"))),
    (can.can_unban, MODERATOR, (BANNED, entry(MODERATOR, banned_at="2026-01-01"))),
    (can.can_unban, MODERATOR, (BANNED, entry())),
    (can.can_unban, MODERATOR, (BANNED, None)),
    (can.can_ban, MODERATOR, (Member(), PLACE)),
    (can.can_ban, MODERATOR_ELSEWHERE, (NEW, PLACE)),
    (can.can_ban, MODERATOR, (replace(NEW, moderates_ids=(2,)), PLACE)),
    (can.can_vouch, MODERATOR, (Member(),)),
    (can.can_vouch, MODERATOR, (replace(NEW, can_write=False),)),
    (can.can_vouch, MODERATOR, (replace(NEW, moderates_ids=(2,)),)),
    (can.can_vouch, MEMBER, (NEW,)),
    (can.can_clean_spam, MODERATOR, (Member(), PLACE)),
    (can.can_read_record, MODERATOR, (A_MODERATOR,)),
    (can.can_read_record, MEMBER, (Member(),)),
    (can.can_note, MODERATOR, (Member(), None)),
    (can.can_note, MODERATOR_ELSEWHERE, (Member(), PLACE)),
    (can.can_note, MODERATOR, (A_MODERATOR, PLACE)),
    (can.can_handle, MODERATOR, (appeal(member=MODERATOR).item,)),
    (can.can_handle, MODERATOR, (appeal(member=MODERATOR, subforum=None, is_profile=True).item,)),
    (can.can_handle, MODERATOR_ELSEWHERE, (appeal().item,)),
    (can.can_handle, MODERATOR, (appeal(subforum=None).item,)),
    (can.can_watch_words, MODERATOR, (None,)),
    (can.can_watch_words, MODERATOR_ELSEWHERE, (PLACE,)),
    (can.can_edit_reasons, MODERATOR, (None,)),
    (can.can_edit_reasons, MODERATOR_ELSEWHERE, (PLACE,)),
    (can.can_keep_gate, MODERATOR, ()),
    (can.can_undo, MODERATOR, (entry(),)),
    (can.can_undo, MEMBER, (entry(MEMBER),)),
    (can.can_flag, AUTHOR, (Scene(),)),
    (can.can_flag, MEMBER, (Scene(hidden=True),)),
    (can.can_flag, MEMBER, (Scene(held=True),)),
    (can.can_flag, MEMBER, (Scene(topic_hidden=True),)),
    (can.can_flag, MEMBER, (Scene(topic_held=True),)),
    (can.can_flag_profile, MEMBER, (Member(pk=MEMBER.pk),)),
    (can.can_flag_profile, MEMBER, (AN_ADMIN,)),
    (can.can_reset_second_step, ADMIN, (AN_ADMIN,)),
    (can.can_reset_second_step, ADMIN, (Member(pk=ADMIN.pk),)),
    (can.can_reset_second_step, MODERATOR, (Member(),)),
    (can.can_clear_profile, MODERATOR, (A_MODERATOR,)),
    (can.can_clear_profile, MEMBER, (Member(),)),
    (can.can_decide, MODERATOR, (appeal(MODERATOR),)),
    (can.can_decide, MODERATOR_ELSEWHERE, (appeal(),)),
    (can.can_decide, ADMIN, (appeal(member=ADMIN),)),
]


def name_of(value):
    return getattr(value, "__name__", None)


@pytest.mark.parametrize(("may", "user", "about"), MAY, ids=name_of)
def test_they_may_and_not_while_they_are_suspended_or_signed_out(may, user, about):
    assert may(user, *about)
    assert not may(may_not_write(user), *about)
    assert not any(may(nobody, *about) for nobody in NOBODY)


@pytest.mark.parametrize(("may", "user", "about"), MAY_NOT, ids=name_of)
def test_they_may_not(may, user, about):
    assert not may(user, *about)


def test_members_appeal_against_what_judges_them_suspended_or_not():
    judged, kept_in_order = entry(), entry(verb=Verb.PIN)

    assert permissions.can_appeal(Member(), judged)
    assert permissions.can_appeal(replace(BANNED, can_write=False), judged)
    assert not permissions.can_appeal(Member(), kept_in_order)
    assert not permissions.can_appeal(Member(is_active=False), judged)
    assert not permissions.can_appeal(Member(is_authenticated=False), judged)
    assert not permissions.can_appeal(Member(pk=OTHER_MODERATOR.pk), judged)
