from django.conf import settings
from django.db import models
from django.db.models import F, Q


class FlagQuerySet(models.QuerySet["Flag"]):
    def open(self) -> "FlagQuerySet":
        return self.filter(closed_at=None)


class Flag(models.Model):
    """A flag of a post by a member; without a member, by a filter."""

    class Reason(models.TextChoices):
        RULES = "rules", "It breaks a rule"
        ADVERTISING = "advertising", "It is advertising"
        DUPLICATE = "duplicate", "The same was asked elsewhere"
        OUTDATED = "outdated", "It is wrong or no longer true"
        DANGEROUS = "dangerous", "Following it is dangerous"
        PERSONAL = "personal", "It tells private things of somebody"
        OTHER = "other", "Something else"

    class Outcome(models.TextChoices):
        UPHELD = "upheld", "Upheld"
        DISMISSED = "dismissed", "Dismissed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    item = models.ForeignKey("moderation.QueueItem", on_delete=models.CASCADE, related_name="flags")
    post = models.ForeignKey("forum.Post", on_delete=models.CASCADE, related_name="flags", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="flags")
    reason = models.CharField(max_length=11, choices=Reason.choices)
    # See ModerationEntry.
    rule = models.PositiveSmallIntegerField(null=True, blank=True)
    is_forum_rule = models.BooleanField(default=False)
    # Text of the rule at that time: numbers change, and posts move to subforums with other rules.
    rule_text = models.CharField(max_length=500, blank=True, default="")
    words = models.CharField(max_length=500, blank=True)
    other_topic = models.ForeignKey("forum.Topic", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    # Its weight when it was made: later changes of trust do not change it.
    weight = models.FloatField()
    # A keyed digest of the block of addresses it came from: "" if not known, or forgotten (actions/flags.py).
    address_digest = models.CharField(max_length=32, blank=True, default="", db_default="", editable=False)
    at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=9, choices=Outcome.choices, blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "by"],
                condition=Q(closed_at=None),
                nulls_distinct=False,
                name="one_open_flag_per_member_and_post",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="") | Q(closed_at__isnull=False) & ~Q(outcome=""),
                name="a_closed_flag_has_an_outcome",
            ),
        ]
        indexes = [
            models.Index(F("post"), F("at").desc(), name="flags_of_a_post"),
            models.Index(F("by"), F("at").desc(), name="flags_of_a_member"),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}: post {self.post_id}"
