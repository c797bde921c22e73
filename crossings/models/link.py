from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q

from crossings.models.crossing import Crossing
from forum.models import Topic
from pagecache import versions


class LinkQuerySet(models.QuerySet["CrossingTopic"]):
    def standing(self) -> "LinkQuerySet":
        return self.filter(removed_at=None)

    def of_country(self, code: str) -> "LinkQuerySet":
        return self.filter(crossing__in=Crossing.objects.of_country(code).order_by())


class CrossingTopic(models.Model):
    """A topic is about a crossing. A link that somebody removed stays removed: no machine makes it again."""

    class Source(models.TextChoices):
        AUTHOR = "author", "its author"
        GAZETTEER = "gazetteer", "its words"
        EXPERT = "expert", "an expert"
        MODERATOR = "moderator", "a moderator"
        REPORT = "report", "a report in it"

    crossing = models.ForeignKey(Crossing, on_delete=models.CASCADE, related_name="links", db_index=False)
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="crossing_links")
    source = models.CharField(max_length=9, choices=Source.choices)
    linked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    linked_at = models.DateTimeField()
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["crossing", "topic"], name="one_link_per_crossing_and_topic")]
        indexes = [models.Index(fields=["crossing", "topic"], name="standing_links", condition=Q(removed_at=None))]

    def __str__(self) -> str:
        return f"{self.topic_id} about {self.crossing_id}"


# What cards, notices and report lines show of the crossings that a topic is about.
versions.depends_also(
    "topic",
    lambda: versions.of_others(CrossingTopic.objects.filter(topic=OuterRef("pk")), versions.Total("crossing__version")),
)
