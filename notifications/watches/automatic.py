"""Watches that begin by themselves: of a topic that a member opens or replies in."""

from crossings.models import CrossingReport
from forum.models import Post
from notifications.models import Watch
from pagecache.prepared import run


def watch_on_writing(post: Post) -> None:
    """Let the author of a readable post watch its topic, in the transaction that writes it. Idempotent.

    Not if they have a watch of it already, whatever its level, switched this off, or muted the subforum. A report in
    the running topic of a crossing is neither a question nor a reply: who files one watches the crossing, if they like.
    """
    if post.topic.is_running and CrossingReport.objects.filter(post=post).exists():
        return
    place = {"user": post.author_id, "topic": post.topic_id, "subforum": post.topic.subforum_id}
    run(_ON_ASKING if post.is_opening_post else _ON_REPLYING, place, writes=Watch)


# One statement, so that replies of one member at once make one watch, and none overwrites a concurrent choice.
_WATCH = """
    INSERT INTO notifications_watch (user_id, topic_id, level, is_automatic, watched_at, direction)
    SELECT %(user)s::bigint, %(topic)s::bigint, 'watching', true, now(), ''
    WHERE NOT EXISTS (
        SELECT FROM notifications_watchpreference WHERE user_id = %(user)s::bigint AND NOT on_{doing}
    ) AND NOT EXISTS (
        SELECT FROM notifications_watch
        WHERE user_id = %(user)s::bigint AND subforum_id = %(subforum)s::bigint AND level = 'muted'
    )
    ON CONFLICT (user_id, topic_id) WHERE topic_id IS NOT NULL DO NOTHING
"""
_ON_ASKING, _ON_REPLYING = _WATCH.format(doing="asking"), _WATCH.format(doing="replying")
