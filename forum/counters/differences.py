"""Updating counters around changes of whole topics or many posts: hiding, restoring, moving, merging, splitting.

What the topics contribute to the counters of subforums and members is counted before and after, and the difference is
added. This is simple enough for what moderators do; a reply and a reaction know their own increments
(forum/counters/increments.py).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db.models import Count, F, QuerySet, Sum

from forum.counters import expert_replies, increments, locks
from forum.models import Post, Reaction, Subforum, Topic
from pagecache.prepared import run


@dataclass
class Tally:
    """What some topics contribute to the counters of one subforum, and to those of members if visitors may read it."""

    topics: int = 0
    posts: int = 0
    members: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


@contextmanager
def counters_following(topic_ids: Iterable[int], posts: QuerySet[Post] | None = None) -> Iterator[set[int]]:
    """Context manager: counters of these topics, their subforums and their members are updated for the changes within.

    The caller has locked the topics; add a topic created within to the yielded set. If only some `posts` change, pass
    them, and nothing else is counted.
    """
    ids = set(topic_ids)
    before = _tallies(ids, posts)
    yield ids
    for pk in sorted(ids):
        _count_topic(pk)
    _follow(before, _tallies(ids, posts))


def _tallies(topic_ids: set[int], some: QuerySet[Post] | None) -> dict[int, Tally]:
    posts = Post.objects.filter(topic__in=topic_ids) if some is None else some
    tallies: dict[int, Tally] = defaultdict(Tally)
    subforums = Topic.objects.filter(pk__in=topic_ids).values_list("subforum_id", "hidden_at", "held_at")
    for subforum_id, hidden_at, held_at in subforums:
        tallies[subforum_id].topics += hidden_at is None and held_at is None
    readable = posts.readable().filter(topic__hidden_at=None, topic__held_at=None).order_by()  # type: ignore[attr-defined]
    written = readable.values_list("topic__subforum_id", "author_id").annotate(Count("pk"), Sum("helpful_count"))
    for subforum_id, author_id, count, received in written:
        tallies[subforum_id].posts += count
        tallies[subforum_id].members[author_id].update(posts_count=count, reactions_received=received)
    helpful = Reaction.objects.filter(post__in=readable.values("pk"), kind=Reaction.Kind.HELPFUL).order_by()
    given = helpful.values_list("post__topic__subforum_id", "user_id").annotate(Count("pk"))
    for subforum_id, user_id, count in given:
        tallies[subforum_id].members[user_id].update(reactions_given=count)
    return tallies


def _follow(before: dict[int, Tally], after: dict[int, Tally]) -> None:
    """Add the differences to subforums, then members, each in order of primary key: the order of locks."""
    changes: dict[int, Counter[str]] = defaultdict(Counter)
    for pk in sorted(before.keys() | after.keys()):
        was, now = before.get(pk, Tally()), after.get(pk, Tally())
        subforum = locks.lock_subforum(pk)
        Subforum.objects.filter(pk=pk).update(
            topics_count=F("topics_count") + now.topics - was.topics,
            posts_count=F("posts_count") + now.posts - was.posts,
        )
        increments.set_last_post_of_subforum(pk)
        if subforum.is_readable_by_all:
            for user_id, counts in now.members.items():
                changes[user_id].update(counts)
            for user_id, counts in was.members.items():
                changes[user_id].subtract(counts)
    increments.change_users({pk: dict(steps) for pk, steps in changes.items()})


def _count_topic(topic_id: int) -> None:
    """Recount a topic's own counters. Without readable posts it keeps its `last_post_at`."""
    run(_COUNT_TOPIC, {"topic": topic_id}, writes=Topic)


_COUNT_TOPIC = f"""
    UPDATE forum_topic AS topic SET
        posts_count = found.readable, last_number = found.total, version = topic.version + 1,
        opening_post_id = opening.id,
        last_post_id = coalesce(last.id, opening.id), last_post_at = coalesce(last.written_at, topic.last_post_at),
        answers_count = (
            SELECT count(*) FROM forum_answer AS answer JOIN forum_post AS post ON post.id = answer.post_id
            WHERE post.topic_id = %(topic)s AND answer.withdrawn_at IS NULL
            AND post.hidden_at IS NULL AND post.held_at IS NULL),
        expert_replies_count = {expert_replies.COUNT}
    FROM (
        SELECT count(*) AS total, count(*) FILTER (WHERE hidden_at IS NULL AND held_at IS NULL) AS readable
        FROM forum_post WHERE topic_id = %(topic)s
    ) AS found
    LEFT JOIN forum_post AS opening ON opening.topic_id = %(topic)s AND opening.number = 1
        AND NOT (SELECT is_running FROM forum_topic WHERE id = %(topic)s)
    LEFT JOIN LATERAL (
        SELECT id, written_at FROM forum_post WHERE topic_id = %(topic)s AND hidden_at IS NULL AND held_at IS NULL
        ORDER BY number DESC LIMIT 1
    ) AS last ON true
    WHERE topic.id = %(topic)s
"""  # noqa: S608
