"""Watching a topic, subforum, country, crossing or member, choosing its level, and ending that."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from notifications.models import Watch
from notifications.models.watch import COLUMNS, Target


@transaction.atomic
def watch(
    user: User,
    target: Target,
    *,
    level: Watch.Level = Watch.Level.WATCHING,
    travel_on: date | None = None,
    direction: str = "",
) -> Watch:
    """Watch something by choice, or change level, day and direction of the existing watch. Idempotent.

    Day and direction of travel are for crossings only.
    """
    chosen = {"level": level, "is_automatic": False, "travel_on": travel_on, "direction": direction}
    found, _ = Watch.objects.update_or_create(
        user=user, **_column(target), defaults=chosen, create_defaults=chosen | {"watched_at": timezone.now()}
    )
    return found


def stop_watching(user: User, target: Target) -> None:
    """End a watch. Idempotent."""
    Watch.objects.filter(user=user, **_column(target)).delete()


def _column(target: Target) -> dict[str, Target]:
    return {COLUMNS[type(target)]: target}
