"""What every act on a member has in common: whoever was not meant stays as they were, also when it is taken back."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from accounts.models import User
from forum.models import Post, Topic
from moderation.actions import claims, flags, member_acts, post_acts, profile_flags, spam
from moderation.actions.undo import undo
from moderation.models import Flag, Hold, ModerationEntry, QueueItem, StaffNote, Suspension, Warning
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic
from tests.made_once import made_once
from tests.moderation.factories import WHY, make_admin, make_flag, make_flagger

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def scene(django_db_setup, django_db_blocker):
    """A member who is flagged in every way, and another one of whom the same is so, and who is judged besides."""
    with made_once(django_db_blocker):
        by, both = make_admin(), []
        for _ in range(2):
            member = make_user(trust=User.Trust.NEW, location="Osh")
            post = make_post(author=member)
            make_topic(author=member)
            item = make_flag(post).item
            profile_flags.flag_profile(make_flagger(), member, reason=Flag.Reason.ADVERTISING)
            both.append(SimpleNamespace(member=member, post=post, item=item))
        meant, bystander = both
        member_acts.warn(by, bystander.member, WHY, points=1)
        member_acts.suspend(by, bystander.member, timezone.now() + A_DAY, WHY)
        member_acts.add_note(by, bystander.member, "Rides a mule.")
        claims.claim(by, bystander.item)
        yield SimpleNamespace(by=by, flagger=make_flagger(), bystander=bystander, **vars(meant))


def state_of(one):
    """Everything that is stored of a member, and of what others say about them."""
    pk = one.member.pk
    rows = (
        User.objects.filter(pk=pk), Post.objects.filter(author=pk).defer("search"), Topic.objects.filter(author=pk),
        Suspension.objects.filter(member=pk), Warning.objects.filter(member=pk), StaffNote.objects.filter(member=pk),
        Flag.objects.filter(post__author=pk), Flag.objects.filter(profile=pk), QueueItem.objects.filter(member=pk),
        Hold.objects.filter(post__author=pk), ModerationEntry.objects.filter(member=pk),
    )  # fmt: skip
    return [sorted(map(str, found.values())) for found in rows]


ACTS = {
    "warn": lambda s: member_acts.warn(s.by, s.member, WHY, points=2, post=s.post),
    "warn so that it suspends": lambda s: member_acts.warn(s.by, s.member, WHY, points=10),
    "suspend": lambda s: member_acts.suspend(s.by, s.member, timezone.now() + A_DAY * 3, WHY),
    "ban": lambda s: member_acts.ban(s.by, s.member, WHY),
    "vouch": lambda s: member_acts.vouch(s.by, s.member, WHY),
    "clear the profile": lambda s: member_acts.clear_profile(s.by, s.member, ["location"], WHY),
    "dismiss flags of the profile": lambda s: profile_flags.dismiss_profile_flags(s.by, s.member, WHY),
    "clean up": lambda s: spam.clean_spam(s.by, s.member, WHY),
    "hide": lambda s: post_acts.hide(s.by, s.post, WHY),
    "edit": lambda s: post_acts.edit(s.by, s.post, WHY, source="Shut.", based_on=0),
    "dismiss flags": lambda s: post_acts.dismiss(s.by, s.post, WHY),
    "mark as out of date": lambda s: post_acts.mark_outdated(s.by, s.post, WHY),
}
WITHOUT_ENTRY = {
    "flag": lambda s: flags.flag_post(s.flagger, s.post, reason=Flag.Reason.ADVERTISING),
    "flag the profile": lambda s: profile_flags.flag_profile(s.flagger, s.member, reason=Flag.Reason.ADVERTISING),
    "claim": lambda s: claims.claim(s.by, s.item),
    "note on the item": lambda s: claims.note(s.by, s.item, "I look at it."),
    "note": lambda s: member_acts.add_note(s.by, s.member, "Rides a yak."),
}


@pytest.mark.parametrize("name", ACTS)
def test_an_act_and_its_undo_leave_others_alone(scene, name):
    before = state_of(scene.bystander)

    entry = ACTS[name](scene)
    after = state_of(scene.bystander)
    undo(scene.by, entry, WHY)

    assert entry is not None
    assert after == before
    assert state_of(scene.bystander) == before


@pytest.mark.parametrize("name", WITHOUT_ENTRY)
def test_so_does_what_is_not_logged(scene, name):
    before, of_member = state_of(scene.bystander), state_of(scene)

    WITHOUT_ENTRY[name](scene)

    assert state_of(scene) != of_member or name == "note on the item"
    assert state_of(scene.bystander) == before


def test_what_ended_a_suspension_or_ban_ended_no_other(scene):
    before = state_of(scene.bystander)

    member_acts.suspend(scene.by, scene.member, timezone.now() + A_DAY, WHY)
    member_acts.lift(scene.by, scene.member, WHY)
    member_acts.ban(scene.by, scene.member, WHY)
    member_acts.unban(scene.by, scene.member, WHY)

    member = User.objects.get(pk=scene.member.pk)
    assert (member.suspended_until, member.banned_at) == (None, None)
    assert state_of(scene.bystander) == before


def test_flags_that_are_taken_back_and_claims_that_are_released_leave_others(scene):
    flags.flag_post(scene.flagger, scene.post, reason=Flag.Reason.ADVERTISING)
    profile_flags.flag_profile(scene.flagger, scene.member, reason=Flag.Reason.ADVERTISING)
    flags.flag_post(scene.flagger, scene.bystander.post, reason=Flag.Reason.ADVERTISING)
    claims.claim(scene.by, scene.item)
    before = state_of(scene.bystander)

    flags.withdraw_flag(scene.flagger, scene.post)
    profile_flags.withdraw_profile_flag(scene.flagger, scene.member)
    claims.release(scene.by, scene.item)

    assert Flag.objects.open().filter(by=scene.flagger).get().post == scene.bystander.post
    assert QueueItem.objects.get(pk=scene.item.pk).claimed_by is None
    assert state_of(scene.bystander) == before
