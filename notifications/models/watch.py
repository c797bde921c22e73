from django.conf import settings
from django.db import models
from django.db.models import Q

from crossings.models import Crossing, Direction


class Watch(models.Model):
    """A member's subscription to news of a crossing, optionally with the day on which they plan to be there."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="watches")
    crossing = models.ForeignKey(Crossing, on_delete=models.CASCADE, related_name="watches")
    watched_at = models.DateTimeField()
    travel_on = models.DateField(null=True, blank=True)
    direction = models.CharField(max_length=3, choices=Direction.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "crossing"], name="a_crossing_is_watched_once"),
        ]
        indexes = [models.Index(fields=["travel_on"], condition=Q(travel_on__isnull=False), name="days_of_travel")]

    def __str__(self) -> str:
        return f"{self.user_id} watches {self.crossing_id}"
