from django.conf import settings
from django.db import models


class WatchedWord(models.Model):
    """A word or phrase that is flagged, held or blocked (see Act)."""

    class Act(models.TextChoices):
        BLOCK = "block", "Refuse the text"
        HOLD = "hold", "Let it wait for a moderator"
        FLAG = "flag", "Publish it and flag it"

    # As it was typed; moderation/filters/banned_words.py has the matching.
    pattern = models.CharField(max_length=100)
    # The folded pattern, which is unique.
    folded = models.CharField(max_length=400, editable=False)
    act = models.CharField("what happens", max_length=5, choices=Act.choices, default=Act.HOLD)
    subforum = models.ForeignKey(
        "forum.Subforum", on_delete=models.CASCADE, null=True, blank=True, related_name="watched_words"
    )
    note = models.CharField(max_length=200, blank=True, help_text="Why it is watched, for other moderators.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["folded", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["folded", "subforum"], nulls_distinct=False, name="one_watched_word_per_subforum"
            )
        ]

    def __str__(self) -> str:
        return self.pattern

    @property
    def version(self) -> str:
        """By it an edit notices that another moderator was quicker."""
        return self.at.isoformat()


class ApprovedText(models.Model):
    """A text of a member that a moderator approved: the filter ignores it from then on."""

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="approved_texts", db_index=False
    )
    digest = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["author", "digest"], name="a_text_is_approved_once")]

    def __str__(self) -> str:
        return f"A text of {self.author_id}"
