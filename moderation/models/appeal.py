from django.conf import settings
from django.db import models


class AppealQuerySet(models.QuerySet["Appeal"]):
    def open(self) -> "AppealQuerySet":
        return self.filter(decided_at=None)


class Appeal(models.Model):
    """A member's appeal against an act: one per member and act, because an act may concern several members."""

    class Outcome(models.TextChoices):
        UPHELD = "upheld", "The act stands"
        GRANTED = "granted", "The act was undone"

    item = models.ForeignKey("moderation.QueueItem", on_delete=models.CASCADE, related_name="appeals")
    entry = models.ForeignKey("moderation.ModerationEntry", on_delete=models.PROTECT, related_name="appeals")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="appeals")
    words = models.CharField(max_length=2000)
    at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=7, choices=Outcome.choices, blank=True)
    answer = models.CharField(max_length=2000, blank=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "by"], name="one_appeal_per_act_and_member")]

    def __str__(self) -> str:
        return f"Appeal against entry {self.entry_id}"
