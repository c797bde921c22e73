from django.conf import settings
from django.db import models

from forum.models import Post


class AnswerConfirmation(models.Model):
    """An expert's word that an answer still holds: one row of each expert, with the last time it was said."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="confirmations", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "by"], name="one_confirmation_per_expert")]

    def __str__(self) -> str:
        return f"{self.by_id} confirms {self.post_id}"
