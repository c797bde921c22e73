"""Atom feeds of what every visitor may read, whoever asks: of the whole forum, a subforum, a topic."""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import FETCH_RAISE, QuerySet
from django.utils.feedgenerator import Atom1Feed

from forum import markup
from forum.models import Post

POSTS_IN_FEED = 30


def newest(posts: QuerySet[Post]) -> list[Post]:
    """The newest of these posts that may stand in a feed."""
    found = posts.readable_by_all().select_related("author", "topic")  # type: ignore[attr-defined]
    return list(found.order_by("-pk").fetch_mode(FETCH_RAISE)[:POSTS_IN_FEED])


def atom(title: str, path: str, feed_path: str, posts: Iterable[Post]) -> str:
    """The feed's XML. Titles and texts were made safe when they were written; here they are escaped once more."""
    feed = Atom1Feed(
        title=markup.clean(title),
        link=absolute(path),
        description="",
        language="en",
        feed_url=absolute(feed_path),
        feed_guid=absolute(feed_path),
    )
    for post in posts:
        feed.add_item(
            title=post.topic.title if post.is_opening_post else f"Re: {post.topic.title}",
            link=absolute(post.get_absolute_url()),
            unique_id=absolute(post.get_absolute_url()),
            description=post.html,
            author_name=post.author.username,
            author_link=absolute(post.author.get_absolute_url()),
            pubdate=post.written_at,
            updateddate=post.edited_at or post.written_at,
        )
    return feed.writeString("utf-8")


def absolute(path: str) -> str:
    """An address of ours with the host that the operator configured, never the one a request names."""
    return f"{settings.SITE_URL}{path}"


def discussion(post: Post) -> dict:
    """What search engines are told of a topic by its opening post (schema.org DiscussionForumPosting).

    Only what changes with the post itself, so that it can be kept with it.
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
