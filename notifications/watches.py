"""Watching a crossing, and ending that."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from crossings.models import Crossing
from notifications.models import Watch


@transaction.atomic
def watch(user: User, crossing: Crossing, *, travel_on: date | None = None, direction: str = "") -> Watch:
    """Watch a crossing, or change day and direction of the existing watch. Idempotent."""
    plan = {"travel_on": travel_on, "direction": direction}
    found, _ = Watch.objects.update_or_create(
        user=user, crossing=crossing, defaults=plan, create_defaults=plan | {"watched_at": timezone.now()}
    )
    return found


def stop_watching(user: User, crossing: Crossing) -> None:
    """End a watch. Idempotent."""
    Watch.objects.filter(user=user, crossing=crossing).delete()
