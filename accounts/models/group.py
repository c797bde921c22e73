from django.conf import settings
from django.db import models
from django.db.models import Q


class MemberGroup(models.Model):
    """A group of chosen members, for subforums that only they and the staff read."""

    name = models.CharField(
        max_length=60, unique=True, error_messages={"unique": "There is a group of this name already."}
    )
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class GroupMembershipQuerySet(models.QuerySet["GroupMembership"]):
    def standing(self) -> "GroupMembershipQuerySet":
        """Those that have not ended."""
        return self.filter(removed_at=None)


class GroupMembership(models.Model):
    """A member's time in a group. What has ended stays as the group's history: who added and removed whom, and when."""

    group = models.ForeignKey(MemberGroup, on_delete=models.CASCADE, related_name="memberships")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="group_memberships")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = GroupMembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "member"], condition=Q(removed_at=None), name="a_member_is_in_a_group_once"
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None) | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="a_membership_that_ended_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in group {self.group_id}"
