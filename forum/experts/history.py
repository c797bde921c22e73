"""The history of badges, of which other apps hear."""

from django.utils import timezone

from accounts.models import BadgeChange, ExpertBadge, User
from forum.signals import badge_changed


def note(badge: ExpertBadge, kind: BadgeChange.Kind, *, by: User | None = None, reason: str = "") -> BadgeChange:
    """Add a line, in the transaction of the change."""
    change = BadgeChange.objects.create(badge=badge, kind=kind, at=timezone.now(), by=by, reason=reason)
    badge_changed.send(BadgeChange, change=change)
    return change
