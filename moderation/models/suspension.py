from django.conf import settings
from django.db import models
from django.db.models import F, Q


class SuspensionQuerySet(models.QuerySet["Suspension"]):
    def standing(self) -> "SuspensionQuerySet":
        """Not lifted; it may have expired."""
        return self.filter(lifted_at=None)


class Suspension(models.Model):
    """A suspension until a time; without one it is a ban. Requests read it from the User (`suspended_until`,
    `banned_at`)."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="suspensions")
    entry = models.OneToOneField("moderation.ModerationEntry", on_delete=models.PROTECT, related_name="suspension")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(F("member"), F("begins_at").desc(), name="suspensions_of_a_member")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("begins_at")), name="a_suspension_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return f"{self.member_id} until {self.ends_at or 'further notice'}"

    @property
    def is_ban(self) -> bool:
        return self.ends_at is None
