"""Row locks of topics, posts and subforums, in the one order in which all writers take them.

Topic, post, subforum, user; within a table by primary key. Each lasts until the transaction ends.
"""

from forum.models import Post, Subforum, Topic
from forum.permissions import NotAllowed
from pagecache.prepared import MARK, as_model, columns_of, statement


def lock_topic(topic: Topic) -> Topic:
    """The topic as it is now, locked until the transaction ends, with its subforum (not locked)."""
    names, places = columns_of(Topic), columns_of(Subforum)
    shown = [*names, *(f"subforum__{name}" for name in places)]
    question = statement("locked topic", lambda: Topic.objects.filter(pk=MARK).values_list(*shown), _LOCK)
    # The join finds no row of a topic that was moved to another subforum during the wait. That query has locked the
    # topic all the same, as often as it was moved: the second query finds it, unless it is gone.
    rows = question.rows(topic.pk) or question.rows(topic.pk)
    if not rows:
        raise Topic.DoesNotExist
    locked = as_model(Topic, names, rows[0][: len(names)], is_locked=True)
    locked.subforum = as_model(Subforum, places, rows[0][len(names) :], is_locked=True)
    return locked


_LOCK = " FOR NO KEY UPDATE OF forum_topic"


def lock_post(post: Post) -> Post:
    """The post as it is now, locked after its topic, which it brings along.

    Raises NotAllowed if a moderator put it into another topic since it was looked at: that one is not locked.
    """
    topic = lock_topic(post.topic)
    post = Post.objects.select_for_update(no_key=True).get(pk=post.pk)
    if post.topic_id != topic.pk:
        raise NotAllowed
    post.topic = topic
    return post


def lock_topics(*topics: Topic) -> list[Topic]:
    """As lock_topic, each once, in the order of their keys."""
    return [lock_topic(topic) for topic in sorted({topic.pk: topic for topic in topics}.values(), key=lambda t: t.pk)]


def lock_subforum(subforum_id: int) -> Subforum:
    return Subforum.objects.select_for_update(no_key=True).get(pk=subforum_id)
