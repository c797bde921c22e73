from django.conf import settings
from django.db import models
from django.db.models import F

from forum.models.post import Post


class PostRevision(models.Model):
    """The text of a post before an edit, and editor, time and reason of that edit."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="revisions")
    # 1 is the original text; the current text has the number after the last revision.
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120, blank=True, help_text="The topic's title then, if this opens a topic.")
    source = models.TextField()
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "number"], name="one_revision_per_number")]
        indexes = [models.Index(F("edited_by"), F("edited_at").desc(), name="edits_of_a_member")]

    def __str__(self) -> str:
        return f"Version {self.number} of post {self.post_id}"
