from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models


class ExpertBadgeQuerySet(models.QuerySet["ExpertBadge"]):
    def standing(self) -> "ExpertBadgeQuerySet":
        """Those that are not withdrawn, asleep or not: what a member is known for."""
        return self.filter(withdrawn_at=None)

    def awake(self) -> "ExpertBadgeQuerySet":
        """Those that are shown beside posts and weigh as an expert's word (`ExpertBadge.is_awake`)."""
        return self.standing().filter(asleep_at=None)

    def asleep(self) -> "ExpertBadgeQuerySet":
        return self.standing().filter(asleep_at__isnull=False)


# `awake()` as SQL, of a row named `badge`.
IS_AWAKE = "badge.withdrawn_at IS NULL AND badge.asleep_at IS NULL"


def countries_of_badges(user: models.OuterRef) -> ArraySubquery:
    """A subquery to annotate the country codes of a member's awake badges; `user` is the OuterRef of the member."""
    codes = (
        ExpertBadge.objects.awake()
        .filter(user=user)
        .annotate(code=models.Func("countries", function="unnest"))
        .values_list("code")
    )
    return ArraySubquery(codes)


class BadgeSubject(models.Model):
    """A subject that badges are given for: "Visas". The staff's list (`ExpertBadge.subject` is its name).

    Badges speak in the subforums that are about it (`Subforum.subjects`), or everywhere if there are none.
    """

    name = models.CharField(
        max_length=60, unique=True, error_messages={"unique": "This subject is on the list already."}
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ExpertBadge(models.Model):
    """The staff's word that a member knows a region or a subject: "China expert".

    It sleeps after a year without use, until it is used again (crossings/experts/sleep.py).
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="badges")
    title = models.CharField(max_length=40)
    countries = ArrayField(
        models.CharField(max_length=2), default=list, blank=True, help_text="ISO 3166 codes, such as KG."
    )
    subject = models.CharField(max_length=60, blank=True, help_text="What it is for, if not countries.")
    # Shown on the profile.
    reason = models.CharField(max_length=300, blank=True, default="", db_default="")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="badges_given")
    given_at = models.DateTimeField()
    asleep_at = models.DateTimeField("asleep since", null=True, blank=True, editable=False)
    woken_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ExpertBadgeQuerySet.as_manager()

    class Meta:
        ordering = ["given_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "title"],
                condition=models.Q(withdrawn_at=None),
                name="one_standing_badge_per_title",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_awake(self) -> bool:
        """As `ExpertBadgeQuerySet.awake`."""
        return self.withdrawn_at is None and self.asleep_at is None


class BadgeChange(models.Model):
    """A line of a badge's history."""

    class Kind(models.TextChoices):
        GIVEN = "given", "Given"
        CHANGED = "changed", "Changed"
        ASLEEP = "asleep", "Fell asleep"
        WOKEN = "woken", "Woke"
        WITHDRAWN = "withdrawn", "Withdrawn"

    badge = models.ForeignKey(ExpertBadge, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    at = models.DateTimeField()
    # None: by itself.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.at:%Y-%m-%d}"
