"""Queries of pages: a topic or subforum with all its header shows by one prepared statement, and cached rules."""

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import FETCH_RAISE, Exists, OuterRef, Subquery
from django.http import Http404
from django.utils import timezone

from accounts.models import User
from accounts.readers import Reader
from forum import unread
from forum.models import Draft, RulesBanner, Section, SiteVersion, Subforum, Topic
from forum.models.rules import history_of
from forum.models.topic import across_version
from forum.pages import from_elsewhere
from forum.pages.values import Rules, UserRow
from pagecache import versions
from pagecache.prepared import MARK, Statement, as_model, columns_of, statement, text_mark
from pagecache.store import Store

_FIELDS: dict[type[models.Model], list[str]] = {
    Topic: columns_of(Topic),
    Subforum: columns_of(Subforum),
    Section: columns_of(Section),
    User: ["id", "username"],
}
_PATHS = ["", "subforum__", "subforum__section__", "author__"]


def find_topic(reader: Reader, topic_id: int, fetch_mode: Any = FETCH_RAISE) -> Topic:
    """A topic the reader may read, with subforum, section and author, by one query. Raises Http404.

    It has `site_version`, `stamp`, by which parts of its pages may be kept (pagecache/versions.py), and for members
    `read` (a HowFar, forum/unread.py) and `draft` or None.
    """
    rows = _statement_for(reader).rows(topic_id, reader.pk or 0)
    if not rows:
        raise Http404
    values = list(rows[0])
    topic, subforum = _take(Topic, values, fetch_mode), _take(Subforum, values, fetch_mode)
    subforum.section, topic.author = _take(Section, values, fetch_mode), _take(User, values, fetch_mode)
    topic.subforum = subforum
    topic.site_version = values.pop(0)
    if reader.is_authenticated:
        topic.read, topic.draft = unread.how_far(reader, *values[:2]), _draft(*values[2:_OF_A_MEMBER])
        del values[:_OF_A_MEMBER]
    topic.stamp = versions.stamp_of(values)
    return topic


def _take[T: models.Model](model: type[T], values: list, fetch_mode: Any = FETCH_RAISE) -> T:
    """A model instance from the first of the values, which are removed from the list."""
    names = _FIELDS[model]
    row = as_model(model, names, values[: len(names)], fetch_mode)
    del values[: len(names)]
    return row


def find_rules(subforum: Subforum, site_version: int) -> Rules | None:
    """The rules of a subforum, cached by the site's version, which a trigger raises when any rules change.

    The day in UTC is part of the key, because `changed_at` expires at midnight. Without this cache a list costs 43 %
    more CPU (docs/performance.md).
    """
    key = (site_version, subforum.pk, timezone.now().date())
    return _banners.get_or_make(key, lambda: _rules(subforum))


def _rules(subforum: Subforum) -> Rules | None:
    banners = RulesBanner.objects.select_related("set_by").filter(subforum=subforum)
    return _shown(banners.fetch_mode(FETCH_RAISE).first(), subforum)


def _shown(banner: RulesBanner | None, subforum: Subforum) -> Rules | None:
    if banner is None:
        return None
    set_by, history = UserRow(banner.set_by_id, banner.set_by.username), history_of(subforum)
    return Rules(banner.introduction, tuple(banner.rules_html), set_by, banner.set_at, banner.changed_at, history)


_banners: Store[tuple[int, int, date], Rules | None] = Store(max_items=1_000)


def find_subforum(reader: Reader, slug: str) -> tuple[Subforum, int]:
    """A subforum the reader may read, with its section, and the site's version, by one query. Raises Http404."""
    shared = reader.shared(MARK + 1)
    rows = statement(("subforum", shared), lambda: _subforums(shared)).rows(slug, reader.pk)
    if not rows:
        raise Http404
    values = list(rows[0])
    found = _take(Subforum, values)
    found.section = _take(Section, values)
    found.has_pointers, found.has_ended_pins, found.across_version = values[1:]
    return found, values[0]


def _subforums(reader: Reader):
    subforums = Subforum.objects.visible_to(reader).filter(slug=text_mark(0))
    ended = Topic.objects.with_ended_state().filter(subforum=OuterRef("pk"))
    subforums = subforums.annotate(site=SITE_VERSION, pointed=from_elsewhere.has_pointers(), ended=Exists(ended))
    subforums = subforums.annotate(across=across_version())
    sections = [f"section__{name}" for name in _FIELDS[Section]]
    return subforums.order_by().values_list(*_FIELDS[Subforum], *sections, "site", "pointed", "ended", "across")


SITE_VERSION = Subquery(SiteVersion.objects.values("version")[:1])


def _statement_for(reader: Reader) -> Statement:
    shared = reader.shared(MARK + 1)
    return statement(("topic", shared), lambda: _topics(shared))


def _topics(reader: Reader):
    topics = Topic.objects.visible_to(reader).filter(pk=MARK).annotate(site=SITE_VERSION)
    more = ["site"]
    if reader.is_authenticated:
        topics, names = _with_marks(topics)
        more += names
    shown = [path + name for path, names in zip(_PATHS, _FIELDS.values(), strict=True) for name in names]
    return topics.values_list(*shown, *more, *versions.numbers_of("topic"))


def _with_marks(topics):
    """Annotations: how far the reader has read, and the draft of a reply."""
    draft = Draft.objects.filter(user=MARK + 1, topic=OuterRef("pk"))
    columns = {
        "draft_id": Subquery(draft.values("pk")),
        "draft_source": Subquery(draft.values("source")),
        "draft_saved_at": Subquery(draft.values("saved_at")),
        "draft_version": Subquery(draft.values("version")),
        "draft_with_copies": Subquery(draft.filter(copies__isnull=False).values("pk")),
    }
    return unread.with_marks(topics, MARK + 1).annotate(**columns), [*unread.MARKS, *columns]


_OF_A_MEMBER = 7  # columns of `_with_marks`


def _draft(pk: int | None, source: str, saved_at: datetime, version: int, with_copies: int | None) -> Draft | None:
    draft = Draft(pk=pk, source=source, saved_at=saved_at, version=version) if pk else None
    if draft and with_copies:
        draft.copies = []  # they are there; the composer shows them
    return draft
