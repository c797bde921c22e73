from datetime import UTC, datetime, timedelta

from django.db import models
from django.utils import timezone

NIGHT_HOUR = 3  # UTC
# Chores that were late are not due again in the night right after.
APART = timedelta(hours=12)
# A chore that is due for longer is late, in the doctor's eyes.
LATE = timedelta(hours=3)


class ChoreRun(models.Model):
    """When a nightly chore of the worker was last begun and last done (config/worker/chores.py)."""

    # The path of its function.
    name = models.CharField(max_length=200, unique=True)
    # Of a new chore: APART before the worker first saw it.
    done_at = models.DateTimeField()
    # Set before each try and cleared at its end, so that one that ends the worker is not begun again at once.
    begun_at = models.DateTimeField(null=True, blank=True)
    # Why the last try failed.
    problem = models.CharField(max_length=200, blank=True, default="", db_default="")

    def __str__(self) -> str:
        return self.name

    @property
    def due_at(self) -> datetime:
        """The first NIGHT_HOUR that is at least APART from the last run."""
        earliest = (self.done_at + APART).astimezone(UTC)
        night = earliest.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
        return night if night >= earliest else night + timedelta(days=1)


def late_chores() -> list[ChoreRun]:
    """Chores that are due for longer than LATE."""
    now = timezone.now()
    return [row for row in ChoreRun.objects.order_by("pk") if row.due_at + LATE <= now]
