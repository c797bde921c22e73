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


class WatchQuerySet(models.QuerySet["Watch"]):
    def standing(self) -> "WatchQuerySet":
        """Without those that their member ended."""
        return self.exclude(level=Watch.Level.ENDED)

    def readable_by(self, user: User) -> "WatchQuerySet":
        """The user's watches of what they may read now; the others come back when they may again."""
        members = User.objects.filter(is_active=True, email_confirmed_at__isnull=False)
        return self.standing().filter(
            Q(topic=None) | Q(topic__in=Topic.objects.visible_to(user)),
            Q(subforum=None) | Q(subforum__in=Subforum.objects.visible_to(user)),
            Q(member=None) | Q(member__in=members),
            user=user,
        )


class Watch(models.Model):
    """A member's wish to hear of a topic, subforum, country, crossing or member, or not to hear of it.

    A watch of a crossing may name the day on which they plan to be there.
    """

    class Level(models.TextChoices):
        WATCHING = "watching", "Watching"
        MENTIONS = "mentions", "Mentions only"
        MUTED = "muted", "Muted"
        # Of a topic only: nothing that its member does there begins it again by itself.
        ENDED = "ended", "Not watching"

        @classmethod
        def to_choose(cls) -> list["Watch.Level"]:
            return [cls.WATCHING, cls.MENTIONS, cls.MUTED]

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
    # When it began, or was last chosen by hand.
    watched_at = models.DateTimeField()
    travel_on = models.DateField(null=True, blank=True)
    direction = models.CharField(max_length=3, choices=Direction.choices, blank=True)

    objects = WatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_one_target(), name="a_watch_has_one_target"),
            models.CheckConstraint(
                condition=Q(crossing__isnull=False) | Q(travel_on=None, direction=""), name="who_travels_crosses"
            ),
            models.CheckConstraint(
                condition=Q(topic__isnull=False) | ~Q(level="ended"), name="only_watches_of_topics_stay_ended"
            ),
            models.CheckConstraint(
                condition=Q(member=None) | ~Q(member=models.F("user")), name="nobody_watches_themselves"
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


class WatchPreference(models.Model):
    """Whether a member watches topics by themselves. Members without a row watch both kinds."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="watch_preference"
    )
    on_asking = models.BooleanField("Topics that I open", default=True)
    on_replying = models.BooleanField("Topics that I reply in", default=True)

    def __str__(self) -> str:
        return f"On asking {self.on_asking}, on replying {self.on_replying}: {self.user_id}"
