from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils import timezone

from forum.models.subforum import Subforum

# For how long the banner says that the rules have changed.
TOLD_FOR = timedelta(days=30)


class RulesBanner(models.Model):
    """The numbered rules above a subforum; without a subforum, those of the whole forum."""

    subforum = models.OneToOneField(Subforum, on_delete=models.CASCADE, null=True, blank=True, related_name="rules")
    introduction = models.CharField(max_length=200, help_text="One line, shown while the rules are folded.")
    rules = ArrayField(models.CharField(max_length=500), help_text="Markdown, one rule each.")
    # Sanitised HTML by forum.markup, written with the rules.
    rules_html = ArrayField(models.TextField(), editable=False)
    markup_version = models.PositiveSmallIntegerField(default=0, editable=False)
    version = models.PositiveIntegerField(default=1)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subforum"], nulls_distinct=False, name="one_banner_for_the_whole_forum")
        ]

    def __str__(self) -> str:
        return f"Rules of {self.subforum or 'the forum'}"

    @property
    def text(self) -> str:
        """Introduction and rules as one text, for a diff."""
        return as_text(self.introduction, self.rules)

    @property
    def changed_at(self) -> datetime | None:
        """When the rules changed, if within TOLD_FOR. It expires at midnight UTC, as cached pages do."""
        is_told = timezone.now().date() - self.set_at.date() <= TOLD_FOR
        return self.set_at if self.version > 1 and is_told else None

    @property
    def history_url(self) -> str:
        return history_of(self.subforum)


class RulesVersion(models.Model):
    """One version of a banner, the current one included."""

    banner = models.ForeignKey(RulesBanner, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    introduction = models.CharField(max_length=200)
    rules = ArrayField(models.CharField(max_length=500))
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    # The editor's summary of the change.
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["banner", "number"], name="one_version_of_rules_per_number")]

    def __str__(self) -> str:
        return f"Version {self.number} of {self.banner}"

    @property
    def text(self) -> str:
        """Introduction and rules as one text, for a diff."""
        return as_text(self.introduction, self.rules)


class RulesRead(models.Model):
    """A member has confirmed that they have read the rules of a subforum."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    subforum = models.ForeignKey(Subforum, on_delete=models.CASCADE, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "rules read"
        constraints = [models.UniqueConstraint(fields=["user", "subforum"], name="rules_are_read_once")]

    def __str__(self) -> str:
        return f"{self.user} has read the rules of {self.subforum}"


def as_text(introduction: str, rules: list[str]) -> str:
    return "\n".join([introduction, "", *(f"{number}. {rule}" for number, rule in enumerate(rules, 1))])


def history_of(subforum: Subforum | None, number: int | None = None) -> str:
    """URL of the page of all versions, or of one of them."""
    route = "forum:rules-history" if subforum else "forum:forum-rules-history"
    place = [subforum.slug] if subforum else []
    return reverse(f"{route}-of-version", args=[*place, number]) if number else reverse(route, args=place)
