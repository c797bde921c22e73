from django.conf import settings
from django.db import models
from django.db.models import F

from notifications.models.letter import Letter


class BounceQuerySet(models.QuerySet["Bounce"]):
    def standing(self) -> "BounceQuerySet":
        """Those of the address that the member has now."""
        return self.filter(address=F("user__email"))


class Bounce(models.Model):
    """A letter that came back, or that its reader called spam."""

    class Kind(models.TextChoices):
        SOFT = "soft", "Not taken for now, such as a full mailbox"
        HARD = "hard", "No such address"
        COMPLAINT = "spam", "Called spam by its reader"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="bounces")
    letter = models.ForeignKey(Letter, on_delete=models.SET_NULL, null=True, blank=True, related_name="bounces")
    # The address then: a bounce counts only while the member has the same one.
    address = models.EmailField()
    kind = models.CharField(max_length=4, choices=Kind.choices)
    weight = models.PositiveSmallIntegerField()
    # The idempotency key of the report, since servers repeat them.
    key = models.CharField(max_length=120)
    words = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    objects = BounceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="a_bounce_counts_once")]
        indexes = [models.Index(fields=["at"], name="bounces_by_time")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.user_id}"
