"""Whom an act concerns: the member whom it names, and whoever wrote posts that it took along to another topic.

Which posts those were is told by the entry's words; once they are erased, nobody knows.
"""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from accounts.models import User
from forum.models import FormerPlace
from moderation.models import ModerationEntry, Verb
from moderation.models.entry import EntryQuerySet

TAKES_ALONG = {Verb.MERGE, Verb.SPLIT, Verb.MOVE_POSTS}


def entries_concerning(user: User, taken: Iterable[int]) -> EntryQuerySet:
    """What others did to a member, or to posts of theirs that these acts took along."""
    return ModerationEntry.objects.filter(Q(member=user) | Q(pk__in=list(taken))).exclude(by=user)


def taken_along(user: User) -> dict[int, int]:
    """The acts that took posts of a member along, each with the first of these."""
    mine = FormerPlace.objects.filter(post__author=user).order_by("-number")
    first = {(made, topic): post for made, topic, post in mine.values_list("rearrangement", "topic", "post")}
    acts = ModerationEntry.objects.filter(verb__in=TAKES_ALONG, topic__in={topic for _, topic in first})
    rows = acts.values_list("pk", "words__before__rearrangement", "topic")
    return {pk: first[made, topic] for pk, made, topic in rows if (made, topic) in first}


def concerns(entry: ModerationEntry, user: User) -> bool:
    return entry.member_id == user.pk or first_taken_along(entry, user) is not None


def first_taken_along(entry: ModerationEntry, user: User) -> int | None:
    """The first post of a member that an act took along to another topic, by its pk."""
    return places_left(entry).filter(post__author=user).order_by("number").values_list("post", flat=True).first()


def places_left(entry: ModerationEntry) -> QuerySet[FormerPlace]:
    """Where the posts stood that an act took along."""
    if entry.verb not in TAKES_ALONG:
        return FormerPlace.objects.none()
    rearrangement = entry.words.before.get("rearrangement", 0)
    return FormerPlace.objects.filter(rearrangement=rearrangement, topic=entry.topic_id)
