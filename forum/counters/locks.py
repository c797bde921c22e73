"""Row locks of topics, posts and subforums, in the one order in which all writers take them.

Topic, post, subforum, user; within a table by primary key. Locks last until the transaction ends.
"""

from forum.models import Post, Subforum, Topic
from forum.permissions import NotAllowed
from pagecache.prepared import MARK, as_model, columns_of, statement


def lock_topic(topic: Topic) -> Topic:
    """The topic, read again and locked, with its subforum (not locked). Raises Topic.DoesNotExist."""
    names, places = columns_of(Topic), columns_of(Subforum)
    shown = [*names, *(f"subforum__{name}" for name in places)]
    question = statement("locked topic", lambda: Topic.objects.filter(pk=MARK).values_list(*shown), _LOCK)
    # If the topic was moved to another subforum while the query waited for the lock, its join finds no row; but the
    # topic is locked all the same, so the second query finds it, unless it was deleted.
    rows = question.rows(topic.pk) or question.rows(topic.pk)
    if not rows:
        raise Topic.DoesNotExist
    locked = as_model(Topic, names, rows[0][: len(names)], is_locked=True)
    locked.subforum = as_model(Subforum, places, rows[0][len(names) :], is_locked=True)
    return locked


_LOCK = " FOR NO KEY UPDATE OF forum_topic"


def lock_post(post: Post) -> Post:
    """The post, read again and locked after its topic, which is its `post.topic`.

    Raises NotAllowed if a moderator moved it into another topic since it was read: that one is not locked.
    """
    topic = lock_topic(post.topic)
    post = Post.objects.select_for_update(no_key=True).get(pk=post.pk)
    if post.topic_id != topic.pk:
        raise NotAllowed
    post.topic = topic
    return post


def lock_topics(*topics: Topic) -> list[Topic]:
    """Each of the topics locked once, as by lock_topic, in order of primary key."""
    return [lock_topic(topic) for topic in sorted({topic.pk: topic for topic in topics}.values(), key=lambda t: t.pk)]


def lock_subforum(subforum_id: int) -> Subforum:
    return Subforum.objects.select_for_update(no_key=True).get(pk=subforum_id)
