from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models


class ExpertBadgeQuerySet(models.QuerySet["ExpertBadge"]):
    def standing(self) -> "ExpertBadgeQuerySet":
        return self.filter(withdrawn_at=None)


def countries_of_badges(user: models.OuterRef) -> ArraySubquery:
    """A subquery to annotate the country codes of a member's standing badges; `user` is the OuterRef of the member."""
    codes = (
        ExpertBadge.objects.standing()
        .filter(user=user)
        .annotate(code=models.Func("countries", function="unnest"))
        .values_list("code")
    )
    return ArraySubquery(codes)


class ExpertBadge(models.Model):
    """The staff's word that a member knows a region or a subject: "China expert"."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="badges")
    title = models.CharField(max_length=40)
    countries = ArrayField(
        models.CharField(max_length=2), default=list, blank=True, help_text="ISO 3166 codes, such as KG."
    )
    subject = models.CharField(max_length=60, blank=True, help_text="What it is for, if not countries.")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="badges_given")
    given_at = models.DateTimeField()
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
