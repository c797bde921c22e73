"""Members whom an act concerns: the entry's member, and authors of posts that it moved to another topic.

Which posts were moved is only in the entry's words; once they are erased, it is unknown.
"""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from accounts.models import User
from forum.models import FormerPlace
from moderation.models import ModerationEntry, Verb
from moderation.models.entry import EntryQuerySet

TAKES_ALONG = {Verb.MERGE, Verb.SPLIT, Verb.MOVE_POSTS}


def entries_concerning(user: User, taken: Iterable[int]) -> EntryQuerySet:
    """Entries of acts by others on a member, or that moved posts of theirs."""
    return ModerationEntry.objects.filter(Q(member=user) | Q(pk__in=list(taken))).exclude(by=user)


def taken_along(user: User) -> dict[int, int]:
    """Acts that moved posts of a member, each with the pk of the first of these."""
    mine = FormerPlace.objects.filter(post__author=user).order_by("-number")
    first = {(made, topic): post for made, topic, post in mine.values_list("rearrangement", "topic", "post")}
    acts = ModerationEntry.objects.filter(verb__in=TAKES_ALONG, topic__in={topic for _, topic in first})
    rows = acts.values_list("pk", "words__before__rearrangement", "topic")
    return {pk: first[made, topic] for pk, made, topic in rows if (made, topic) in first}


def concerns(entry: ModerationEntry, user: User) -> bool:
    return entry.member_id == user.pk or first_taken_along(entry, user) is not None


def first_taken_along(entry: ModerationEntry, user: User) -> int | None:
    """The pk of the first post of a member that an act moved to another topic."""
    return places_left(entry).filter(post__author=user).order_by("number").values_list("post", flat=True).first()


def places_left(entry: ModerationEntry) -> QuerySet[FormerPlace]:
    """The former places of the posts that an act moved."""
    if entry.verb not in TAKES_ALONG:
        return FormerPlace.objects.none()
    rearrangement = entry.words.before.get("rearrangement", 0)
    return FormerPlace.objects.filter(rearrangement=rearrangement, topic=entry.topic_id)
