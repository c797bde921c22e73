"""Suspensions and bans in the database rows and in the log's snapshots."""

from datetime import UTC, datetime

from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from moderation.log.entries import Snapshot
from moderation.models import ModerationEntry, Suspension

# Release 0.1 wrote a ban as a suspension that ends in this year, in `suspended_until` and in snapshots.
END_OF_OLD_BANS = datetime(9000, 1, 1, tzinfo=UTC)


def state_of(member: User) -> Snapshot:
    """The snapshot of the fields that a suspension or a ban changes."""
    standing = Suspension.objects.standing().filter(member=member).order_by("pk")
    until = None if member.is_banned else member.suspended_until
    return snapshot(until, member.banned_at) | {"suspensions": list(standing.values_list("pk", flat=True))}


def given_to(member: User) -> ModerationEntry | None:
    """The entry by which the member's suspension or ban stands; None if there is none, or an operator entered it."""
    if not member.is_suspended:
        return None
    ends_at = None if member.is_banned else member.suspended_until
    standing = Suspension.objects.standing().filter(member=member, ends_at=ends_at)
    latest = standing.select_related("entry__subforum", "entry__words").order_by("pk").last()
    return latest.entry if latest else None


def snapshot(suspended_until: datetime | None = None, banned_at: datetime | None = None) -> Snapshot:
    return {
        "suspended_until": suspended_until.isoformat() if suspended_until else None,
        "banned_at": banned_at.isoformat() if banned_at else None,
    }


def is_restricted_as(member: User, words: Snapshot) -> bool:
    """Whether the member is banned or suspended as in a snapshot; for bans the date does not matter."""
    if member.is_banned or _is_ban(words):
        return member.is_banned and _is_ban(words)
    return member.suspended_until == _moment(words["suspended_until"])


def restrict(member: User, until: datetime | None, entry: ModerationEntry) -> None:
    """Suspend the member, or ban without an end, in place of a former restriction. The caller has locked the member."""
    now = timezone.now()
    Suspension.objects.standing().filter(member=member).update(lifted_at=now)
    Suspension.objects.create(member=member, entry=entry, begins_at=now, ends_at=until)
    _set(member, until, None if until else now)


def lift_all(member: User) -> None:
    """End suspensions and bans. The caller has locked the member."""
    Suspension.objects.standing().filter(member=member).update(lifted_at=timezone.now())
    _set(member, None, None)


def set_back(member: User, before: Snapshot) -> None:
    """Restore the restriction of a snapshot. The caller has locked the member."""
    suspensions = Suspension.objects.filter(pk__in=before["suspensions"])
    suspensions.update(lifted_at=None)
    if not _is_ban(before):
        _set(member, _moment(before["suspended_until"]), None)
        return
    begun = suspensions.filter(ends_at=None).aggregate(at=Max("begins_at"))["at"]
    _set(member, None, _moment(before.get("banned_at")) or begun or timezone.now())


def convert_old_bans() -> int:
    """Clear the end in the year 9000 from bans of release 0.1; returns how many. Remove it one release after that.

    Not in the migration, because processes of that release, which run until the restart, know a ban only by that end.
    """
    old = User.objects.filter(suspended_until__gte=END_OF_OLD_BANS)
    old.filter(banned_at=None).update(banned_at=timezone.now())
    return old.update(suspended_until=None)


def _is_ban(words: Snapshot) -> bool:
    until = _moment(words["suspended_until"])
    return bool(words.get("banned_at")) or (until is not None and until >= END_OF_OLD_BANS)


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def _set(member: User, suspended_until: datetime | None, banned_at: datetime | None) -> None:
    User.objects.filter(pk=member.pk).update(suspended_until=suspended_until, banned_at=banned_at)
