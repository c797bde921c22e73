from django.conf import settings
from django.db import models


class PresetReason(models.Model):
    """A reason for acts, written beforehand: a moderator chooses it with one press, and the author reads its text.

    Without a subforum it is one of the whole forum. Which of them a form offers: moderation/reasons/offered_reasons.py.
    """

    class Cause(models.TextChoices):
        """What puts a post into the queue, and this reason first: flags, by their reasons, and holds."""

        ADVERTISING = "advertising", "A flag for advertising"
        RULES = "rules", "A flag for breaking a rule"
        DUPLICATE = "duplicate", "The same was asked elsewhere"
        OUTDATED = "outdated", "A flag for what is wrong or no longer true"
        DANGEROUS = "dangerous", "A flag for what is dangerous"
        PERSONAL = "personal", "A flag for private things of somebody"
        WORDS = "words", "A watched word"
        COPIED = "copied", "The same text was posted before"
        LINKS = "links", "Links or contact details in a first post"

    subforum = models.ForeignKey(
        "forum.Subforum", on_delete=models.CASCADE, null=True, blank=True, related_name="preset_reasons"
    )
    label = models.CharField(max_length=30)
    # What the author reads.
    text = models.CharField(max_length=500)
    # The rule that it names, by its text: numbers change.
    rule_text = models.CharField(max_length=500, blank=True)
    is_forum_rule = models.BooleanField(default=False)
    cause = models.CharField(max_length=11, choices=Cause.choices, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    # Counts the changes of it, so that nobody saves over what they have not seen.
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["subforum", "label"], nulls_distinct=False, name="one_preset_reason_per_label_and_subforum"
            ),
            models.CheckConstraint(condition=~models.Q(label="") & ~models.Q(text=""), name="a_preset_reason_says_it"),
        ]

    def __str__(self) -> str:
        return self.label
