from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from crossings.models import Crossing, Direction

MOST_BEGINNINGS = 5


class LetterQuerySet(models.QuerySet["Letter"]):
    def waiting(self) -> "LetterQuerySet":
        """Letters that are neither sent nor given up."""
        return self.filter(sent_at=None, dropped_at=None)


class Letter(models.Model):
    """One e-mail to one member. Its text is composed when it is sent, from the state of that time."""

    class Kind(models.TextChoices):
        NEWS = "news", "About you or your posts, at once"
        DAY = "day", "Crossings you watch, once a day"
        THROUGH = "through", "Did you get through?"
        ACTS = "acts", "Decisions of moderators about your posts, and why"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="letters")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    # The idempotency key, unique per member.
    key = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    # Set before each attempt, and attempts are counted: no letter is lost if the worker is killed during one.
    begun_at = models.DateTimeField(null=True, blank=True)
    beginnings_count = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    # Why it was not sent (yet).
    problem = models.CharField(max_length=200, blank=True)
    # Crossing and day that "Did you get through?" asks about.
    crossing = models.ForeignKey(Crossing, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    travel_on = models.DateField(null=True, blank=True)
    direction = models.CharField(max_length=3, choices=Direction.choices, blank=True)
    # When the member answered, by a report or by "I did not go".
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="one_letter_per_key"),
            models.CheckConstraint(
                condition=~Q(kind="through") | Q(crossing__isnull=False, travel_on__isnull=False),
                name="who_asks_whether_you_got_through_says_where_and_when",
            ),
        ]
        indexes = [
            models.Index(fields=["begun_at"], condition=Q(sent_at=None, dropped_at=None), name="letters_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.key} to {self.user_id}"

    @property
    def asks_of(self) -> tuple[Crossing, date]:
        """Crossing and day that "Did you get through?" asks about."""
        if self.crossing is None or self.travel_on is None:
            raise ValueError(f"A letter of the kind {self.kind} asks of no crossing.")
        return self.crossing, self.travel_on

    def drop(self, why: str) -> None:
        """Give it up, with the reason."""
        Letter.objects.filter(pk=self.pk).waiting().update(dropped_at=timezone.now(), problem=why[:200])


class UnwantedLetter(models.Model):
    """A kind of letters that a member unsubscribed from."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="unwanted_letters")
    kind = models.CharField(max_length=7, choices=Letter.Kind.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="a_kind_of_letter_is_unwanted_once")]

    def __str__(self) -> str:
        return f"No {self.kind} to {self.user_id}"
