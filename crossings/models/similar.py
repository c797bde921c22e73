from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q

from forum.models import Subforum, Topic


class NamesVersion(models.Model):
    """A number that triggers change whenever a name, a town or a country's name does. It never comes twice."""

    version = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.version)


class Matter(models.Model):
    """What a question may be about besides the place: bicycles, visas, hours. And the words by which one tells."""

    name = models.CharField(max_length=40, unique=True)
    words = models.TextField(
        help_text="With spaces between them. Two or three words that mean it only together, with hyphens: "
        "e-visa, con-men."
    )
    holds_days = models.PositiveSmallIntegerField(
        "answers hold for days",
        null=True,
        blank=True,
        help_text="After so many days an answer about it may be out of date. 0: as soon as the crossing's status does.",
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TopicTerms(models.Model):
    """What the query for similar topics reads: one narrow row a topic, written with the topic.

    A trigger keeps `subforum` and `is_readable` as they are on the topic (migration 0003).
    """

    topic = models.OneToOneField(Topic, on_delete=models.CASCADE, primary_key=True, related_name="+")
    subforum = models.ForeignKey(Subforum, on_delete=models.CASCADE, related_name="+", db_index=False)
    is_readable = models.BooleanField()
    terms = SearchVectorField()
    folded_title = models.CharField(max_length=400)
    title_matters = ArrayField(models.IntegerField())
    opening_matters = ArrayField(models.IntegerField())

    class Meta:
        # Questions are asked more often than topics are opened: the index has no list of what is still to be sorted in.
        indexes = [GinIndex(fields=["terms"], name="topics_by_terms", fastupdate=False)]

    def __str__(self) -> str:
        return f"Terms of {self.topic_id}"


class TopicVector(models.Model):
    """What a topic means, as numbers of half precision. The worker stores it, where SIMILAR_BY_MEANING is on."""

    topic = models.OneToOneField(Topic, on_delete=models.CASCADE, primary_key=True, related_name="+")
    # Vectors of different models cannot be compared.
    model = models.CharField(max_length=40)
    digest = models.BinaryField()  # of the text that it was made of
    vector = models.BinaryField()

    def __str__(self) -> str:
        return f"Vector of {self.topic_id}"


class TermWeight(models.Model):
    """How much a word tells: the more, the fewer topics have it. A new generation is whole before the old one goes."""

    pk = models.CompositePrimaryKey("generation", "lexeme")
    generation = models.IntegerField()
    lexeme = models.TextField()
    topics_count = models.IntegerField()
    weight = models.FloatField()

    def __str__(self) -> str:
        return self.lexeme


class TermState(models.Model):
    """One row: which generation of weights holds, and up to which topic rows are written and words counted."""

    generation = models.IntegerField(default=0)
    top_weight = models.FloatField(default=1)
    topics_count = models.IntegerField(default=0)
    filled_until = models.BigIntegerField(default=0)
    counted_until = models.BigIntegerField(default=0)
    # When the task that reads the topics of an import was enqueued, until it is done.
    catching_up_since = models.DateTimeField(null=True, editable=False)

    def __str__(self) -> str:
        return f"Generation {self.generation}"


class SimilarTopic(models.Model):
    """A row of the table under a topic. It is read through `visible_to`, and rebuilt by a task."""

    class Reason(models.TextChoices):
        SAME_QUESTION = "question", "Same crossing, same question"
        SAME_CROSSING = "crossing", "Same crossing"
        SIMILAR_WORDS = "words", "Similar words"

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="similar", db_index=False)
    other = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="similar_to")
    rank = models.PositiveSmallIntegerField()
    score = models.FloatField()
    reason = models.CharField(max_length=8, choices=Reason.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["topic", "other"], name="a_similar_topic_is_listed_once"),
            models.CheckConstraint(condition=~Q(topic=F("other")), name="no_topic_is_similar_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.other_id} is like {self.topic_id}"


class DuplicateSaved(models.Model):
    """A member left the composer for a topic that was suggested there: once a day, however often."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="duplicates_saved")
    day = models.DateField(db_index=True)
    was_answer = models.BooleanField(help_text="It stood among those that may answer the question already.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "topic", "day"], name="a_duplicate_is_saved_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.topic_id} on {self.day}"


class FollowedSuggestion(models.Model):
    """What a question that was not posted was about, because its writer left for a topic that was suggested.

    To measure suggestions by. It names nobody: of the title only words that several topics have, and names of places.
    """

    words = models.CharField(max_length=300)
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="+")
    day = models.DateField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["topic", "day", "words"], name="a_followed_suggestion_is_kept_once_a_day")
        ]

    def __str__(self) -> str:
        return self.words


class UnrelatedTopics(models.Model):
    """A moderator said that two topics have nothing to do with each other: neither is listed under the other."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="unrelated")
    other = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="unrelated_to")

    class Meta:
        verbose_name_plural = "unrelated topics"
        constraints = [
            models.UniqueConstraint(fields=["topic", "other"], name="topics_are_unrelated_once"),
            models.CheckConstraint(condition=Q(topic__lt=F("other")), name="unrelated_topics_are_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.topic_id} and {self.other_id}"
