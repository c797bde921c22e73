"""The page of news: rows by day, several notifications about the same shown as one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone

from accounts.models import User
from crossings.models import Status, StatusChange
from crossings.status.stamp import COLOURS, MARKS
from notifications.models import Notification
from notifications.news import wording
from notifications.news.counts import Tab
from notifications.news.news_rows import NewsRow, Told

Kind = Notification.Kind
# Notifications on a page; there are as many rows or fewer.
NEWS_PER_PAGE = 100

_ICONS = {
    Kind.REPLY: "reply", Kind.QUOTE: "quote", Kind.MENTION: "at", Kind.ACCEPTED: "check", Kind.ANSWER: "clock",
    Kind.CHANGED: "edit", Kind.REACTION: "up", Kind.QUESTION: "msg", Kind.BADGE: "shield", Kind.TOPIC: "watch",
    Kind.REMINDER: "clock", Kind.STATUS: "unknown", Kind.NOTICE: "doc", Kind.REPORT: "pin", Kind.MODERATION: "flag",
}  # fmt: skip


@dataclass
class Day:
    label: str
    rows: list[NewsRow] = field(default_factory=list)


@dataclass
class NewsPage:
    days: list[Day]
    # The newest notification that is shown, and the oldest if there are older ones.
    newest: int | None
    oldest: int | None


def news_page(user: User, *, tab: Tab | None = None, before: int | None = None) -> NewsPage:
    """A page of a member's news, the newest first; `before` is the last notification of the page before."""
    found = wording.with_entries(Notification.objects.readable_by(user)).order_by("-pk")
    if tab:
        found = found.filter(kind__in=tab.kinds)
    if before:
        found = found.filter(pk__lt=before)
    news = list(found[: NEWS_PER_PAGE + 1])
    listed = news[:NEWS_PER_PAGE]
    oldest = listed[-1].pk if len(news) > NEWS_PER_PAGE else None
    return NewsPage(_days(_rows(user, _groups(listed))), listed[0].pk if listed else None, oldest)


def _groups(news: Iterable[Notification]) -> list[list[Notification]]:
    """Unread and read ones apart; each group where its newest stands."""
    found: dict[tuple, list[Notification]] = {}
    for row in news:
        found.setdefault((row.kind, row.group or row.pk, row.read_at is None), []).append(row)
    return list(found.values())


def _rows(user: User, groups: Sequence[list[Notification]]) -> list[NewsRow]:
    became = _statuses(groups)
    told = wording.told_together(user, groups)
    return [_row(group, words, became.get(group[0].key)) for group, words in zip(groups, told, strict=True)]


def _row(group: list[Notification], told: Told, became: Status | None) -> NewsRow:
    newest, kind = group[0], Kind(group[0].kind)
    return NewsRow(
        # Of replies the first unread one is opened: from there on one reads.
        opens=group[-1].pk if kind == Kind.REPLY else newest.pk,
        told=told,
        made_at=newest.made_at,
        is_unread=newest.read_at is None,
        icon=MARKS[became] if became else _ICONS[kind],
        colour=COLOURS[became] if became else "",
        is_act=kind == Kind.MODERATION,
    )


def _statuses(groups: Sequence[list[Notification]]) -> dict[str, Status]:
    """What a crossing became, by the key of the notification."""
    keys = [row.key for row, *_ in groups if row.kind == Kind.STATUS]
    changes = StatusChange.objects.filter(pk__in=[int(key.removeprefix("status-")) for key in keys]) if keys else ()
    return {f"status-{change.pk}": Status(change.after) for change in changes}


def _days(rows: Iterable[NewsRow]) -> list[Day]:
    today = timezone.localdate()
    days: list[Day] = []
    for row in rows:
        label = _label(timezone.localdate(row.made_at), today)
        if not days or days[-1].label != label:
            days.append(Day(label))
        days[-1].rows.append(row)
    return days


def _label(day: date, today: date) -> str:
    if day >= today:
        return "Today"
    return "Yesterday" if day == today - timedelta(days=1) else "Earlier"
