"""What a subforum's list says of topics that were moved away from it, for a while."""

from datetime import timedelta
from typing import NamedTuple

from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from accounts.readers import Reader
from forum.models import Subforum, Topic, TopicPointer
from forum.pages.values import TopicAddress

SHOWN_FOR = timedelta(days=30)
MOST_SHOWN = 5


class Moved(NamedTuple):
    """A topic that stands elsewhere now."""

    title: str
    address: str
    subforum_name: str


def has_some() -> Exists:
    """Whether there are any, for annotating subforums."""
    return Exists(TopicPointer.objects.filter(subforum=OuterRef("pk"), left_at__gt=Now() - SHOWN_FOR))


def of(reader: Reader, subforum: Subforum) -> tuple[Moved, ...]:
    """The latest of those that the reader may read where they are now."""
    pointers = TopicPointer.objects.filter(subforum=subforum, left_at__gt=Now() - SHOWN_FOR)
    topics = Topic.objects.visible_to(reader).readable().filter(pointers__in=pointers).order_by("-pointers__left_at")
    rows = topics.values_list("title", "pk", "slug", "subforum__name")[:MOST_SHOWN]
    return tuple(Moved(title, str(TopicAddress(pk, slug)), name) for title, pk, slug, name in rows)
