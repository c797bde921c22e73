"""News follows the posts that it is about into other topics and subforums."""

from django.db import transaction

from accounts.models import NewsVersion
from notifications.models import Notification
from pagecache.prepared import run


@transaction.atomic
def follow_posts(topic_id: int) -> None:
    """Put news of posts that stand elsewhere now beside the other news of that place, and all news of the topic under
    the subforum that it stands in now. Idempotent."""
    NewsVersion.bump(user_id for (user_id,) in run(_FOLLOW, [topic_id], writes=Notification))


# Locked in order of primary key, as by those who mark them as read.
_FOLLOW = """
    WITH moved AS (
        SELECT news.id, post.topic_id,
               CASE news.kind WHEN 'reply' THEN 'replies-' || post.topic_id
                              WHEN 'topic' THEN 'topics-' || topic.subforum_id
                              ELSE news."group" END AS shown_with
        FROM notifications_notification AS news
        JOIN forum_post AS post ON post.id = news.post_id
        JOIN forum_topic AS topic ON topic.id = post.topic_id
        WHERE news.topic_id = %s
        ORDER BY news.id FOR NO KEY UPDATE OF news
    )
    UPDATE notifications_notification AS news SET topic_id = moved.topic_id, "group" = moved.shown_with
    FROM moved
    WHERE moved.id = news.id AND (news.topic_id, news."group") IS DISTINCT FROM (moved.topic_id, moved.shown_with)
    RETURNING news.user_id
"""
