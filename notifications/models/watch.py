from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import User
from crossings.models import Country, Crossing, Direction
from forum.models import Subforum, Topic

Target = Topic | Subforum | Country | Crossing | User
# The column of a watch for each kind of thing that can be watched.
COLUMNS: dict[type, str] = {
    Topic: "topic", Subforum: "subforum", Country: "country", Crossing: "crossing", User: "member",
}  # fmt: skip


def _one_target() -> Q:
    """Exactly one of the columns is set."""
    only = [Q(**{f"{name}__isnull": name != chosen for name in COLUMNS.values()}) for chosen in COLUMNS.values()]
    condition = only[0]
    for other in only[1:]:
        condition |= other
    return condition


class Watch(models.Model):
    """A member's wish to hear of a topic, subforum, country, crossing or member, or not to hear of it.

    A watch of a crossing may name the day on which they plan to be there.
    """

    class Level(models.TextChoices):
        WATCHING = "watching", "Watching"
        MENTIONS = "mentions", "Mentions only"
        MUTED = "muted", "Muted"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="watches")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, null=True, blank=True, related_name="watches")
    subforum = models.ForeignKey(Subforum, on_delete=models.CASCADE, null=True, blank=True, related_name="watches")
    country = models.ForeignKey(Country, on_delete=models.CASCADE, null=True, blank=True, related_name="watches")
    crossing = models.ForeignKey(Crossing, on_delete=models.CASCADE, null=True, blank=True, related_name="watches")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="watched_by"
    )
    level = models.CharField(max_length=8, choices=Level.choices, default=Level.WATCHING)
    # Whether it began by itself, on asking or replying: a choice made by hand is never changed by the software.
    is_automatic = models.BooleanField(default=False)
    watched_at = models.DateTimeField()
    travel_on = models.DateField(null=True, blank=True)
    direction = models.CharField(max_length=3, choices=Direction.choices, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_one_target(), name="a_watch_has_one_target"),
            models.CheckConstraint(
                condition=Q(crossing__isnull=False) | Q(travel_on=None, direction=""), name="who_travels_crosses"
            ),
            models.UniqueConstraint(
                fields=["user", "topic"], condition=Q(topic__isnull=False), name="a_topic_is_watched_once"
            ),
            models.UniqueConstraint(
                fields=["user", "subforum"], condition=Q(subforum__isnull=False), name="a_subforum_is_watched_once"
            ),
            models.UniqueConstraint(
                fields=["user", "country"], condition=Q(country__isnull=False), name="a_country_is_watched_once"
            ),
            models.UniqueConstraint(fields=["user", "crossing"], name="a_crossing_is_watched_once"),
            models.UniqueConstraint(
                fields=["user", "member"], condition=Q(member__isnull=False), name="a_member_is_watched_once"
            ),
        ]
        indexes = [models.Index(fields=["travel_on"], condition=Q(travel_on__isnull=False), name="days_of_travel")]

    def __str__(self) -> str:
        return f"{self.user_id} watches {self.target}"

    @property
    def target(self) -> Any:
        """The topic, subforum, country, crossing or member that it is about."""
        return next(found for name in COLUMNS.values() if (found := getattr(self, name)) is not None)
