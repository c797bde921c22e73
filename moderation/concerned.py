"""Whom an act concerns: the member whom it names, and whoever wrote posts that it took along to another topic.

Which posts those were is told by the entry's words; once they are erased, nobody knows.
"""

from django.db.models import BigIntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast

from accounts.models import User
from forum.models import FormerPlace, Post
from moderation.models import ModerationEntry, Verb
from moderation.models.entry import EntryQuerySet

TAKES_ALONG = {Verb.MERGE, Verb.SPLIT, Verb.MOVE_POSTS}


def entries_concerning(user: User) -> EntryQuerySet:
    """What others did to a member or to their posts; `taken_along` is the first of these that an act took along."""
    places = FormerPlace.objects.filter(
        post__author=user,
        topic=OuterRef("topic"),
        rearrangement=Cast(OuterRef("words__before__rearrangement"), BigIntegerField()),
    )
    taken_along = Subquery(places.order_by("number").values("post")[:1])
    entries = ModerationEntry.objects.exclude(by=user).annotate(taken_along=taken_along)
    return entries.filter(Q(member=user) | Q(verb__in=TAKES_ALONG, taken_along__isnull=False))


def concerns(entry: ModerationEntry, user: User) -> bool:
    return entry.member_id == user.pk or first_taken_along(entry, user) is not None


def first_taken_along(entry: ModerationEntry, user: User) -> Post | None:
    """The first post of a member that an act took along to another topic."""
    place = places_left(entry).filter(post__author=user).order_by("number").first()
    return place.post if place else None


def places_left(entry: ModerationEntry) -> QuerySet[FormerPlace]:
    """Where the posts stood that an act took along."""
    if entry.verb not in TAKES_ALONG:
        return FormerPlace.objects.none()
    rearrangement = entry.words.before.get("rearrangement", 0)
    return FormerPlace.objects.filter(rearrangement=rearrangement, topic=entry.topic_id)
