from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Case, Deferrable, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce, TruncDay
from django.urls import reverse

from accounts.models import ExpertBadge
from accounts.readers import VISITOR, ReaderFacts, as_reader
from forum.models.reaction import OUTDATED_NEEDED, Reaction
from forum.models.subforum import readable_subforums, spoken_titles
from forum.models.topic import POSTS_PER_PAGE, Topic

PAGES_LANGUAGE = "en"


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

    def hidden_from(self, author: ReaderFacts) -> "PostQuerySet":
        """A member's own posts that another hid, by themselves or with their topic, wherever they stand now."""
        is_gone = Q(hidden_at__isnull=False) | Q(topic__hidden_at__isnull=False)
        return self.filter(is_gone, author=author.pk).exclude(hidden_by=author.pk)

    def readable(self) -> "PostQuerySet":
        """Neither hidden nor held: what the topic's counters count."""
        return self.filter(hidden_at=None, held_at=None)

    def listed_for(self, user: ReaderFacts) -> "PostQuerySet":
        """What lists outside of topics show the user: nothing hidden or held, nor in hidden topics, not to moderators
        either, who find that on their own pages."""
        return self.visible_to(user).readable().filter(topic__hidden_at=None, topic__held_at=None)

    def readable_by_all(self) -> "PostQuerySet":
        """What a visitor may read: what members' counters count."""
        return self.filter(is_readable_by_all())

    def on_page(self, page: int) -> "PostQuerySet":
        """One page of a topic: a range of numbers, so that page 1,000 costs what page 1 costs."""
        first = (page - 1) * POSTS_PER_PAGE + 1
        return self.filter(number__range=(first, first + POSTS_PER_PAGE - 1)).order_by("number")

    def with_authors(self) -> "PostQuerySet":
        """select_related("author"), and titles of the badges that speak here as `author_badges`, in one query."""
        return self.select_related("author").annotate(author_badges=spoken_titles("author_id", "topic__"))

    def with_called_outdated(self) -> "PostQuerySet":
        """Annotates `called_outdated_at`, when what readers see of it was pressed last; None where they see nothing.

        Where only an expert's word counts, it is the day of that. By the rule of `is_called_outdated`.
        """
        by_members = When(_called_by_members(), then="outdated_at")
        return self.annotate(called_outdated_at=Case(by_members, default=expert_outdated_at()))

    def with_reactions_of(self, user: ReaderFacts) -> "PostQuerySet":
        """Annotates `reacted_helpful`, `reacted_still_true`, `reacted_outdated` for one user."""
        mine = Reaction.objects.filter(post=OuterRef("pk"), user_id=user.pk or 0)
        return self.annotate(**{f"reacted_{kind}": Exists(mine.filter(kind=kind)) for kind in Reaction.Kind.values})


def calls_of_experts() -> models.QuerySet[Reaction]:
    """The "outdated" that experts of a country that its topic is about pressed on a post (the outer query's), since it
    was confirmed last. Neither post nor topic are looked up again."""
    confirmed_at = ExpressionWrapper(OuterRef("confirmed_at"), output_field=models.DateTimeField())
    calls = Reaction.objects.filter(_is_since("given_at", confirmed_at), post=OuterRef("pk"))
    badges = ExpertBadge.objects.awake().filter(
        user=OuterRef("user"), countries__overlap=OuterRef(OuterRef("topic__countries"))
    )
    return calls.filter(Exists(badges), kind=Reaction.Kind.OUTDATED)


def called_outdated_by_expert() -> Exists:
    """An expression: whether such an expert calls a post outdated."""
    return Exists(calls_of_experts())


def expert_outdated_at() -> Case:
    """An expression: when such an expert called a post outdated last; the CASE keeps the subquery from most posts."""
    newest = calls_of_experts().order_by("-given_at").values("given_at")[:1]
    return Case(When(outdated_count__gt=0, then=Subquery(newest)), output_field=models.DateTimeField())


def is_readable_by_all(prefix: str = "") -> Q:
    """A Q that a visitor may read the post at the end of the path `prefix`."""
    shown = {f"{prefix}{path}{name}": None for path in ("", "topic__") for name in ("hidden_at", "held_at")}
    return Q(readable_subforums(VISITOR, f"{prefix}topic__subforum__"), **shown)


def is_called_outdated() -> Q:
    """A Q that readers see that a post is called outdated: by as many members as it takes, or by such an expert, and
    not only before an expert confirmed it."""
    return _called_by_members() | (Q(outdated_count__gt=0) & Q(called_outdated_by_expert()))


def _called_by_members() -> Q:
    return Q(_is_since("outdated_at", F("confirmed_at")), outdated_count__gte=OUTDATED_NEEDED)


def _is_since(called_at: str, confirmed_at: F | ExpressionWrapper) -> Q:
    """A Q that a time is of a later day in UTC than a confirmation, if there is one: crossings/freshness/rules.py."""
    settled_until = TruncDay(confirmed_at, tzinfo=UTC) + timedelta(days=1)
    return Q(**{f"{called_at}__gte": Coalesce(settled_until, called_at)})


class WordsField(SearchVectorField):
    """A tsvector that is written and searched, and never read: selected, it is NULL, so that no page carries it."""

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        return "NULL::tsvector", ()


class Post(models.Model):
    """One message in a topic."""

    # The index of (topic, number) serves it; by an index on topic alone PostgreSQL may plan to read whole topics.
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="posts", db_index=False)
    # The index of (author, id) serves it.
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts", db_index=False)
    # 1, 2, 3 … within the topic: hidden and held posts keep theirs, so that pages never shift.
    number = models.PositiveIntegerField()
    source = models.TextField()
    # Denormalised title of the topic, for the words that search finds it by. They are made by forum/search/vectors.py;
    # search_version is that of these words, or 0 where a trigger made them.
    heading = models.CharField(max_length=120, default="", editable=False)
    search = WordsField(null=True, editable=False)
    search_version = models.SmallIntegerField(default=0, db_default=0, editable=False)
    # ISO 639, where the text shows it (forum/search/languages.py).
    language = models.CharField(max_length=3, default="", db_default="", editable=False)
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
    # When an expert confirmed it last: what was called outdated until the end of that day is settled.
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # When a moderator marked it as out of date; an expert's confirmation since counts more (crossings/freshness).
    marked_outdated_at = models.DateTimeField(null=True, blank=True)
    idempotency_key = models.UUIDField(null=True, blank=True, editable=False)

    author_has_badge: bool | None = None  # a standing one, asleep or not; set by who writes it, None: not known
    answer: Any  # its standing answer as AnswerRow, set by the view
    excerpt: str  # its beginning as plain text, set by the profile's view
    found_words: str  # HTML of the passage where a search found it, by forum.markup
    found_beside: list  # of the words it was found by, those that the passage does not show
    missing_words: list  # those that were asked for and that it lacks
    may_be_out_of_date: bool  # what its topic answers, set by the search
    called_outdated_at: datetime | None  # as readers see it, set by with_called_outdated
    is_bookmarked: bool  # whether the reader bookmarked it, set by the view
    is_folded: bool  # whether the reader ignores its author, set by the view
    signature: str
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
            # Meets answers and reports of a member without a look at all posts.
            models.Index(fields=["author", "id"], name="posts_of_an_author_by_key"),
            models.Index(F("written_at").desc(), F("id").desc(), name="posts_by_time"),
            models.Index(fields=["id"], condition=Q(search_version__lt=1), name="posts_to_be_indexed"),
        ]

    def __str__(self) -> str:
        return f"Post {self.number} in {self.topic_id}"

    def get_absolute_url(self) -> str:
        return reverse("forum:post", args=[self.pk])

    @property
    def shown_outdated_count(self) -> int:
        """How many call it outdated, as far as a reader sees that: the own word, and that of all once it counts."""
        if self.called_outdated_at:
            return self.outdated_count
        return int(getattr(self, "reacted_outdated", False))

    @property
    def is_opening_post(self) -> bool:
        """Whether it stands for its topic: hidden, held and withdrawn with it. In a running topic no post does."""
        return self.number == 1 and not self.topic.is_running

    @property
    def lang(self) -> str:
        """The `lang` attribute of its text; "" where it is that of the page, or unknown."""
        return "" if self.language == PAGES_LANGUAGE else self.language

    @property
    def is_readable(self) -> bool:
        return self.hidden_at is None and self.held_at is None

    @property
    def is_withdrawn(self) -> bool:
        """Hidden by its own author."""
        return self.hidden_at is not None and self.hidden_by_id == self.author_id


class PostWord(models.Model):
    """A folded word that some post has, for "did you mean"; counted at night (forum/search/vocabulary.py)."""

    text = models.CharField(max_length=64, primary_key=True)
    posts_count = models.PositiveIntegerField()

    class Meta:
        indexes = [GinIndex(OpClass("text", name="gin_trgm_ops"), name="words_by_trigram")]

    def __str__(self) -> str:
        return self.text


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
