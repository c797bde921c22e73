from django.conf import settings
from django.db import models

from crossings.models.crossing import Crossing


class EditQuerySet(models.QuerySet["CrossingEdit"]):
    def of_the_crossing_itself(self) -> "EditQuerySet":
        """What editors changed of it, its facts or its names. What was done with a notice, hours or clocks stands alone
        in an edit."""
        alone = (CrossingEdit.NOTICE, CrossingEdit.HOURS, CrossingEdit.CLOCKS)
        own = self.filter(edited_by__isnull=False)
        for what in alone:
            own = own.exclude(changes__contains=[[what]])
        return own

    def of_hours(self) -> "EditQuerySet":
        return self.filter(edited_by__isnull=False, changes__contains=[[CrossingEdit.HOURS]])

    def of_clocks(self) -> "EditQuerySet":
        return self.filter(edited_by__isnull=False, changes__contains=[[CrossingEdit.CLOCKS]])


class CrossingEdit(models.Model):
    """A change of a crossing's names or facts, or of its notices, by the editors."""

    NOTICE = "Notice"
    HOURS = "Posted hours"
    CLOCKS = "Clocks"

    crossing = models.ForeignKey(Crossing, on_delete=models.CASCADE, related_name="edits")
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    edited_at = models.DateTimeField()
    reason = models.CharField(max_length=200)
    # What changed, in words: a list of [what, before, after].
    changes = models.JSONField()

    objects = EditQuerySet.as_manager()

    class Meta:
        ordering = ["-edited_at", "-pk"]

    def __str__(self) -> str:
        return f"Edit of {self.crossing_id}"
