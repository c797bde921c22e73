from django.conf import settings
from django.db import models
from django.db.models import Q


class HoldQuerySet(models.QuerySet["Hold"]):
    def open(self) -> "HoldQuerySet":
        return self.filter(closed_at=None)


class Hold(models.Model):
    """The reason a post is held, and the outcome."""

    class Reason(models.TextChoices):
        """The labels are shown to the author, too, so they accuse nobody."""

        FIRST_POST = "first-post", "first posts with links or contact details wait for a moderator"
        FIRST_HERE = "first-here", "first posts in this place wait for a moderator"
        LINKS = "links", "it has more links than newer members may set"
        MENTIONS = "mentions", "it calls more members by name than newer members may"
        WORDS = "words", "a word in it is one that moderators look at"
        TOO_FAST = "too-fast", "many posts came in a short time"
        COPIED = "copied", "the same text was posted before"
        FLAGS = "flags", "several members asked a moderator to look at it"
        OTHER = "other", "a moderator looks at it first"

    class Outcome(models.TextChoices):
        APPROVED = "approved", "Approved"
        REJECTED = "rejected", "Rejected"

    item = models.ForeignKey("moderation.QueueItem", on_delete=models.CASCADE, related_name="holds")
    post = models.ForeignKey("forum.Post", on_delete=models.CASCADE, related_name="holds")
    reason = models.CharField(max_length=10, choices=Reason.choices)
    # Details for moderators.
    words = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post"], condition=Q(closed_at=None), name="one_open_hold_per_post")
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}: post {self.post_id}"
