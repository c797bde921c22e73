from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.models import ExpertBadge
from accounts.models.user import keeps_rank, may_write
from forum.models import Post, Subforum


class ApplicationQuerySet(models.QuerySet["BadgeApplication"]):
    def waiting(self) -> "ApplicationQuerySet":
        return self.filter(closed_at=None)

    def with_agreeing(self) -> "ApplicationQuerySet":
        """Adds `agree`: how many endorsements stand now."""
        standing = Endorsement.objects.standing().filter(application=OuterRef("pk")).order_by()
        counted = standing.values("application").annotate(count=Count("pk")).values("count")
        return self.annotate(agree=Coalesce(Subquery(counted), 0))


class BadgeApplication(models.Model):
    """A member asks for an expert's badge, for countries or for a subject, and names their best answers."""

    class Outcome(models.TextChoices):
        GIVEN = "given", "The badge was given"
        REFUSED = "refused", "Not for now"
        WITHDRAWN = "withdrawn", "Taken back"

    applicant = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="badge_applications")
    countries = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    subject = models.CharField(max_length=60, blank=True)
    answers = models.ManyToManyField(Post, related_name="+")
    words = models.CharField(max_length=1000)
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    # Who decided; None where the applicant took it back.
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=9, choices=Outcome.choices, blank=True)
    # For the applicant.
    decision = models.CharField(max_length=300, blank=True)
    badge = models.OneToOneField(ExpertBadge, on_delete=models.SET_NULL, null=True, related_name="application")

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["applicant"], condition=Q(closed_at=None), name="one_waiting_application_per_member"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="") | Q(closed_at__isnull=False) & ~Q(outcome=""),
                name="a_closed_application_has_an_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"Application {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("crossings:badge-application", args=[self.pk])

    @property
    def is_waiting(self) -> bool:
        return self.closed_at is None

    def standing_endorsements(self) -> models.QuerySet["Endorsement"]:
        return self.endorsements.standing()


class EndorsementQuerySet(models.QuerySet["Endorsement"]):
    def standing(self) -> "EndorsementQuerySet":
        """Those of members who are experts, moderators or administrators now, and may write."""
        expert = Exists(ExpertBadge.objects.awake().filter(user=OuterRef("by")))
        moderates = Exists(Subforum.moderators.through.objects.filter(user=OuterRef("by")))
        ranked = (Q(moderates) | Q(by__is_staff=True)) & keeps_rank("by__")
        return self.filter(Q(expert) | ranked, may_write("by__"))


class Endorsement(models.Model):
    """The word of an expert or a moderator that a member should have the badge."""

    application = models.ForeignKey(BadgeApplication, on_delete=models.CASCADE, related_name="endorsements")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    objects = EndorsementQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["application", "by"], name="nobody_endorses_twice")]

    def __str__(self) -> str:
        return f"For application {self.application_id}"
