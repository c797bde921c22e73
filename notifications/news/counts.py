"""How many unread news a member has: exact, and counted only when something of it has changed (NewsVersion).

What is shown as one row counts as one: five replies in one topic are one. Looked at are the newest unread ones, up to
MOST_COUNTED, so that a count costs little however many there are.
"""

from typing import NamedTuple

from django.db.models import QuerySet

from accounts.models import NewsVersion, User
from accounts.readers import Reader, as_reader, ignored_ids
from notifications.models import Notification
from notifications.models.notification import NotificationQuerySet
from pagecache.prepared import MARK, statement
from pagecache.store import Store

MOST_COUNTED = 1_000

Kind = Notification.Kind


class Tab(NamedTuple):
    """A part of the page of news."""

    name: str
    label: str
    kinds: tuple[Kind, ...]


BORDERS = Tab("borders", "Borders", (Kind.STATUS, Kind.NOTICE, Kind.REPORT))
MODERATORS = Tab("moderators", "Moderators", (Kind.MODERATION,))
ANSWERS = Tab("answers", "Answers", tuple(kind for kind in Kind if kind not in BORDERS.kinds + MODERATORS.kinds))
TABS = (ANSWERS, BORDERS, MODERATORS)
_TAB_OF = {kind.value: tab.name for tab in TABS for kind in tab.kinds}


def unread_count(user: User) -> int:
    return sum(unread_counts(user).values())


def unread_counts(user: User) -> dict[str, int]:
    """The number of unread rows by the name of their tab, without zeros; cached by everything that it depends on."""
    reader = as_reader(user)
    key = (reader.pk, _version(user), reader.is_staff, reader.moderates_ids, reader.groups_ids, ignored_ids(user))
    return _counts.get_or_make(key, lambda: _count(user))


_counts: Store[tuple, dict[str, int]] = Store(max_items=5_000)


def _version(user: User) -> int:
    """Read before the news is counted, so that a count can only be taken for older than it is."""
    if not hasattr(user, "news_version"):
        user.news_version = NewsVersion.objects.filter(user=user).values_list("version", flat=True).first()
    return user.news_version or 0


def _count(user: User) -> dict[str, int]:
    shared, ignored = as_reader(user).shared(MARK), ignored_ids(user)
    newest = statement(("unread news", shared), lambda: _newest(shared)).rows(user.pk)
    shown = {(kind, group or pk) for kind, group, pk, actor in newest if actor not in ignored}
    counted: dict[str, int] = {}
    for kind, _ in shown:
        counted[_TAB_OF[kind]] = counted.get(_TAB_OF[kind], 0) + 1
    return counted


def _newest(reader: Reader) -> QuerySet:
    newest = Notification.objects.true_for(reader).unread().order_by("-pk")
    return newest.values_list("kind", "group", "pk", "actor")[:MOST_COUNTED]


def count_again(user: User) -> None:
    """After a change of the user's news in this request."""
    user.news_version = NewsVersion.bump([user.pk])[user.pk]


def count_all_again(news: NotificationQuerySet) -> None:
    """Members with any of these unread may read other ones now."""
    NewsVersion.bump(news.unread().order_by().values_list("user", flat=True).distinct())
