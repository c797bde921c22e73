"""Topics pinned across the forum, as the index and the lists of subforums show them."""

from accounts.readers import Reader
from forum.models import Topic
from forum.models.topic import MOST_PINNED_ACROSS, is_over
from forum.pages.values import TopicRow
from pagecache.store import Store


def shown_to(reader: Reader, site_version: int, across_version: int) -> tuple[TopicRow, ...]:
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
