from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.readers import ReaderFacts, as_reader


class QueueItemQuerySet(models.QuerySet["QueueItem"]):
    def open(self) -> "QueueItemQuerySet":
        return self.filter(closed_at=None)

    def for_moderator(self, user: ReaderFacts) -> "QueueItemQuerySet":
        """Items of the subforums that the user moderates, and of profiles; for administrators all."""
        reader = as_reader(user)
        if not reader.can_write:
            return self.none()
        if reader.is_staff:
            return self
        if not reader.moderates_ids:
            return self.none()
        return self.filter(Q(subforum__in=reader.moderates_ids) | Q(is_profile=True))

    def oldest_first(self) -> "QueueItemQuerySet":
        return self.order_by("opened_at", "pk")

    def riskiest_first(self) -> "QueueItemQuerySet":
        return self.order_by("-risk", "opened_at", "pk")

    def of_kind(self, kind: str) -> "QueueItemQuerySet":
        return self.filter(kinds__contains=[kind])


class QueueItem(models.Model):
    """A queue item: all flags, holds and appeals about one post, all flags of one profile, or appeals about acts on a
    member."""

    class Kind(models.TextChoices):
        FLAG = "flag", "Flag"
        HOLD = "hold", "Hold"
        APPEAL = "appeal", "Appeal"
        DUPLICATE = "duplicate", "Possible duplicate"
        OUTDATED = "outdated", "Outdated"
        PROFILE = "profile", "Profile"

    post = models.ForeignKey("forum.Post", on_delete=models.CASCADE, null=True, related_name="queue_items")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="queue_items")
    # Whether it is about the member's profile, which every moderator may clear.
    is_profile = models.BooleanField(default=False, db_default=False)
    # Follows the post when it moves; None for profiles, and for acts on a member, which are for administrators.
    subforum = models.ForeignKey("forum.Subforum", on_delete=models.PROTECT, null=True, related_name="+")
    kinds = ArrayField(models.CharField(max_length=9, choices=Kind.choices), default=list)
    risk = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField()
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    claimed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = QueueItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post"], condition=Q(closed_at=None), name="one_open_item_per_post"),
            models.UniqueConstraint(
                fields=["member"], condition=Q(closed_at=None, is_profile=True), name="one_open_item_per_profile"
            ),
            models.CheckConstraint(
                condition=Q(claimed_by=None, claimed_at=None) | Q(claimed_by__isnull=False, claimed_at__isnull=False),
                name="a_claim_has_its_time",
            ),
        ]
        indexes = [
            models.Index(F("subforum"), F("opened_at"), condition=Q(closed_at=None), name="open_items_by_age"),
            models.Index(
                F("subforum"), F("risk").desc(), F("opened_at"), condition=Q(closed_at=None), name="open_items_by_risk"
            ),
            # For administrators, who see the items of all subforums.
            models.Index(F("opened_at"), F("id"), condition=Q(closed_at=None), name="all_open_items_by_age"),
            models.Index(
                F("risk").desc(), F("opened_at"), F("id"), condition=Q(closed_at=None), name="all_open_items_by_risk"
            ),
            models.Index(fields=["closed_at"], condition=Q(closed_at__isnull=False), name="items_by_when_closed"),
        ]

    def __str__(self) -> str:
        return f"Post {self.post_id}" if self.post_id else f"Member {self.member_id}"


class QueueNote(models.Model):
    """A moderator's note on a queue item, for other moderators."""

    item = models.ForeignKey(QueueItem, on_delete=models.CASCADE, related_name="notes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=1000)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text
