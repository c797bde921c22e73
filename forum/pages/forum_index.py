"""Data of the index: sections with their subforums, unanswered topics, members thanked this week."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from django.conf import settings
from django.db.models import Value
from django.urls import reverse

from accounts.models import User
from accounts.readers import Reader
from accounts.site_info import about_site
from forum import markup
from forum.counters import thanks_of_the_week
from forum.extensions import fragments
from forum.extensions.fragments import HomeParts
from forum.models import Subforum, Topic
from forum.models.topic import across_version
from forum.pages import from_elsewhere
from forum.pages.queries import SITE_VERSION
from forum.pages.values import SectionRow, TopicRow, UserRow
from forum.permissions import can_administer
from pagecache import fragment_cache
from pagecache.prepared import MARK, statement
from pagecache.store import Store

UNANSWERED_SHOWN = 5


class ForumRow(NamedTuple):
    """A subforum as a row of the index."""

    section_pk: int
    section_name: str
    pk: int
    slug: str
    name: str
    description: str
    icon: str
    topics_count: int
    posts_count: int
    last_post_id: int | None
    last_written_at: datetime | None
    last_title: str | None
    last_author: str | None
    unread_count: int = 0

    def get_absolute_url(self) -> str:
        return reverse("forum:subforum", args=[self.slug])

    def last_post_url(self) -> str:
        return reverse("forum:post", args=[self.last_post_id])


_FORUM_COLUMNS = (
    "section_id", "section__name", "pk", "slug", "name", "description", "icon", "topics_count", "posts_count",
    "last_post_id", "last_post__written_at", "last_post__topic__title", "last_post__author__username",
)  # fmt: skip


class Forums(NamedTuple):
    """The subforums of the index, and what is pinned across the forum."""

    rows: list[ForumRow]
    across: tuple[TopicRow, ...]


def forums(reader: Reader, unread: Mapping[int, int]) -> Forums:
    """The subforums the reader may read, in order; `unread`: number of unread topics by primary key. One query, and one
    more that is cached if topics are pinned across the forum."""
    shared = reader.shared(MARK)
    rows = statement(("forums", shared), lambda: _forums(shared)).rows(reader.pk)
    across = from_elsewhere.pinned_across(reader, *rows[0][-2:]) if rows else ()
    return Forums([ForumRow._make((*row[:-2], unread.get(row[2], 0))) for row in rows], across)


def _forums(reader: Reader):
    subforums = Subforum.objects.visible_to(reader).annotate(site=SITE_VERSION, across=across_version())
    return subforums.values_list(*_FORUM_COLUMNS, "site", "across")


def by_section(rows: list[ForumRow]) -> dict[SectionRow, str]:
    """The HTML of each section's rows; sections without a readable subforum are left out."""
    return {
        SectionRow(*section): fragment_cache.rendered_rows("forum/_forum_row.html", below)
        for section, below in groupby(rows, key=lambda row: row[:2])
    }


def unanswered(reader: Reader) -> str:
    """The HTML of the newest questions without an answer; those without any reply come first. One query."""
    shared = reader.shared(MARK)
    rows = statement(("unanswered on the index", shared), lambda: _unanswered(shared)).rows(reader.pk)
    topics = [
        TopicRow(pk, title, slug, posts_count, last_post_at=last_post_at, author=author)
        for _, pk, title, slug, posts_count, last_post_at, author in rows
    ]
    return fragment_cache.rendered_rows("forum/_waiting.html", topics)


def _unanswered(reader: Reader):
    """Two queries in one (a UNION), because each reads the newest from the index that it has."""
    asked = Topic.objects.visible_to(reader).unanswered().latest_first()
    parts = [
        topics.annotate(place=Value(place)).values_list(
            "place", "pk", "title", "slug", "posts_count", "last_post_at", "author__username"
        )[:UNANSWERED_SHOWN]
        for place, topics in enumerate([asked.filter(posts_count=1), asked.exclude(posts_count=1)])
    ]
    return parts[0].union(parts[1], all=True).order_by("place", "-last_post_at", "-pk")[:UNANSWERED_SHOWN]


class Thanked(NamedTuple):
    """A member, the number of their "helpful" reactions this week, and their first badge."""

    user: UserRow
    thanks: int
    badge: str


class ThankedLately(NamedTuple):
    """The members thanked most this week. `counted_at`: when the worker counted; None for just now."""

    members: tuple[Thanked, ...]
    counted_at: datetime | None


def thanked_lately() -> ThankedLately:
    """As the worker counted, or else as counted now; cached for KEPT_SECONDS."""
    return _thanked.get_or_make("this week", _thanked_this_week)


_thanked: Store[str, ThankedLately] = Store(max_items=1, ttl=settings.KEPT_SECONDS)


def _thanked_this_week() -> ThankedLately:
    counts = thanks_of_the_week.kept()
    found = User.objects.with_badges().in_bulk(counts.by_member)
    members = tuple(
        Thanked(UserRow(pk, found[pk].username), count, next(iter(found[pk].badge_titles), ""))
        for pk, count in counts.by_member.items()
        if pk in found
    )
    return ThankedLately(members, counts.counted_at)


def html_of_home(home: HomeParts) -> dict[str, str]:
    """What other apps show on the index, by the name of the place."""
    return {f"home_{part.name}": fragments.html_of(getattr(home, part.name)) for part in fields(home)}


def as_website() -> str:
    """What search engines are told of the site (schema.org WebSite), as JSON."""
    about = about_site()
    return markup.as_data(
        {
            "@context": "https://schema.org",
            "@type": "WebSite",
            "name": about["site_name"],
            "url": f"{about['site_url']}/",
        }
    )


class Beginning(NamedTuple):
    """What the index of a forum without subforums shows in their place."""

    has_administrator: bool
    # Whether only this machine can be reached, so that it is the operator who looks.
    is_local: bool
    may_administer: bool


def beginning(reader: Reader) -> Beginning:
    """One query."""
    has_administrator = User.objects.filter(is_staff=True, is_active=True).exists()
    return Beginning(has_administrator, settings.IS_LOCAL, can_administer(reader))
