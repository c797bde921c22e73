from django.conf import settings
from django.db import models

from pagecache import versions


class SiteTextQuerySet(models.QuerySet["SiteText"]):
    def current(self) -> "SiteTextQuerySet":
        """The newest version of each kind."""
        return self.order_by("kind", "-number").distinct("kind")

    def of(self, kind: str) -> "SiteTextQuerySet":
        """All versions of one kind, the newest first."""
        return self.filter(kind=kind).order_by("-number")


class SiteText(models.Model):
    """One version of a text about this site that administrators edit on it: its name, the imprint, the notice bar.

    Each change adds a row, so that the rows are the history; the newest one of a kind is shown.
    """

    class Kind(models.TextChoices):
        NAME = "name", "Name of the site"
        IMPRINT = "imprint", "Imprint"
        PRIVACY = "privacy", "Privacy"
        TERMS = "terms", "Terms of use"
        NOTICE = "notice", "Notice bar"

    class Tone(models.TextChoices):
        """How a notice looks."""

        INFORMATION = "", "Information"
        WARNING = "warning", "Warning"

    kind = models.CharField(max_length=7, choices=Kind.choices)
    number = models.PositiveIntegerField()
    # Markdown, and for the name plain text; empty where the operator took the text away.
    source = models.TextField(blank=True)
    # Sanitised HTML by forum.markup, written with the source.
    html = models.TextField(blank=True, editable=False)
    markup_version = models.PositiveSmallIntegerField(default=0, editable=False)
    tone = models.CharField(max_length=7, choices=Tone.choices, blank=True)
    # The last day in UTC on which a notice is shown; None: until it is taken away.
    until = models.DateField(null=True, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()
    # Raising it invalidates what processes remember (accounts/site_info.py) and cached pages.
    version = models.PositiveBigIntegerField(default=0)

    objects = SiteTextQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "number"], name="one_version_of_a_site_text_per_number")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, version {self.number}"


def state_number() -> models.Subquery:
    """A number that changes with every row of SiteText, as a subquery: 0 while nothing was ever set."""
    return versions.of_others(SiteText.objects.all(), versions.CountAndTotal("version"))


def read_state() -> int:
    """That number, by one query."""
    [state] = SiteText.objects.annotate(state=versions.CountAndTotal("version")).values_list("state", flat=True)
    return state
