from django.conf import settings
from django.db import models
from django.db.models import F


class StaffNote(models.Model):
    """A moderator's note about a member, for other moderators."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff_notes", db_index=False
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=1000)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(F("member"), F("id").desc(), name="notes_on_a_member")]

    def __str__(self) -> str:
        return self.text
