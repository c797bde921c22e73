import unicodedata
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.urls import reverse

from accounts.models import ExpertBadge
from accounts.readers import VISITOR, ReaderFacts, as_reader
from forum.models.subforum import Subforum, readable_subforums
from pagecache import versions
from pagecache.prepared import MARK

# Of visitors, and of members who chose nothing else (Reader.posts_per_page).
POSTS_PER_PAGE = VISITOR.posts_per_page
TOPICS_PER_PAGE = 30
# Pages of older topics warn that answers may be out of date.
OLD_AFTER = timedelta(days=365)
MOST_OF_A_SLUG = 80  # characters
# Punctuation that a slug leaves out without parting the words around it.
_WITHIN_WORDS = set(".'`´ʹʻʼʽˈ‘’′")


class TopicQuerySet(models.QuerySet["Topic"]):
    def visible_to(self, user: ReaderFacts) -> "TopicQuerySet":
        """Topics in subforums the user may read; hidden and held ones for their moderators alone.

        Merged topics are excluded: their URLs only redirect.
        """
        reader, standing = as_reader(user), self.filter(merged_into=None)
        if reader.is_staff:
            return standing
        readable = standing.filter(readable_subforums(reader, "subforum__"))
        moderated = Q(subforum_id__in=reader.moderates_ids)
        held = Q(held_at=None) | moderated
        if reader.is_authenticated:
            held |= Q(author_id=reader.pk)
        return readable.filter(Q(hidden_at=None) | moderated, held)

    def hidden_from(self, author: ReaderFacts) -> "TopicQuerySet":
        """A member's own topics that another hid, in subforums the member may read. Not running or merged ones."""
        theirs = self.filter(author=author.pk, is_running=False, merged_into=None, hidden_at__isnull=False)
        return theirs.filter(readable_subforums(author, "subforum__")).exclude(hidden_by=author.pk)

    def readable(self) -> "TopicQuerySet":
        """Neither hidden nor held: what the counters count."""
        return self.filter(hidden_at=None, held_at=None)

    def unanswered(self) -> "TopicQuerySet":
        return self.readable().filter(posts_count=1, locked_at=None, is_running=False)

    def answered(self) -> "TopicQuerySet":
        return self.readable().filter(answers_count__gt=0)

    def pinned_first(self) -> "TopicQuerySet":
        return self.order_by(F("pinned_at").desc(nulls_last=True), "-last_post_at", "-pk")

    def latest_first(self) -> "TopicQuerySet":
        return self.order_by("-last_post_at", "-pk")

    def with_list_columns(self) -> "TopicQuerySet":
        """The columns of a topic list by one query, with `has_expert_answer`. See also pages/topic_list.py."""
        topics = self.select_related("author", "subforum", "last_post__author").only(*_LIST_COLUMNS)
        return topics.annotate(has_expert_answer=has_expert_answer())


# Not the posts' texts, which would be larger than all the rest.
_LIST_COLUMNS = [
    "title", "slug", "version", "opened_at", "posts_count", "answers_count", "last_post_at", "pinned_at", "locked_at",
    "hidden_at", "held_at", "author__username", "subforum__label", "subforum__slug", "last_post__number",
    "last_post__author__username",
]  # fmt: skip


def has_expert_answer(prefix: str = "") -> Case:
    """An expression: whether the topic at the end of `prefix` has a standing answer of an expert.

    The CASE keeps the subquery from topics without answers, which most are.
    """
    answers = apps.get_model("forum", "Answer").objects.standing().filter(post__topic=OuterRef(f"{prefix}pk"))
    badges = ExpertBadge.objects.standing().filter(user=OuterRef("post__author"))
    expert = When(Q(**{f"{prefix}answers_count__gt": 0}), then=Exists(answers.filter(Exists(badges))))
    return Case(expert, default=False, output_field=models.BooleanField())


class Topic(models.Model):
    """A titled conversation."""

    subforum = models.ForeignKey(Subforum, on_delete=models.PROTECT, related_name="topics")
    title = models.CharField(max_length=120)
    slug = models.SlugField(max_length=MOST_OF_A_SLUG, allow_unicode=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="topics")
    # Opened and titled by the forum itself, for the reports of a crossing. It belongs to no member: the author of its
    # first post has no more permissions on it than others, and none of its posts represents the whole.
    is_running = models.BooleanField(default=False, db_default=False, editable=False)
    opened_at = models.DateTimeField()
    # Neither this nor the next is unique (a OneToOneField): a reply updates them, and the update of a unique column
    # locks FOR UPDATE, which blocks inserts that refer to the topic, and so can deadlock.
    opening_post = models.ForeignKey(
        "forum.Post", on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    # The newest readable post, and when it was written.
    last_post = models.ForeignKey("forum.Post", on_delete=models.SET_NULL, null=True, related_name="+", editable=False)
    last_post_at = models.DateTimeField()
    posts_count = models.PositiveIntegerField(default=0)
    answers_count = models.PositiveIntegerField(default=0)
    last_number = models.PositiveIntegerField(default=0)
    # Raising it invalidates cached pages of this topic.
    version = models.PositiveBigIntegerField(default=0)
    locked_at = models.DateTimeField(null=True, blank=True)
    pinned_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    held_at = models.DateTimeField(null=True, blank=True)
    lock_reason = models.CharField(max_length=200, blank=True)
    # The older topic that asks the same; both stay, and link to each other.
    duplicate_of = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="duplicates"
    )
    duplicates_count = models.PositiveIntegerField(default=0)
    # Where its posts are now; its URLs redirect there permanently (forum/redirects.py).
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # When moderators last did something that the topic's page shows.
    moderated_at = models.DateTimeField(null=True, blank=True)

    # Set by the queries of pages (forum/pages/queries.py, forum/unread.py).
    site_version: int
    read: Any  # a HowFar
    marked_number: int | None
    marked_until: datetime | None
    draft: Any  # a Draft or None

    objects = TopicQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(hidden_at__isnull=False), name="merged_topics_are_hidden"
            ),
            models.CheckConstraint(condition=~Q(duplicate_of=F("id")), name="no_topic_duplicates_itself"),
            models.CheckConstraint(
                condition=Q(is_running=False) | Q(opening_post=None), name="no_post_opens_a_running_topic"
            ),
        ]
        indexes = [
            models.Index(
                F("subforum"),
                F("pinned_at").desc(nulls_last=True),
                F("last_post_at").desc(),
                F("id").desc(),
                name="topics_of_a_subforum",
            ),
            models.Index(F("last_post_at").desc(), F("id").desc(), name="topics_by_activity"),
            models.Index(
                F("last_post_at").desc(),
                F("id").desc(),
                condition=Q(posts_count=1, hidden_at=None, held_at=None, locked_at=None),
                name="unanswered_topics",
            ),
            models.Index(
                F("last_post_at").desc(),
                F("id").desc(),
                condition=Q(answers_count__gt=0, hidden_at=None, held_at=None),
                name="answered_topics",
            ),
            models.Index(F("author"), F("opened_at").desc(), name="topics_of_an_author"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("forum:topic", args=[self.pk, self.slug])

    def url_of_page(self, page: int) -> str:
        if page == 1:
            return self.get_absolute_url()
        return reverse("forum:topic-page", args=[self.pk, self.slug, page])

    def url_of_post(self, post: "models.Model", reader: ReaderFacts) -> str:
        """Current URL of a post for a reader, with page and anchor; its permanent one is `/posts/<id>/`."""
        page = page_of(post.number, reader.posts_per_page)  # type: ignore[attr-defined]
        return f"{self.url_of_page(page)}#p{post.pk}"

    def last_page(self, posts_per_page: int = POSTS_PER_PAGE) -> int:
        return page_of(max(self.last_number, 1), posts_per_page)

    @property
    def replies_count(self) -> int:
        return max(self.posts_count - 1, 0)

    @property
    def is_readable(self) -> bool:
        return self.hidden_at is None and self.held_at is None


def page_of(number: int, posts_per_page: int = POSTS_PER_PAGE) -> int:
    """The page number, from 1, of the post with this number in its topic."""
    return (number - 1) // posts_per_page + 1


def slug_of(title: str) -> str:
    """The slug of a title, in any script with its vowel signs and marks; never empty."""
    folded = unicodedata.normalize("NFKC", title).lower()
    kept = (character for character in folded if character not in _WITHIN_WORDS)
    spaced = "".join(c if c == "_" or unicodedata.category(c)[0] in "LMN" else " " for c in kept)
    return "-".join(spaced.split())[:MOST_OF_A_SLUG].strip("-_") or "topic"


versions.register("topic", lambda: Topic.objects.filter(pk=MARK), "version")
