"""Pointers in a subforum's list to topics that were moved out of it in the last 30 days."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from accounts.readers import Reader
from forum.models import Subforum, Topic, TopicPointer
from forum.pages.values import TopicRow

SHOWN_FOR = timedelta(days=30)
MOST_SHOWN = 5


def has_some() -> Exists:
    """A subquery to annotate subforums: whether there are any."""
    return Exists(TopicPointer.objects.filter(subforum=OuterRef("pk"), left_at__gt=Now() - SHOWN_FOR))


def of(reader: Reader, subforum: Subforum) -> tuple[TopicRow, ...]:
    """The latest MOST_SHOWN of those that the reader may read in their current subforum. One query."""
    pointers = TopicPointer.objects.filter(subforum=subforum, left_at__gt=Now() - SHOWN_FOR)
    topics = Topic.objects.visible_to(reader).readable().filter(pointers__in=pointers).order_by("-pointers__left_at")
    rows = topics.values_list("pk", "title", "slug", "subforum__label")[:MOST_SHOWN]
    return tuple(TopicRow(pk, title, slug, subforum_label=label) for pk, title, slug, label in rows)
