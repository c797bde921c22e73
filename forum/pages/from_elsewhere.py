"""Topics of other subforums in a list: those that were moved out of it in the last 30 days, and those pinned across the
forum."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from accounts.readers import Reader
from forum.models import Subforum, Topic, TopicPointer
from forum.models.topic import MOST_PINNED_ACROSS, is_over
from forum.pages.values import TopicRow
from pagecache.store import Store

SHOWN_FOR = timedelta(days=30)
MOST_SHOWN = 5


def has_pointers() -> Exists:
    """A subquery to annotate subforums: whether there are any."""
    return Exists(TopicPointer.objects.filter(subforum=OuterRef("pk"), left_at__gt=Now() - SHOWN_FOR))


def moved_from(reader: Reader, subforum: Subforum) -> tuple[TopicRow, ...]:
    """The latest MOST_SHOWN of those that the reader may read in their current subforum. One query."""
    pointers = TopicPointer.objects.filter(subforum=subforum, left_at__gt=Now() - SHOWN_FOR)
    topics = Topic.objects.visible_to(reader).readable().filter(pointers__in=pointers).order_by("-pointers__left_at")
    rows = topics.values_list("pk", "title", "slug", "subforum__label")[:MOST_SHOWN]
    return tuple(TopicRow(pk, title, slug, subforum_label=label) for pk, title, slug, label in rows)


def pinned_across(reader: Reader, site_version: int, across_version: int) -> tuple[TopicRow, ...]:
    """Those that the reader may read, the newest pin first; at most MOST_PINNED_ACROSS.

    Without a query if nothing is pinned across the forum, and cached for all readers with the same rights: the versions
    (forum/models/topic.py, SiteVersion) change with every pin, and with everything that these rows show.
    """
    if not across_version:
        return ()
    shared = reader.shared()
    rows = _rows.get_or_make((site_version, across_version, shared), lambda: _rows_for(shared))
    return tuple(row for row in rows if not is_over(row.pinned_across_until))


def _rows_for(reader: Reader) -> tuple[TopicRow, ...]:
    # Readable ones alone: what is hidden or held is no announcement, not even for its moderators.
    topics = Topic.objects.visible_to(reader).readable().standing_across()
    names = ("title", "slug", "subforum__slug", "subforum__label", "pinned_across_at", "pinned_across_until")
    return tuple(
        TopicRow(
            pk, title, slug, subforum_slug=place, subforum_label=label, pinned_across_at=at, pinned_across_until=until
        )
        for pk, title, slug, place, label, at, until in topics.values_list("pk", *names)[:MOST_PINNED_ACROSS]
    )


_rows: Store[tuple[int, int, Reader], tuple[TopicRow, ...]] = Store(max_items=1_000)
