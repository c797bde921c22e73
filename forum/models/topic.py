from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Func, Q, Subquery, Value, When
from django.db.models.expressions import OrderBy
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from accounts.readers import VISITOR, ReaderFacts, as_reader
from accounts.text.slugs import MOST_OF_A_SLUG
from forum.models.answered_question import ASKS, has_expert_answer, is_answered
from forum.models.subforum import Subforum, readable_subforums
from pagecache import versions
from pagecache.prepared import MARK

POSTS_PER_PAGE = VISITOR.posts_per_page  # of visitors, and of members who chose nothing else
TOPICS_PER_PAGE = 30
MOST_PINNED_ACROSS = 3  # topics that are pinned across the forum at a time
# Pages of older topics warn that answers may be out of date.
OLD_AFTER = timedelta(days=365)


def address_of_topic(pk: int, slug: str, page: int) -> str:
    """The address of a page of a topic; by its number alone, where its title has no word to stand in it."""
    pages = [] if page == 1 else [page]
    name = "forum:topic-page" if pages else "forum:topic"
    return reverse(name, args=[pk, slug, *pages]) if slug else reverse(f"{name}-by-id", args=[pk, *pages])


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

    def titled(self, title: str) -> "TopicQuerySet":
        """Topics with an equal title, but for capitals, accents, punctuation and spaces; by the index of migration
        0024."""
        folded = {"function": "bp_folded_title", "output_field": models.TextField()}
        return self.alias(folded=Func("title", **folded)).filter(folded=Func(Value(title), **folded))

    def without_reply(self) -> "TopicQuerySet":
        """Topics in which anybody may reply and nobody has, whatever they are about."""
        return self.readable().filter(posts_count=1, locked_at=None, is_running=False, subforum__locked_at=None)

    def unanswered(self) -> "TopicQuerySet":
        """Questions that can still be answered, and are not: the opposite of `answered`, of topics that ask."""
        open_places = {"locked_at": None, "subforum__locked_at": None, "subforum__takes_questions": True}
        asking = self.readable().filter(ASKS, **open_places, duplicate_of=None)
        return asking.filter(answers_count=0, expert_replies_count=0)

    def answered(self) -> "TopicQuerySet":
        return self.readable().filter(is_answered())

    def with_ended_state(self) -> "TopicQuerySet":
        """Those whose lock or pin has ended by itself, until a task clears it. Read from a small index of its own."""
        ended = Q(locked_until__lte=Now()) | Q(pinned_until__lte=Now()) | Q(pinned_across_until__lte=Now())
        return self.filter(_TIMED, ended)

    def pinned_across(self) -> "TopicQuerySet":
        """Topics whose pin across the forum has not ended, also merged ones. Read from a small index of its own."""
        standing = Q(pinned_across_until=None) | Q(pinned_across_until__gt=Now())
        return self.filter(standing, pinned_across_at__isnull=False)

    def standing_across(self) -> "TopicQuerySet":
        """As pinned_across, the newest pin first, without merged topics: those that count, and that pages show."""
        return self.pinned_across().filter(merged_into=None).order_by("-pinned_across_at", "-pk")

    def pinned_first(self, *, has_ended: bool = False) -> "TopicQuerySet":
        """Pinned topics before the others. With `has_ended` pins that ended by themselves do not count, which no index
        knows: it is for the moments until a task has cleared them."""
        pinned = F("pinned_at") if not has_ended else PINNED_NOW
        return self.order_by(OrderBy(pinned, descending=True, nulls_last=True), "-last_post_at", "-pk")

    def latest_first(self) -> "TopicQuerySet":
        return self.order_by("-last_post_at", "-pk")

    def with_list_columns(self) -> "TopicQuerySet":
        """The columns of a topic list by one query, with `has_expert_answer`. See also pages/topic_list.py."""
        topics = self.select_related("author", "subforum", "last_post__author").only(*_LIST_COLUMNS)
        return topics.annotate(has_expert_answer=has_expert_answer())


# Those whose lock or pin ends by itself: the condition of an index.
_TIMED = Q(locked_until__isnull=False) | Q(pinned_until__isnull=False) | Q(pinned_across_until__isnull=False)
# As `is_locked` and `is_pinned`, in the database: when it began, or NULL.
LOCKED_NOW = Case(When(locked_until__lte=Now(), then=None), default=F("locked_at"))
PINNED_NOW = Case(When(pinned_until__lte=Now(), then=None), default=F("pinned_at"))


# Not the posts' texts, which would be larger than all the rest.
_LIST_COLUMNS = [
    "title", "slug", "version", "opened_at", "posts_count", "answers_count", "expert_replies_count", "is_running",
    "is_account", "last_post_at", "pinned_at", "locked_at", "pinned_until", "locked_until", "hidden_at", "held_at",
    "author__username", "subforum__label", "subforum__slug", "last_post__number", "last_post__author__username",
]  # fmt: skip


class Topic(models.Model):
    """A titled conversation."""

    subforum = models.ForeignKey(Subforum, on_delete=models.PROTECT, related_name="topics")
    title = models.CharField(max_length=120)
    # "" where the title is of signs alone.
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
    # What it is about, as codes in order, and whether it was opened by an account of a crossing: told by apps above
    # (crossings/links/about_columns.py).
    countries = ArrayField(models.CharField(max_length=2), default=list, db_default=Value("{}"), editable=False)
    is_account = models.BooleanField(default=False, db_default=False, editable=False)
    # Replies of others than its author, by experts of these countries (forum/counters/expert_replies.py).
    expert_replies_count = models.PositiveIntegerField(default=0, db_default=0)
    last_number = models.PositiveIntegerField(default=0)
    # Raising it invalidates cached pages of this topic.
    version = models.PositiveBigIntegerField(default=0)
    locked_at = models.DateTimeField(null=True, blank=True)
    pinned_at = models.DateTimeField(null=True, blank=True)
    # When the lock and the pin end by themselves: from then on `is_locked` and `is_pinned` are false, and soon after a
    # task clears all four (forum/actions/topics.py).
    locked_until = models.DateTimeField(null=True, blank=True)
    pinned_until = models.DateTimeField(null=True, blank=True)
    # Since when it stands on the index and above the list of every subforum, for those who may read it; likewise timed.
    pinned_across_at = models.DateTimeField(null=True, blank=True)
    pinned_across_until = models.DateTimeField(null=True, blank=True)
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
    stamp: tuple  # of version numbers
    read: Any  # a HowFar
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
            models.CheckConstraint(
                condition=Q(locked_until=None) | Q(locked_at__isnull=False), name="only_a_lock_ends_by_itself"
            ),
            models.CheckConstraint(
                condition=Q(pinned_until=None) | Q(pinned_at__isnull=False), name="only_a_pin_ends_by_itself"
            ),
            models.CheckConstraint(
                condition=Q(pinned_across_until=None) | Q(pinned_across_at__isnull=False),
                name="only_a_pin_across_ends_by_itself",
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
                name="topics_without_reply",
            ),
            models.Index(
                F("last_post_at").desc(),
                F("id").desc(),
                condition=ASKS
                & Q(answers_count=0, expert_replies_count=0, hidden_at=None, held_at=None, locked_at=None),
                name="open_questions",
            ),
            models.Index(
                F("last_post_at").desc(),
                F("id").desc(),
                condition=Q(hidden_at=None, held_at=None) & is_answered(),
                name="answered_questions",
            ),
            models.Index(F("author"), F("opened_at").desc(), name="topics_of_an_author"),
            models.Index(fields=["subforum"], condition=_TIMED, name="topics_with_timed_lock_or_pin"),
            models.Index(
                fields=["pinned_across_at"], condition=Q(pinned_across_at__isnull=False), name="topics_pinned_across"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return self.url_of_page(1)

    def url_of_page(self, page: int) -> str:
        return address_of_topic(self.pk, self.slug, page)

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
    def is_answered(self) -> bool:
        """As the Q of the same name."""
        asks = not (self.is_running or self.is_account)
        return self.answers_count > 0 or (asks and self.expert_replies_count > 0)

    @property
    def is_readable(self) -> bool:
        return self.hidden_at is None and self.held_at is None

    @property
    def is_locked(self) -> bool:
        return self.locked_at is not None and not is_over(self.locked_until)

    @property
    def is_pinned(self) -> bool:
        return self.pinned_at is not None and not is_over(self.pinned_until)

    @property
    def is_pinned_across(self) -> bool:
        return self.pinned_across_at is not None and not is_over(self.pinned_across_until)


def is_over(until: datetime | None) -> bool:
    """Whether a lock or pin with this end has ended by itself."""
    return until is not None and until <= timezone.now()


def page_of(number: int, posts_per_page: int = POSTS_PER_PAGE) -> int:
    """The page number, from 1, of the post with this number in its topic."""
    return (number - 1) // posts_per_page + 1


versions.register("topic", lambda: Topic.objects.filter(pk=MARK), "version")


def across_version() -> Subquery:
    """An expression: the version of what is pinned across the forum, 0 if nothing is. It goes with the SiteVersion,
    which rises when a topic is added or taken away (forum/actions/topics.py)."""
    return versions.of_others(Topic.objects.pinned_across(), versions.CountAndTotal("version"))


versions.depends_also("subforum", across_version)
# A lock or pin that ends by itself ends all kept pages at that moment, and once more when its task has cleared it.
versions.all_depend_on(lambda: versions.of_others(Topic.objects.with_ended_state(), versions.CountAndTotal("version")))
