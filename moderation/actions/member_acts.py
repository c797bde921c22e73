"""Warnings, suspensions and bans. Each act is idempotent: the second time it returns None instead of an entry."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.readers import Reader
from forum.counters import locks
from forum.models import Post, Subforum
from forum.pages.profile_fields import shown, ways_of
from forum.permissions import CannotBeDone, NotAllowed
from moderation import consequences
from moderation.actions import restrictions
from moderation.actions.base import lock_member
from moderation.actions.jurisdiction import place_of
from moderation.filters import trust
from moderation.log import entries
from moderation.log.entries import Why
from moderation.models import Flag, ModerationEntry, StaffNote, Verb, Warning
from moderation.permissions import (
    can_ban,
    can_clear_profile,
    can_lift,
    can_note,
    can_read_record,
    can_suspend,
    can_unban,
    can_vouch,
    can_warn,
)
from moderation.queue import items

MOST_POINTS = 10
MEMBER = User.Trust.MEMBER


@transaction.atomic
def warn(
    user: User, member: User, why: Why, *, points: int = 1, post: Post | None = None, is_of_profile: bool = False
) -> ModerationEntry | None:
    """Warn a member. Points expire after WARNING_LIFE_DAYS; enough of them suspend (WARNINGS_SUSPEND).

    A member is warned once about a post, and once an hour in the same words. A warning about the profile settles its
    flags. Raises NotAllowed, CannotBeDone.
    """
    if not 0 <= points <= MOST_POINTS:
        raise CannotBeDone(f"A warning has 0 to {MOST_POINTS} points.")
    post = locks.lock_post(post) if post else None
    member = lock_member(member)
    place = place_of(user, member, post)
    if not can_warn(user, member, place) or (post and post.author_id != member.pk):
        raise NotAllowed
    now = timezone.now()
    standing = Warning.objects.filter(member=member).standing(now)
    same = standing.filter(entry__post=post) if post else _said_just_now(user, standing, why, now)
    if same.exists():
        return None
    total = standing.points() + points
    closed = items.settle(user, post, flags=Flag.Outcome.UPHELD) if post else items.NOTHING
    if is_of_profile:
        closed = items.settle_profile(user, member, Flag.Outcome.UPHELD)
    days = consequences.suspended_for(member, total, now)
    before = {"trust": member.trust, "closed": closed}
    after = {"points": points, "total": total, "days": days}
    entry = _entry(user, Verb.WARN, why, member, place, post, before=before, after=after)
    expires_at = now + timedelta(days=settings.WARNING_LIFE_DAYS)
    Warning.objects.create(member=member, entry=entry, points=points, rule=why.rule, at=now, expires_at=expires_at)
    trust.lower(member)
    entries.tell(entry)
    if days:
        _suspend_for_points(entry, user, member, why, now + timedelta(days=days), post)
    return entry


@transaction.atomic
def suspend(user: User, member: User, until: datetime, why: Why, *, post: Post | None = None) -> ModerationEntry | None:
    """Let the member read, but not write, until then. Raises NotAllowed, CannotBeDone."""
    member = lock_member(member)
    now = timezone.now()
    if not now < until < restrictions.END_OF_OLD_BANS:
        raise CannotBeDone("A suspension ends on a day to come.")
    place = place_of(user, member, post)
    if not can_suspend(user, member, place, until - now) or not can_lift(user, member, restrictions.given_to(member)):
        raise NotAllowed
    return _suspend(user, member, Verb.SUSPEND, until.astimezone(UTC), why, place, post)


@transaction.atomic
def lift(user: User, member: User, why: Why) -> ModerationEntry | None:
    """End a suspension early. Raises NotAllowed."""
    member = lock_member(member)
    given = restrictions.given_to(member)
    if not can_lift(user, member, given):
        raise NotAllowed
    if member.is_banned or not member.is_suspended:
        return None
    return _lift(user, member, Verb.LIFT, why, given)


@transaction.atomic
def ban(user: User, member: User, why: Why, *, post: Post | None = None) -> ModerationEntry | None:
    """Let the member read, but not write any more. Raises NotAllowed."""
    member = lock_member(member)
    place = place_of(user, member, post)
    if not can_ban(user, member, place):
        raise NotAllowed
    return _suspend(user, member, Verb.BAN, None, why, place, post)


@transaction.atomic
def unban(user: User, member: User, why: Why) -> ModerationEntry | None:
    """End a ban; moderators their own of a newcomer, administrators any. Raises NotAllowed."""
    member = lock_member(member)
    given = restrictions.given_to(member)
    if not can_unban(user, member, given):
        raise NotAllowed
    return _lift(user, member, Verb.UNBAN, why, given) if member.is_banned else None


@transaction.atomic
def vouch(user: User, member: User, why: Why) -> ModerationEntry | None:
    """Make a newcomer a member by a moderator's word. Raises NotAllowed, CannotBeDone while a warning counts."""
    member = lock_member(member)
    if member.trust > User.Trust.NEW and can_read_record(user, member):
        return None
    if not can_vouch(user, member):
        raise NotAllowed
    if Warning.objects.filter(member=member).standing(timezone.now()).points():
        raise CannotBeDone("Points of a warning still count. Take the warning back first, or wait.")
    place, before = place_of(user, member), {"trust": member.trust}
    entry = _entry(user, Verb.VOUCH, why, member, place, None, before=before, after={"trust": MEMBER})
    User.objects.filter(pk=member.pk).update(trust=MEMBER)
    return entries.tell(entry)


@transaction.atomic
def clear_profile(user: User, member: User, fields: Collection[str], why: Why) -> ModerationEntry | None:
    """Clear texts of a member's profile, and settle its flags. Idempotent: None where nothing stands that others see.
    Raises NotAllowed."""
    member = lock_member(member)
    if not can_clear_profile(user, member):
        raise NotAllowed
    cleared = [field for field in texts_of_profile(member) if field in fields]
    if not cleared:
        return None
    columns = [name for field in cleared for name in (field, f"{field}_html") if hasattr(member, name)]
    stood = {name: getattr(member, name) for name in columns}
    User.objects.filter(pk=member.pk).update(**{name: [] if name == "travels_by" else "" for name in columns})
    before = {"stood": stood, "closed": items.settle_profile(user, member, Flag.Outcome.UPHELD)}
    entry = entries.write(user, Verb.CLEAR_PROFILE, why, member=member, before=before, after={"fields": cleared})
    return entries.tell(entry)


def texts_of_profile(member: User) -> dict[str, str]:
    """What other members see of a member's profile, as typed."""
    seen = shown(Reader(pk=0), member)
    return {field: ways_of(member) if field == "travels_by" else getattr(member, field) for field in seen}


@transaction.atomic
def add_note(user: User, member: User, text: str) -> StaffNote:
    """Add a note about a member for the moderators of the place where it happened; an administrator's is for all.

    Repeating the last one returns that. Raises NotAllowed.
    """
    member = lock_member(member)
    place = place_of(user, member)
    if not can_note(user, member, place):
        raise NotAllowed
    last = member.staff_notes.order_by("-pk").first()
    if last is not None and (last.by_id, last.text) == (user.pk, text):
        return last
    return StaffNote.objects.create(member=member, by=user, subforum=place, text=text, at=timezone.now())


def _said_just_now(user: User, standing: QuerySet[Warning], why: Why, now: datetime) -> QuerySet[Warning]:
    return standing.filter(
        entry__by=user, entry__post=None, entry__words__reason=why.reason, at__gt=now - timedelta(hours=1)
    )


def _suspend_for_points(
    warning: ModerationEntry, user: User, member: User, why: Why, until: datetime, post: Post | None
) -> None:
    reason = f"{warning.words.after['total']} points of warnings still count. {why.reason}".strip()
    said = Why(rule=why.rule, reason=reason, is_forum_rule=why.is_forum_rule)
    _suspend(user, member, Verb.SUSPEND, until, said, warning.subforum, post, for_warning=warning.pk)


def _suspend(
    user: User,
    member: User,
    verb: str,
    until: datetime | None,
    why: Why,
    place: Subforum | None,
    post: Post | None,
    **more: int,
) -> ModerationEntry | None:
    """`until=None` is a ban."""
    after = restrictions.snapshot(until, None if until else timezone.now())
    if restrictions.is_restricted_as(member, after):
        return None
    before = restrictions.state_of(member) | more
    entry = _entry(user, verb, why, member, place, post, before=before, after=after)
    restrictions.restrict(member, until, entry)
    return entries.tell(entry)


def _lift(user: User, member: User, verb: str, why: Why, given: ModerationEntry | None) -> ModerationEntry:
    """In the place where the suspension was given."""
    before, place = restrictions.state_of(member), given.subforum if given else None
    restrictions.lift_all(member)
    return entries.tell(_entry(user, verb, why, member, place, None, before=before, after=restrictions.snapshot()))


def _entry(
    user: User,
    verb: str,
    why: Why,
    member: User,
    place: Subforum | None,
    post: Post | None,
    *,
    before: dict,
    after: dict,
) -> ModerationEntry:
    topic = post.topic if post else None
    return entries.write(
        user, verb, why, subforum=place, topic=topic, post=post, member=member, before=before, after=after
    )
