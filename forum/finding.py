"""Finding the topic of a page with all that its head shows by one statement, and the rules above it mostly by none."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import FETCH_RAISE, OuterRef, Subquery
from django.http import Http404

from accounts.models import User
from forum import unread
from forum.models import Draft, Reading, RulesBanner, Section, SiteVersion, Subforum, SubforumReading, Topic
from forum.models.subforum import A_VISITOR, moderated_subforum_ids
from forum.statements import MARK, Statement, statement

_FIELDS: dict[type[models.Model], list[str]] = {
    Topic: [field.attname for field in Topic._meta.concrete_fields],
    Subforum: [field.attname for field in Subforum._meta.concrete_fields],
    Section: [field.attname for field in Section._meta.concrete_fields],
    User: ["id", "username"],
}
_PATHS = ["", "subforum__", "subforum__section__", "author__"]
BANNERS_KEPT = 1_000


def find_topic(user: User, topic_id: int) -> Topic:
    """A topic the user may read, with its subforum, section and author. Raises Http404.

    It brings `site_version`, and for members `read_number` and `read_until` (forum/unread.py), and `draft` if any.
    """
    rows = _question(user).rows(topic_id, user.pk or 0)
    if not rows:
        raise Http404
    values = list(rows[0])
    topic, topic.subforum = _take(Topic, values), _take(Subforum, values)
    topic.subforum.section, topic.author = _take(Section, values), _take(User, values)
    topic.site_version = values.pop(0)
    if user.is_authenticated:
        topic.read_number, topic.read_until, topic.draft = values[0] or 0, _until(user, values[1]), _draft(*values[2:])
    return topic


def _take[T: models.Model](model: type[T], values: list) -> T:
    """The row that begins the values, taken off them."""
    names = _FIELDS[model]
    row = model.from_db("default", names, values[: len(names)], fetch_mode=FETCH_RAISE)
    del values[: len(names)]
    return row


def find_banner(subforum: Subforum, site_version: int) -> RulesBanner | None:
    """The rules above a subforum. Whenever any rules change the site's version rises, so they are kept by it."""
    key = (site_version, subforum.pk)
    found = _banners.get(key, _UNKNOWN)
    if found is _UNKNOWN:
        banners = RulesBanner.objects.select_related("set_by").filter(subforum=subforum)
        found = banners.fetch_mode(FETCH_RAISE).first()
        if len(_banners) >= BANNERS_KEPT:
            _banners.clear()
        _banners[key] = found
    return found


def forget_banners() -> None:
    _banners.clear()


_UNKNOWN: Any = object()
_banners: dict[tuple[int, int], RulesBanner | None] = {}


@dataclass(frozen=True)
class _Reader:
    """Stands in a statement for every member who may read the same."""

    is_staff: bool
    moderates_ids: list[int]
    pk: int = MARK + 1
    is_authenticated: bool = True


def _question(user: User) -> Statement:
    scope = (user.is_authenticated, user.is_staff, tuple(moderated_subforum_ids(user)))
    return statement(("topic", scope), lambda: _topics(user))


def _topics(user: User):
    reader = _Reader(user.is_staff, list(moderated_subforum_ids(user))) if user.is_authenticated else A_VISITOR
    topics = Topic.objects.visible_to(reader).filter(pk=MARK)  # type: ignore[arg-type]
    topics = topics.annotate(site=Subquery(SiteVersion.objects.values("version")[:1]))
    more = ["site"]
    if user.is_authenticated:
        topics, names = _with_marks(topics)
        more += names
    shown = [path + name for path, names in zip(_PATHS, _FIELDS.values(), strict=True) for name in names]
    return topics.values_list(*shown, *more)


def _with_marks(topics):
    """How far the reader has read, and what they have not sent yet."""
    reading = Reading.objects.filter(user=MARK + 1, topic=OuterRef("pk"))
    mark = SubforumReading.objects.filter(user=MARK + 1, subforum=OuterRef("subforum"))
    draft = Draft.objects.filter(user=MARK + 1, topic=OuterRef("pk"))
    marks = {
        "read_number": Subquery(reading.values("number")),
        "marked_until": Subquery(mark.values("read_until")),
        "draft_id": Subquery(draft.values("pk")),
        "draft_source": Subquery(draft.values("source")),
        "draft_saved_at": Subquery(draft.values("saved_at")),
    }
    return topics.annotate(**marks), list(marks)


def _until(user: User, marked: datetime | None) -> datetime:
    begin = unread.since(user)
    return max(marked, begin) if marked else begin


def _draft(pk: int | None, source: str, saved_at: datetime) -> Draft | None:
    return Draft(pk=pk, source=source, saved_at=saved_at) if pk else None
