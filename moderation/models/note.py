from django.conf import settings
from django.db import models
from django.db.models import F


class StaffNote(models.Model):
    """A moderator's note about a member, for the moderators of one subforum; an administrator's without one is for all
    moderators (moderation/log/member_history.py)."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff_notes", db_index=False
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # Empty in old notes, too, of moderators of several subforums: only they and administrators read these.
    subforum = models.ForeignKey("forum.Subforum", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.CharField(max_length=1000)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(F("member"), F("id").desc(), name="notes_on_a_member")]

    def __str__(self) -> str:
        return self.text
