from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse

from accounts.models.user import may_write
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
    return open_to_all | Q(**{f"{prefix}access": access.MEMBERS}) | Q(**{f"{prefix}pk__in": reader.moderates_ids})


def readers_of(subforum: "Subforum", prefix: str = "", *, only_moderators: bool = False) -> Q:
    """A Q that the member at the end of the path `prefix` may read a subforum, or that they moderate it.

    The counterpart of readable_subforums: only members in standing moderate.
    """
    if subforum.access != Subforum.Access.STAFF and not only_moderators:
        return Q()
    moderators = Q(**{f"{prefix}is_staff": True}) | Q(**{f"{prefix}pk__in": subforum.moderators.values("pk")})
    return moderators & may_write(prefix)


class Subforum(models.Model):
    """A place for topics of one kind."""

    class Access(models.TextChoices):
        OPEN = "open", "Open: all read, members post"
        MEMBERS = "members", "Members: members read and post"
        ANNOUNCEMENTS = "announcements", "Announcements: all read, staff post"
        STAFF = "staff", "Staff: its moderators only"

    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="subforums")
    name = models.CharField(max_length=100)
    short_name = models.CharField(max_length=30, blank=True, db_default="")
    # The name where there is little room: in breadcrumbs, rows and search hits.
    label = models.GeneratedField(
        expression=Coalesce(NullIf("short_name", Value("")), "name"),
        output_field=models.CharField(max_length=100),
        db_persist=True,
    )
    slug = models.SlugField(max_length=60, unique=True)
    description = models.CharField(max_length=300, blank=True)
    icon = models.SlugField(max_length=20, default="msg")
    position = models.PositiveSmallIntegerField(default=0)
    access = models.CharField(max_length=13, choices=Access.choices, default=Access.OPEN)
    moderators = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="moderated_subforums")
    topics_count = models.PositiveIntegerField(default=0)
    posts_count = models.PositiveIntegerField(default=0)
    last_post = models.ForeignKey(
        "forum.Post", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    # When that was written, to be compared under the row's lock (forum/counters/increments.py).
    last_post_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Raising it invalidates cached pages of this subforum.
    version = models.PositiveBigIntegerField(default=0)

    has_pointers: bool  # whether topics were moved out lately, set by forum/pages/queries.py

    objects = SubforumQuerySet.as_manager()

    class Meta:
        ordering = ["section__position", "section_id", "position", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("forum:subforum", args=[self.slug])

    @property
    def is_readable_by_all(self) -> bool:
        """Whether a visitor may read it, so that members' counters include what they write here."""
        return self.access in {self.Access.OPEN, self.Access.ANNOUNCEMENTS}


versions.register("subforum", lambda: Subforum.objects.filter(slug=text_mark(0)), "version")
versions.register("forum", lambda: Subforum.objects.all(), versions.Total("version"))
versions.register("index", lambda: Subforum.objects.all(), versions.Total("version"))
