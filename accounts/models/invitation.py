from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

LIFETIME = timedelta(days=7)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def standing(self) -> "InvitationQuerySet":
        """Those by which somebody may still sign up."""
        return self.filter(withdrawn_at=None, ends_at__gt=timezone.now(), uses_count__lt=F("most_uses"))


class Invitation(models.Model):
    """A link by which one or several people may make an account while sign-up is not open to all."""

    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitations")
    made_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    # For whom, in the maker's words.
    note = models.CharField(max_length=80, blank=True)
    # Where the letter with the link goes; forgotten when it is used, withdrawn or over.
    address = models.EmailField(blank=True)
    most_uses = models.PositiveSmallIntegerField(default=1)
    # Sign-ups by it, also those with an address that had an account already: its maker must not learn of that.
    uses_count = models.PositiveSmallIntegerField(default=0)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(uses_count__lte=F("most_uses")), name="no_invitation_is_used_too_often"),
            models.CheckConstraint(condition=Q(most_uses__gte=1), name="an_invitation_is_for_somebody"),
        ]
        indexes = [
            models.Index(F("made_at").desc(), name="invitations_by_time"),
            models.Index(fields=["address"], condition=~Q(address=""), name="invitations_by_address"),
        ]

    def __str__(self) -> str:
        return f"Invitation {self.pk}"

    @property
    def is_standing(self) -> bool:
        return self.withdrawn_at is None and self.ends_at > timezone.now() and self.uses_count < self.most_uses


class InvitedMember(models.Model):
    """Who signed up by an invitation."""

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="members")
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invited")

    def __str__(self) -> str:
        return f"{self.user_id} by invitation {self.invitation_id}"
