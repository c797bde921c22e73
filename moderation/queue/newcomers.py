"""The newest members, as moderators look through them: who came lately, and what they wrote first."""

from datetime import timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from accounts.models.user import UserQuerySet
from accounts.readers import Reader
from forum.models import Post, Subforum
from moderation.models import Flag, PostAddress

# Older members are no news.
JOINED_WITHIN = timedelta(days=90)
FILTERS = {"": "All", "quiet": "No posts yet", "held": "With posts that wait", "links": "With links"}


def newest_members(reader: Reader, filtered: str = "") -> UserQuerySet:
    """Members with a confirmed address who joined lately, with what this moderator may know of them.

    `first_post` and `first_topic` are of the first post that the moderator may read; `held_count` and `flags_count`
    (open ones) count where they moderate; `same_address_count`, other members who wrote from an address of theirs, is
    for administrators alone, else 0. No query per member.
    """
    came = User.objects.filter(
        is_active=True, email_confirmed_at__isnull=False, joined_at__gt=timezone.now() - JOINED_WITHIN
    )
    theirs = Post.objects.filter(author=OuterRef("pk"))
    held = _moderated(reader, theirs.filter(held_at__isnull=False, hidden_at=None), "topic__subforum")
    flags = _moderated(reader, Flag.objects.open().filter(post__author=OuterRef("pk")), "post__topic__subforum")
    first = Post.objects.visible_to(reader).filter(author=OuterRef("pk")).order_by("written_at", "pk")
    moderated = Subforum.moderators.through.objects.filter(user_id=OuterRef("pk")).values("subforum_id")
    if filtered == "quiet":
        came = came.filter(~Exists(theirs))
    elif filtered == "held":
        came = came.filter(Exists(held))
    elif filtered == "links":
        linked = Q(source__icontains="http") | Q(source__icontains="www.")
        came = came.filter(Exists(Post.objects.visible_to(reader).filter(linked, author=OuterRef("pk"))))
    return came.annotate(
        moderates_ids=ArraySubquery(moderated),
        first_post=Subquery(first.values("pk")[:1]),
        first_topic=Subquery(first.values("topic__title")[:1]),
        held_count=_count(held, "author"),
        flags_count=_count(flags, "post__author"),
        same_address_count=_same_address(reader),
    )


def _moderated(reader: Reader, rows, subforum: str):
    return rows if reader.is_staff else rows.filter(**{f"{subforum}__in": reader.moderates_ids})


def _count(rows, by: str) -> Coalesce:
    grouped = rows.order_by().values(by).annotate(rows=Count("pk"))
    return Coalesce(Subquery(grouped.values("rows")), 0)


def _same_address(reader: Reader) -> Coalesce:
    """Who may see addresses at all, and of everybody, sees that others share one; the addresses are not shown."""
    own = PostAddress.objects.filter(post__author=OuterRef(OuterRef("pk"))).values("address")
    others = PostAddress.objects.filter(address__in=own).exclude(post__author=OuterRef("pk"))
    if not reader.is_staff:
        others = others.none()
    grouped = others.order_by().annotate(one=F("post__author") * 0).values("one")
    return Coalesce(Subquery(grouped.annotate(members=Count("post__author", distinct=True)).values("members")), 0)
