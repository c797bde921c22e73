from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class FlagQuerySet(models.QuerySet["Flag"]):
    def open(self) -> "FlagQuerySet":
        return self.filter(closed_at=None)

    def against(self, member: Any) -> "FlagQuerySet":
        """Flags of a member's posts and profile."""
        return self.filter(Q(post__author=member) | Q(profile=member))


class Flag(models.Model):
    """A flag of a post, or of a member's profile, by a member; without a member, by a filter."""

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
    post = models.ForeignKey("forum.Post", on_delete=models.CASCADE, null=True, related_name="flags", db_index=False)
    # Whose profile it is about, and which part of it: "" for all of it.
    profile = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="flags_of_profile"
    )
    part = models.CharField(max_length=15, blank=True, default="", db_default="")
    # What others could see of the profile then, by field: its member may change it before a moderator looks.
    stood = models.JSONField(default=dict, db_default={}, editable=False)
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
                condition=Q(closed_at=None, post__isnull=False),
                nulls_distinct=False,
                name="one_open_flag_per_member_and_post",
            ),
            models.UniqueConstraint(
                fields=["profile", "by"],
                condition=Q(closed_at=None, profile__isnull=False),
                name="one_open_flag_per_member_and_profile",
            ),
            models.CheckConstraint(
                condition=Q(post__isnull=False, profile=None) | Q(post=None, profile__isnull=False),
                name="a_flag_is_of_a_post_or_a_profile",
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
        about = f"post {self.post_id}" if self.post_id else f"profile {self.profile_id}"
        return f"{self.get_reason_display()}: {about}"
