from django.conf import settings
from django.db import models
from django.db.models import F, Q, Subquery
from django.db.models.functions import Coalesce

from forum.models.post import Post


class PostRevisionQuerySet(models.QuerySet["PostRevision"]):
    def shown_to_readers(self, post: Post) -> "PostRevisionQuerySet":
        """The edits of a post whose former text everybody could read: those after the last text that was hidden or
        held, stood where not all may read, or was replaced by a moderator, and so may hold what had to go."""
        closed = self.filter(Q(was_public=False) | ~Q(edited_by=post.author_id), post=post.pk).order_by("-number")
        last = Coalesce(Subquery(closed.values("number")[:1]), 0)
        return self.filter(post=post.pk, number__gt=last)


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
    # Whether everybody could read this text when it was replaced. Not known of those from before this column.
    was_public = models.BooleanField(default=False, db_default=False)

    objects = PostRevisionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "number"], name="one_revision_per_number")]
        indexes = [models.Index(F("edited_by"), F("edited_at").desc(), name="edits_of_a_member")]

    def __str__(self) -> str:
        return f"Version {self.number} of post {self.post_id}"
