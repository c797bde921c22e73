from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Deferrable, Exists, F, OuterRef, Q
from django.urls import reverse

from accounts.models.user import badge_titles
from accounts.readers import VISITOR, ReaderFacts, as_reader
from forum.models.reaction import Reaction
from forum.models.subforum import readable_subforums
from forum.models.topic import POSTS_PER_PAGE, Topic


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, user: ReaderFacts) -> "PostQuerySet":
        """Posts the user may read: hidden ones for moderators alone, held ones for their author too."""
        reader = as_reader(user)
        if reader.is_staff:
            return self
        readable = self.filter(readable_subforums(reader, "topic__subforum__"))
        moderated = Q(topic__subforum_id__in=reader.moderates_ids)
        held = Q(held_at=None, topic__held_at=None) | moderated
        if reader.is_authenticated:
            held |= Q(author_id=reader.pk)
        return readable.filter(Q(hidden_at=None, topic__hidden_at=None) | moderated, held)

    def readable(self) -> "PostQuerySet":
        """Neither hidden nor held: what the topic's counters count."""
        return self.filter(hidden_at=None, held_at=None)

    def listed_for(self, user: ReaderFacts) -> "PostQuerySet":
        """What lists outside of topics show the user: nothing hidden or held, nor in hidden topics, not to moderators
        either, who find that on their own pages."""
        return self.visible_to(user).readable().filter(topic__hidden_at=None, topic__held_at=None)

    def readable_by_all(self) -> "PostQuerySet":
        """What a visitor may read: what members' counters count."""
        return self.readable().filter(
            readable_subforums(VISITOR, "topic__subforum__"), topic__hidden_at=None, topic__held_at=None
        )

    def on_page(self, page: int) -> "PostQuerySet":
        """One page of a topic: a range of numbers, so that page 1,000 costs what page 1 costs."""
        first = (page - 1) * POSTS_PER_PAGE + 1
        return self.filter(number__range=(first, first + POSTS_PER_PAGE - 1)).order_by("number")

    def with_authors(self) -> "PostQuerySet":
        """select_related("author"), and the titles of the author's badges as `author_badges`, in the same query."""
        return self.select_related("author").annotate(author_badges=badge_titles(OuterRef("author_id")))

    def with_reactions_of(self, user: ReaderFacts) -> "PostQuerySet":
        """Annotates `reacted_helpful`, `reacted_still_true`, `reacted_outdated` for one user."""
        mine = Reaction.objects.filter(post=OuterRef("pk"), user_id=user.pk or 0)
        return self.annotate(**{f"reacted_{kind}": Exists(mine.filter(kind=kind)) for kind in Reaction.Kind.values})


class Post(models.Model):
    """One message in a topic."""

    # The index of (topic, number) serves it; by an index on topic alone PostgreSQL may plan to read whole topics.
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="posts", db_index=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts")
    # 1, 2, 3 … within the topic: hidden and held posts keep theirs, so that pages never shift.
    number = models.PositiveIntegerField()
    source = models.TextField()
    # Denormalised title of the topic, for the search column (forum/search.py).
    heading = models.CharField(max_length=120, default="", editable=False)
    html = models.TextField()
    markup_version = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField(default=0)
    written_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    # Also the version of the text, for detecting edit conflicts (`based_on`).
    edits_count = models.PositiveIntegerField(default=0)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    held_at = models.DateTimeField(null=True, blank=True)
    helpful_count = models.PositiveIntegerField(default=0)
    still_true_count = models.PositiveIntegerField(default=0)
    outdated_count = models.PositiveIntegerField(default=0)
    # When the newest standing "still true" and "outdated" were given.
    still_true_at = models.DateTimeField(null=True, blank=True)
    outdated_at = models.DateTimeField(null=True, blank=True)
    # When a moderator marked it as out of date; an expert's confirmation since counts more (crossings/freshness).
    marked_outdated_at = models.DateTimeField(null=True, blank=True)
    idempotency_key = models.UUIDField(null=True, blank=True, editable=False)

    answer: Any  # its standing answer as AnswerRow, set by the view
    excerpt: str  # its beginning as plain text, set by the profile's view
    found_words: str  # HTML of the passage where a search found it, by forum.markup
    is_bookmarked: bool  # whether the reader bookmarked it, set by the view
    is_folded: bool  # whether the reader ignores its author, set by the view
    is_new: bool  # whether it is unread, set by the view
    may: Any  # the reader's PostPermissions (forum/permissions.py), set by the view
    parts: list  # parts of other apps (forum/extensions/fragments.py), set by the view

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            # Deferrable, because merging and splitting topics renumber many posts in one UPDATE.
            models.UniqueConstraint(
                fields=["topic", "number"], name="one_post_per_number", deferrable=Deferrable.IMMEDIATE
            ),
            models.UniqueConstraint(fields=["author", "idempotency_key"], name="one_post_per_idempotency_key"),
            models.CheckConstraint(condition=Q(number__gt=0), name="numbers_begin_at_one"),
        ]
        indexes = [
            models.Index(F("author"), F("written_at").desc(), name="posts_of_an_author"),
            models.Index(F("written_at").desc(), F("id").desc(), name="posts_by_time"),
        ]

    def __str__(self) -> str:
        return f"Post {self.number} in {self.topic_id}"

    def get_absolute_url(self) -> str:
        return reverse("forum:post", args=[self.pk])

    @property
    def is_opening_post(self) -> bool:
        """Whether it stands for its topic: hidden, held and withdrawn with it. In a running topic no post does."""
        return self.number == 1 and not self.topic.is_running

    @property
    def is_readable(self) -> bool:
        return self.hidden_at is None and self.held_at is None

    @property
    def is_withdrawn(self) -> bool:
        """Hidden by its own author."""
        return self.hidden_at is not None and self.hidden_by_id == self.author_id


class PostReference(models.Model):
    """A reference in a post's stored HTML: a member it mentions, or a post it quotes. One of the two is set."""

    referrer = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="references")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="mentioned_in")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, null=True, related_name="quoted_in")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None, post__isnull=False) | Q(user__isnull=False, post=None),
                name="a_reference_names_one_thing",
            ),
            models.UniqueConstraint(
                fields=["referrer", "user", "post"], nulls_distinct=False, name="one_reference_per_thing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.referrer_id} names {self.user_id or self.post_id}"
