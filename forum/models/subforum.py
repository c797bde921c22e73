from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse

from accounts.models import BadgeSubject, ExpertBadge, GroupMembership, MemberGroup
from accounts.models.user import keeps_rank, may_write
from accounts.readers import ReaderFacts, as_reader
from pagecache import versions
from pagecache.prepared import text_mark


class Section(models.Model):
    """A heading on the index with subforums below it: "On the ground"."""

    name = models.CharField(max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class SubforumQuerySet(models.QuerySet["Subforum"]):
    def visible_to(self, user: ReaderFacts) -> "SubforumQuerySet":
        return self.filter(readable_subforums(user))

    def moderated_by(self, user: ReaderFacts) -> "SubforumQuerySet":
        """Subforums that a user moderates now; for administrators all."""
        reader = as_reader(user)
        return self if reader.is_staff else self.filter(pk__in=reader.moderates_ids)


def readable_subforums(user: ReaderFacts, prefix: str = "") -> Q:
    """A Q that a user may read the subforum at the end of the path `prefix`."""
    reader = as_reader(user)
    if reader.is_staff:
        return Q()
    access = Subforum.Access
    open_to_all = Q(**{f"{prefix}access__in": [access.OPEN, access.ANNOUNCEMENTS]})
    if not reader.is_authenticated:
        return open_to_all
    theirs = Q(**{f"{prefix}access": access.MEMBERS}) | Q(**{f"{prefix}pk__in": reader.moderates_ids})
    if reader.groups_ids:
        theirs |= Q(**{f"{prefix}access": access.CHOSEN, f"{prefix}group__in": reader.groups_ids})
    return open_to_all | theirs


def readers_of(subforum: "Subforum", prefix: str = "", *, only_moderators: bool = False) -> Q:
    """A Q that the member at the end of the path `prefix` may read a subforum, or that they moderate it.

    The counterpart of readable_subforums: only members in standing moderate, or read as chosen members.
    """
    access = Subforum.Access
    if subforum.access in {access.OPEN, access.MEMBERS, access.ANNOUNCEMENTS} and not only_moderators:
        return Q()
    ranks = Q(**{f"{prefix}is_staff": True}) | Q(**{f"{prefix}pk__in": subforum.moderators.values("pk")})
    readers = ranks & keeps_rank(prefix)
    if subforum.access == access.CHOSEN and not only_moderators:
        chosen = GroupMembership.objects.standing().filter(group=subforum.group_id)
        readers |= Q(**{f"{prefix}pk__in": chosen.values("member")})
    return readers & may_write(prefix)


def speaks_here(topic: str = "") -> Q:
    """A Q of a badge that it speaks in the topic at the end of a path of the outer query: by one of its countries, or
    by its subject in the subforums that are about it; where none is, or the badge names nothing, everywhere."""
    subforums = BadgeSubject.objects.filter(name=OuterRef("subject"), subforums__isnull=False)
    here = subforums.filter(subforums=OuterRef(OuterRef(f"{topic}subforum_id")))
    by_subject = Q(countries=[]) & (Q(~Exists(subforums)) | Q(Exists(here)))
    return Q(countries__overlap=OuterRef(f"{topic}countries")) | by_subject


def spoken_titles(author: str, topic: str) -> ArraySubquery:
    """An expression: the titles of the awake badges with which the member at the end of the path `author` speaks in the
    topic at the end of the path `topic`."""
    badges = ExpertBadge.objects.awake().filter(speaks_here(topic), user=OuterRef(author))
    return ArraySubquery(badges.order_by("given_at").values("title"))


class Subforum(models.Model):
    """A place for topics of one kind."""

    class Access(models.TextChoices):
        OPEN = "open", "Open: all read, members post"
        MEMBERS = "members", "Members: members read and post"
        ANNOUNCEMENTS = "announcements", "Announcements: all read, staff post"
        STAFF = "staff", "Staff: its moderators only"
        CHOSEN = "chosen", "Chosen members: a group and its moderators read and post"

    READABLE_BY_ALL = (Access.OPEN, Access.ANNOUNCEMENTS)

    class FirstPosts(models.TextChoices):
        """Which first posts wait for a moderator before others can read them."""

        RISKY = "", "Only risky ones wait"
        NEW = "new", "Those of new members wait"
        ALL = "all", "Everybody's first post here waits"

    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="subforums")
    name = models.CharField(max_length=100)
    short_name = models.CharField(max_length=30, blank=True, db_default="")
    # The name where there is little room: in breadcrumbs, rows and search hits.
    label = models.GeneratedField(
        expression=Coalesce(NullIf("short_name", Value("")), "name"),
        output_field=models.CharField(max_length=100),
        db_persist=True,
    )
    slug = models.CharField(max_length=60, unique=True)
    description = models.CharField(max_length=300, blank=True)
    icon = models.SlugField(max_length=20, default="msg")
    position = models.PositiveSmallIntegerField(default=0)
    access = models.CharField(max_length=13, choices=Access.choices, default=Access.OPEN)
    first_posts = models.CharField(
        max_length=3, choices=FirstPosts.choices, default=FirstPosts.RISKY, db_default="", blank=True
    )
    # Whether topics here ask for an answer; others are in no list of unanswered questions.
    takes_questions = models.BooleanField(default=True, db_default=True)
    # Whose members read and write it; only with the access "chosen".
    group = models.ForeignKey(
        MemberGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="subforums", db_index=False
    )
    moderators = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="moderated_subforums")
    # What it is about, of what badges are given for.
    subjects = models.ManyToManyField(BadgeSubject, blank=True, related_name="subforums")
    # Since when only its moderators write here; everybody reads it as before.
    locked_at = models.DateTimeField(null=True, blank=True, editable=False)
    # While it is being removed: by whom, and where its topics go (forum/sections/removal.py).
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    leaves_for = models.ForeignKey("self", on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    topics_count = models.PositiveIntegerField(default=0)
    posts_count = models.PositiveIntegerField(default=0)
    last_post = models.ForeignKey(
        "forum.Post", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    # When that was written, to be compared under the row's lock (forum/counters/increments.py).
    last_post_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Raising it invalidates cached pages of this subforum.
    version = models.PositiveBigIntegerField(default=0)

    # Set by forum/pages/queries.py: whether topics were moved out lately, and whether a pin ended by itself just now.
    has_pointers: bool
    has_ended_pins: bool
    # The version of what is pinned across the forum (forum/models/topic.py).
    across_version: int

    objects = SubforumQuerySet.as_manager()

    class Meta:
        ordering = ["section__position", "section_id", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(access="chosen", group__isnull=False) | ~Q(access="chosen") & Q(group=None),
                name="a_subforum_of_chosen_members_names_its_group",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("forum:subforum", args=[self.slug])

    @property
    def is_readable_by_all(self) -> bool:
        """Whether a visitor may read it, so that members' counters include what they write here."""
        return self.access in self.READABLE_BY_ALL


versions.register("subforum", lambda: Subforum.objects.filter(slug=text_mark(0)), "version")
versions.register("forum", lambda: Subforum.objects.all(), versions.Total("version"))
versions.register("index", lambda: Subforum.objects.all(), versions.Total("version"))
