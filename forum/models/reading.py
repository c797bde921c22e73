from django.conf import settings
from django.db import models

from forum.models.subforum import Subforum
from forum.models.topic import Topic


class Reading(models.Model):
    """How far a member has read in a topic: the number of the last post they have seen."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="readings")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="readings")
    number = models.PositiveIntegerField()
    # When they last looked, up to SEEN_EVERY late (forum/unread.py): who reads now needs no letter about it.
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "topic"], name="one_reading_per_topic")]

    def __str__(self) -> str:
        return f"{self.user_id} has read {self.topic_id} up to {self.number}"


class SubforumReading(models.Model):
    """A member's "mark all read" of a subforum: topics whose last post is older than `read_until` count as read."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    subforum = models.ForeignKey(Subforum, on_delete=models.CASCADE, related_name="+")
    read_until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "subforum"], name="one_mark_per_subforum")]

    def __str__(self) -> str:
        return f"{self.user_id} has read {self.subforum_id} until {self.read_until}"
