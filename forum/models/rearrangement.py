from django.conf import settings
from django.db import models
from django.db.models import Q

from forum.models.post import Post
from forum.models.subforum import Subforum
from forum.models.topic import Topic


class Rearrangement(models.Model):
    """A merge, split or move: all or some posts of one topic moved into a new or an existing one."""

    class Kind(models.TextChoices):
        MERGE = "merge", "Topics merged"
        SPLIT = "split", "Posts split into a new topic"
        MOVE = "move", "Posts moved into another topic"

    kind = models.CharField(max_length=5, choices=Kind.choices)
    source = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="given_away")
    target = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="taken_in")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    # State of both topics and their Readings before and after, for an exact undo (forum/actions/rearrange.py).
    before = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(source=models.F("target")), name="two_topics_are_rearranged"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.source_id}, {self.target_id}"


class FormerPlace(models.Model):
    """Topic and number of a post before it was moved, for permanent redirects and for undoing."""

    rearrangement = models.ForeignKey(Rearrangement, on_delete=models.CASCADE, related_name="former_places")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="former_places")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rearrangement", "post"], name="one_former_place_per_rearrangement")
        ]
        indexes = [models.Index(fields=["topic", "number"], name="former_places_of_a_topic")]

    def __str__(self) -> str:
        return f"{self.post_id} was number {self.number} of {self.topic_id}"


class TopicPointer(models.Model):
    """A topic was moved out of a subforum, whose list shows a pointer to it for a while."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="pointers")
    subforum = models.ForeignKey(Subforum, on_delete=models.CASCADE, related_name="pointers")
    left_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "subforum"], name="one_pointer_per_topic_and_subforum")]

    def __str__(self) -> str:
        return f"{self.topic_id} left {self.subforum_id}"
