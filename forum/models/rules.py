from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from forum.models.subforum import Subforum


class RulesBanner(models.Model):
    """The numbered rules above a subforum; without a subforum, those of the whole forum."""

    subforum = models.OneToOneField(Subforum, on_delete=models.CASCADE, null=True, blank=True, related_name="rules")
    introduction = models.CharField(max_length=200, help_text="One line, shown while the rules are folded.")
    rules = ArrayField(models.CharField(max_length=500), help_text="Markdown, one rule each.")
    # Safe and ready: written with the rules, by forum.markup.
    rules_html = ArrayField(models.TextField(), editable=False)
    version = models.PositiveIntegerField(default=1)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subforum"], nulls_distinct=False, name="one_banner_for_the_whole_forum")
        ]

    def __str__(self) -> str:
        return f"Rules of {self.subforum or 'the forum'}"
