from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Upper
from django.urls import reverse

from forum.models import Subforum
from pagecache import versions
from pagecache.prepared import text_mark


class Country(models.Model):
    """A country with crossings, and the article that staff write about it."""

    # ISO 3166-1 alpha-2; XK (Kosovo) is a user-assigned code.
    code = models.CharField(max_length=2, primary_key=True)
    name = models.CharField(max_length=60, unique=True)
    article = models.TextField(blank=True, help_text="Markdown.")
    article_html = models.TextField(blank=True, editable=False)
    # Which markup made that.
    markup_version = models.PositiveSmallIntegerField(default=0, editable=False)
    # The month to which the article's facts were looked after: its first day.
    article_as_of = models.DateField(null=True, blank=True)
    article_number = models.PositiveIntegerField(default=0, editable=False)
    # Kept pages of this country end when it rises.
    version = models.PositiveBigIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "countries"
        constraints = [
            models.CheckConstraint(condition=Q(code__regex="^[A-Z]{2}$"), name="a_country_code_is_two_capitals"),
            models.CheckConstraint(
                condition=Q(article="") | Q(article_as_of__isnull=False), name="an_article_says_as_of_when"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of_country(self.code)


def address_of_country(code: str) -> str:
    return reverse("crossings:country", args=[code.lower()])


class ArticleRevision(models.Model):
    """What a country's article said before an edit, and who made that edit, when and why."""

    country = models.ForeignKey(Country, on_delete=models.CASCADE, related_name="revisions")
    # 1 is the empty page before the first article; the present text is one more than the last of these.
    number = models.PositiveIntegerField()
    article = models.TextField(blank=True)
    as_of = models.DateField(null=True, blank=True)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["country", "number"], name="one_article_revision_per_number")]

    def __str__(self) -> str:
        return f"Version {self.number} of the article on {self.country_id}"


versions.register("countries", lambda: Country.objects.all(), versions.CountAndTotal("version"))
# The page shows the article, the crossings (crossings/models/crossing.py), and topics about them wherever they stand.
versions.register(
    "country",
    lambda: Country.objects.filter(pk=Upper(Value(text_mark(0)))),
    "version",
    lambda: versions.of_others(Subforum.objects.all(), versions.Total("version")),
)
