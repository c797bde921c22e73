from django.conf import settings
from django.db import models
from django.db.models import Q

from forum.models.post import Post


class AnswerQuerySet(models.QuerySet["Answer"]):
    def standing(self) -> "AnswerQuerySet":
        """Accepted and not withdrawn, on readable posts: what `Topic.answers_count` counts."""
        return self.filter(withdrawn_at=None, post__hidden_at=None, post__held_at=None)


class Answer(models.Model):
    """A post accepted as an answer by the topic's author or a moderator. Withdrawn ones stay as history."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="answers")
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post"], condition=Q(withdrawn_at=None), name="accepted_once_at_a_time"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="a_withdrawn_answer_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"Answer {self.post_id}"
