from django.conf import settings
from django.db import models
from django.db.models import F, Q


class IgnoredQuerySet(models.QuerySet["Ignored"]):
    def ignoring_ids(self, member_id: int) -> set[int]:
        """Primary keys of the users who ignore a member: nothing that the member does is news for them."""
        return set(self.filter(member=member_id).values_list("user", flat=True))


class Ignored(models.Model):
    """A user's wish not to read a member: posts are folded, and there is no news and no message of them.

    Nobody else learns of it, the member neither. What moderators and administrators say as such is read all the same
    (forum/permissions.py: `is_folded`).
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="ignored_members")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="ignored_by")
    ignored_at = models.DateTimeField()

    objects = IgnoredQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "member"], name="a_member_is_ignored_once"),
            models.CheckConstraint(condition=~Q(user=F("member")), name="nobody_ignores_themselves"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} ignores {self.member_id}"
