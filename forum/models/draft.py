from django.conf import settings
from django.db import models
from django.db.models import Q

from forum.models.post import Post
from forum.models.subforum import Subforum
from forum.models.topic import Topic


class Draft(models.Model):
    """A draft: a reply to a topic, a new topic in a subforum, or an edit of a post. One of the three is set."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, null=True, related_name="+")
    subforum = models.ForeignKey(Subforum, on_delete=models.CASCADE, null=True, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, null=True, related_name="+")
    title = models.CharField(max_length=500, blank=True)
    source = models.TextField(blank=True)
    # For an edit: the post's `edits_count` when the form was opened.
    based_on = models.PositiveIntegerField(null=True)
    saved_at = models.DateTimeField()
    # Changes with every save, so that a form knows whether another has saved since it was opened.
    version = models.BigIntegerField(default=0, db_default=0)
    # The form that saved it last: its idempotency key, which each page has of its own.
    form_key = models.UUIDField(null=True)
    # Texts of other forms that began from an older version: dicts with `key`, `title`, `source` and `saved_at`.
    copies = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(topic__isnull=False, subforum=None, post=None)
                | Q(topic=None, subforum__isnull=False, post=None)
                | Q(topic=None, subforum=None, post__isnull=False),
                name="a_draft_is_for_one_place",
            ),
            models.UniqueConstraint(
                fields=["user", "topic", "subforum", "post"], nulls_distinct=False, name="one_draft_per_place"
            ),
        ]

    def __str__(self) -> str:
        return f"Draft of {self.user_id}"

    @property
    def has_copies(self) -> bool:
        return self.copies is not None

    @property
    def place(self) -> str:
        return place_of(self.topic or self.subforum or self.post)


def place_of(thing: Topic | Subforum | Post | None) -> str:
    """The place of a draft as a string for forms and local storage: "topic-12"."""
    return f"{thing._meta.model_name}-{thing.pk}" if thing else ""
