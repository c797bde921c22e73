"""What a subforum's list says of topics that were moved away from it, for a while."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from accounts.readers import Reader
from forum.models import Subforum, Topic, TopicPointer
from forum.pages.values import TopicRow

SHOWN_FOR = timedelta(days=30)
MOST_SHOWN = 5


def has_some() -> Exists:
    """Whether there are any, for annotating subforums."""
    return Exists(TopicPointer.objects.filter(subforum=OuterRef("pk"), left_at__gt=Now() - SHOWN_FOR))


def of(reader: Reader, subforum: Subforum) -> tuple[TopicRow, ...]:
    """The latest of those that the reader may read where they are now."""
    pointers = TopicPointer.objects.filter(subforum=subforum, left_at__gt=Now() - SHOWN_FOR)
    topics = Topic.objects.visible_to(reader).readable().filter(pointers__in=pointers).order_by("-pointers__left_at")
    rows = topics.values_list("pk", "title", "slug", "subforum__name")[:MOST_SHOWN]
    return tuple(TopicRow(pk, title, slug, subforum_name=name) for pk, title, slug, name in rows)
