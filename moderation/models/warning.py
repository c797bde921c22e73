from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class WarningQuerySet(models.QuerySet["Warning"]):
    def standing(self, at: datetime) -> "WarningQuerySet":
        """Neither expired nor revoked."""
        return self.filter(revoked_at=None, expires_at__gt=at)

    def points(self) -> int:
        return self.aggregate(points=models.Sum("points"))["points"] or 0


class Warning(models.Model):
    """A moderator's warning to a member; its points expire."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="warnings")
    entry = models.OneToOneField("moderation.ModerationEntry", on_delete=models.PROTECT, related_name="warning")
    points = models.PositiveSmallIntegerField()
    rule = models.PositiveSmallIntegerField(null=True)
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = WarningQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(F("member"), F("expires_at"), name="warnings_of_a_member")]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("at")), name="a_warning_expires_after_it_was_given")
        ]

    def __str__(self) -> str:
        return f"{self.points} for {self.member_id}"
