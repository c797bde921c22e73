"""Atom feeds of the whole forum, a subforum or a topic. They contain what visitors may read, even for members."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from django.conf import settings
from django.db.models import FETCH_RAISE, QuerySet
from django.utils.feedgenerator import Atom1Feed

from accounts.text.plain_text import visible
from forum.models import Post

POSTS_IN_FEED = 30


# A link of post.html to a page of ours.
_OWN_LINK = re.compile(r'(<a href=")/(?!/)')
# What an empty feed was last updated on.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Feed(Atom1Feed):
    """An Atom feed whose relative addresses are ours, and whose answer does not change while it is empty."""

    def root_attributes(self) -> dict[str, str]:
        return super().root_attributes() | {"xml:base": f"{settings.SITE_URL}/"}

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
            title=post.topic.title if post.is_opening_post else f"Re: {post.topic.title}",
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


def discussion(post: Post) -> dict:
    """Structured data of a topic for search engines (schema.org DiscussionForumPosting), from its opening post.

    It contains only what changes with the post itself, so that it can be cached with it.
    """
    topic, author = post.topic, post.author
    return {
        "@context": "https://schema.org",
        "@type": "DiscussionForumPosting",
        "headline": topic.title,
        "url": absolute(topic.get_absolute_url()),
        "datePublished": topic.opened_at.isoformat(timespec="seconds"),
        "author": {"@type": "Person", "name": author.username, "url": absolute(author.get_absolute_url())},
        "text": post.source,
    }
