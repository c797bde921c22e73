"""What a notification is about, as letters need it: its category, its conversation, its crossing."""

from collections.abc import Collection

from crossings.models import Notice, StatusChange
from notifications.models import Category, Notification

Kind = Notification.Kind
CATEGORY_OF = {
    Kind.REPLY: Category.REPLIES,
    Kind.QUOTE: Category.REPLIES,
    Kind.MENTION: Category.MENTIONS,
    Kind.ACCEPTED: Category.ANSWERS,
    Kind.ANSWER: Category.ANSWERS,
    Kind.CHANGED: Category.ANSWERS,
    Kind.REACTION: Category.REACTIONS,
    Kind.QUESTION: Category.QUESTIONS,
    Kind.BADGE: Category.QUESTIONS,
    Kind.TOPIC: Category.TOPICS,
    Kind.REMINDER: Category.REMINDERS,
    Kind.STATUS: Category.CROSSINGS,
    Kind.NOTICE: Category.CROSSINGS,
    Kind.REPORT: Category.CROSSINGS,
    Kind.MODERATION: Category.ACTS,
}
# The key of a day that is closed ends with its crossing, as in "closed-sure-2026-12-05-7".
PREFIX = "closed-"
# Their keys name the cause, as in "status-7".
_CAUSES: dict[Kind, type[StatusChange | Notice]] = {Kind.STATUS: StatusChange, Kind.NOTICE: Notice}


def category_of(news: Notification) -> Category:
    return CATEGORY_OF[Kind(news.kind)]


def crossings_of(listed: Collection[Notification]) -> dict[int, int]:
    """The crossings of notifications about one, both by primary key. At most two queries."""
    found = {news.pk: number for news in listed if news.kind == Kind.REPORT and (number := _number(news.group))}
    closed = [news for news in listed if news.kind == Kind.NOTICE and news.key.startswith(PREFIX)]
    found |= {news.pk: _number(news.key) for news in closed}
    for kind, causes in _CAUSES.items():
        asked = {news.pk: _number(news.key) for news in listed if news.kind == kind and news.pk not in found}
        places = dict(causes.objects.filter(pk__in=asked.values()).values_list("pk", "crossing_id")) if asked else {}
        found |= {pk: places[cause] for pk, cause in asked.items() if cause in places}
    return found


def _number(name: str) -> int:
    """The number at the end of a key or group, such as of "reports-7"; 0 without one."""
    number = name.rpartition("-")[2]
    return int(number) if number.isdecimal() and len(number) < 19 else 0


def thread_of(news: Notification, crossing_id: int | None) -> str:
    """The conversation of a notification in mail programs; "" for none."""
    if crossing_id is not None:
        return f"crossing-{crossing_id}"
    return f"topic-{news.topic_id}" if news.topic_id is not None else ""
