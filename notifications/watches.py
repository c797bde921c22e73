"""Wishing for news of a crossing, and ending that."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from crossings.models import Crossing
from notifications.models import Watch


@transaction.atomic
def watch(user: User, crossing: Crossing, *, travel_on: date | None = None, direction: str = "") -> Watch:
    """Watch a crossing, or change the day and direction of the watch that stands. Twice changes nothing."""
    plan = {"travel_on": travel_on, "direction": direction}
    found, _ = Watch.objects.update_or_create(
        user=user, crossing=crossing, defaults=plan, create_defaults=plan | {"watched_at": timezone.now()}
    )
    return found


def stop_watching(user: User, crossing: Crossing) -> None:
    """Twice changes nothing."""
    Watch.objects.filter(user=user, crossing=crossing).delete()
