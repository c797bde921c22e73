"""Whether a member may write: suspended until a day, or banned; in the rows, and in the snapshots of the log."""

from datetime import UTC, datetime

from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from moderation.log.entries import Snapshot
from moderation.models import ModerationEntry, Suspension

# How release 0.1 wrote a ban, in `suspended_until` and in snapshots: a suspension that ends in this year.
END_OF_OLD_BANS = datetime(9000, 1, 1, tzinfo=UTC)


def state_of(member: User) -> Snapshot:
    """The snapshot of what a suspension or a ban changes."""
    standing = Suspension.objects.standing().filter(member=member).order_by("pk")
    until = None if member.is_banned else member.suspended_until
    return snapshot(until, member.banned_at) | {"suspensions": list(standing.values_list("pk", flat=True))}


def snapshot(suspended_until: datetime | None = None, banned_at: datetime | None = None) -> Snapshot:
    return {
        "suspended_until": suspended_until.isoformat() if suspended_until else None,
        "banned_at": banned_at.isoformat() if banned_at else None,
    }


def is_restricted_as(member: User, words: Snapshot) -> bool:
    """Whether the member is banned or suspended as a snapshot says; of a ban it does not matter since when."""
    if member.is_banned or _is_ban(words):
        return member.is_banned and _is_ban(words)
    return member.suspended_until == _moment(words["suspended_until"])


def restrict(member: User, until: datetime | None, entry: ModerationEntry) -> None:
    """A suspension, or without an end a ban, replaces what stood before. The row of the member is locked."""
    now = timezone.now()
    Suspension.objects.standing().filter(member=member).update(lifted_at=now)
    Suspension.objects.create(member=member, entry=entry, begins_at=now, ends_at=until)
    _set(member, until, None if until else now)


def lift_all(member: User) -> None:
    """Neither suspended nor banned. The row of the member is locked."""
    Suspension.objects.standing().filter(member=member).update(lifted_at=timezone.now())
    _set(member, None, None)


def set_back(member: User, before: Snapshot) -> None:
    """As free, suspended or banned as a snapshot says. The row of the member is locked."""
    suspensions = Suspension.objects.filter(pk__in=before["suspensions"])
    suspensions.update(lifted_at=None)
    if not _is_ban(before):
        _set(member, _moment(before["suspended_until"]), None)
        return
    begun = suspensions.filter(ends_at=None).aggregate(at=Max("begins_at"))["at"]
    _set(member, None, _moment(before.get("banned_at")) or begun or timezone.now())


def convert_old_bans() -> int:
    """Clear the end in the year 9000 from bans of release 0.1; gives how many. May go one release after it.

    Not done by the migration: processes of that release know a ban only by that end, and run until the next restart.
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
