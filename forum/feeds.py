"""Atom feeds of the whole forum, a subforum or a topic. They contain what visitors may read, even for members."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db.models import FETCH_RAISE, QuerySet
from django.utils.feedgenerator import Atom1Feed

from accounts.text.plain_text import isolated, visible
from forum.models import Post

POSTS_IN_FEED = 30


# A link of post.html to a page of ours.
_OWN_LINK = re.compile(r'(<a href=")/(?!/)')
# Characters that XML 1.0 does not allow, as escapes neither.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# What an empty feed was last updated on.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Feed(Atom1Feed):
    """An Atom feed whose relative addresses are ours, and whose answer does not change while it is empty."""

    def root_attributes(self) -> dict[str, str]:
        return super().root_attributes() | {"xml:base": f"{settings.SITE_URL}/"}

    def add_item(self, **item: Any) -> None:  # type: ignore[override]
        """Each entry needs a title of its own words (RFC 4287, 4.2.14)."""
        words = {name: _NO_XML.sub("", value) for name, value in item.items() if isinstance(value, str)}
        super().add_item(**item | words | {"title": words["title"].strip() or "Untitled"})

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else NEVER


def newest(posts: QuerySet[Post]) -> list[Post]:
    """The newest POSTS_IN_FEED of these posts that visitors may read."""
    found = posts.readable_by_all().select_related("author", "topic")  # type: ignore[attr-defined]
    return list(found.order_by("-pk").fetch_mode(FETCH_RAISE)[:POSTS_IN_FEED])


def atom(title: str, path: str, feed_path: str, posts: Iterable[Post], *, subtitle: str = "") -> str:
    """The XML of a feed. The HTML of posts was sanitised when it was written; here it is escaped as XML."""
    feed = Feed(
        title=" ".join(visible(title).split()),
        link=absolute(path),
        description="",
        subtitle=subtitle or None,
        language="en",
        feed_url=absolute(feed_path),
        feed_guid=absolute(feed_path),
    )
    for post in posts:
        feed.add_item(
            title=post.topic.title if post.is_opening_post else f"Re: {isolated(post.topic.title)}",
            link=absolute(post.get_absolute_url()),
            unique_id=absolute(post.get_absolute_url()),
            description=_OWN_LINK.sub(rf"\1{settings.SITE_URL}/", post.html),
            author_name=post.author.username,
            author_link=absolute(post.author.get_absolute_url()),
            pubdate=post.written_at,
            updateddate=post.edited_at or post.written_at,
        )
    return feed.writeString("utf-8")


def absolute(path: str) -> str:
    """The absolute URL of a path, by settings.SITE_URL and never by the Host header."""
    return f"{settings.SITE_URL}{path}"
