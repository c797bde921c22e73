"""Data of the index: sections with their subforums, unanswered topics, members thanked this week."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.readers import Reader
from accounts.site_info import about_site
from forum import markup
from forum.extensions import fragments
from forum.extensions.fragments import HomeParts
from forum.models import Post, Reaction, Subforum, Topic
from forum.pages.values import SectionRow, TopicRow, UserRow
from forum.permissions import can_administer
from pagecache import fragment_cache
from pagecache.prepared import MARK, statement
from pagecache.store import Store

UNANSWERED_SHOWN = 5
THANKED_SHOWN = 3


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


def forums(reader: Reader, unread: Mapping[int, int]) -> list[ForumRow]:
    """The subforums the reader may read, in order; `unread`: number of unread topics by primary key. One query."""
    shared = reader.shared(MARK)
    rows = statement(("forums", shared), lambda: _forums(shared)).rows(reader.pk)
    return [ForumRow._make((*row, unread.get(row[2], 0))) for row in rows]


def _forums(reader: Reader):
    return Subforum.objects.visible_to(reader).values_list(*_FORUM_COLUMNS)


def by_section(rows: list[ForumRow]) -> dict[SectionRow, str]:
    """The HTML of each section's rows; sections without a readable subforum are left out."""
    return {
        SectionRow(*section): fragment_cache.rendered_rows("forum/_forum_row.html", below)
        for section, below in groupby(rows, key=lambda row: row[:2])
    }


def unanswered(reader: Reader) -> str:
    """The HTML of the newest topics without replies."""
    shared = reader.shared(MARK)
    rows = statement(("unanswered on the index", shared), lambda: _unanswered(shared)).rows(reader.pk)
    topics = [
        TopicRow(pk, title, slug, last_post_at=last_post_at, author=author)
        for pk, title, slug, last_post_at, author in rows
    ]
    return fragment_cache.rendered_rows("forum/_waiting.html", topics)


def _unanswered(reader: Reader):
    topics = Topic.objects.visible_to(reader).unanswered().latest_first()
    return topics.values_list("pk", "title", "slug", "last_post_at", "author__username")[:UNANSWERED_SHOWN]


class Thanked(NamedTuple):
    """A member, the number of their "helpful" reactions this week, and their first badge."""

    user: UserRow
    thanks: int
    badge: str


def thanked_lately() -> tuple[Thanked, ...]:
    """The members thanked most this week; cached for KEPT_SECONDS."""
    return _thanked.get_or_make("this week", _thanked_this_week)


_thanked: Store[str, tuple[Thanked, ...]] = Store(max_items=1, ttl=settings.KEPT_SECONDS)


def _thanked_this_week() -> tuple[Thanked, ...]:
    """The members with most "helpful" reactions of the last seven days on posts that visitors may read."""
    thanks = Reaction.objects.filter(kind=Reaction.Kind.HELPFUL, given_at__gte=timezone.now() - timedelta(days=7))
    by_author = thanks.filter(post__in=Post.objects.readable_by_all()).values("post__author_id")
    most = by_author.annotate(count=Count("pk")).order_by("-count", "post__author_id")[:THANKED_SHOWN]
    counts = {row["post__author_id"]: row["count"] for row in most}
    found = User.objects.with_badges().in_bulk(counts)
    return tuple(
        Thanked(UserRow(pk, found[pk].username), count, next(iter(found[pk].badge_titles), ""))
        for pk, count in counts.items()
    )


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


class Step(NamedTuple):
    """One thing to do in an empty forum; `url` is a route name."""

    title: str
    text: str
    url: str | None
    is_done: bool


def next_steps(reader: Reader) -> tuple[Step, ...]:
    """What to set up first in an empty forum."""
    has_administrator = User.objects.filter(is_staff=True).exists()
    return (
        Step(
            "Make the first administrator",
            "In a terminal on this machine: ./run --empty manage createsuperuser. Then sign in.",
            "" if has_administrator else None,
            has_administrator,
        ),
        Step(
            "Make sections and subforums",
            "The staff pages have them, with access, moderators and rules. Sign in as the administrator.",
            "forum:staff" if can_administer(reader) else "account_login",
            False,
        ),
    )
