"""Incrementing counters: docs/counters.md says what each one counts.

Callers hold the row lock of the topic. Rows are locked in one order: topic, post, subforum, user; within a table by
primary key. A counter only ever changes by F() (or in SQL) in the transaction of its cause.
"""

from collections import Counter
from datetime import datetime

from django.db.models import Count, F, Max, QuerySet, Sum
from django.utils import timezone

from accounts.models import User
from forum.counters import locks
from forum.models import Post, Reaction, Subforum, Topic
from forum.permissions import NotAllowed
from pagecache.prepared import run
from pagecache.versions import bump


def raise_version(topic: Topic) -> None:
    """Invalidate the cached pages of this topic and of its subforum."""
    bump(Topic, topic.pk)
    bump(Subforum, topic.subforum_id)


def end_kept_pages(subforums: QuerySet[Subforum]) -> None:
    """Invalidate the cached pages of whole subforums. All their topics are locked first, by the order of locks."""
    bump(Topic, *Topic.objects.filter(subforum__in=subforums).values_list("pk", flat=True))
    bump(Subforum, *subforums.order_by().values_list("pk", flat=True))


def count_new_post(topic: Topic, post: Post) -> None:
    """Count a readable post that was added at the end of a readable topic.

    Raises NotAllowed if its author was suspended or banned by a concurrent transaction: the locked row tells.
    """
    at = post.written_at
    readable = [access.value for access in Subforum.READABLE_BY_ALL]
    values = [int(post.is_opening_post), at, post.pk, post.pk, at, topic.subforum_id, readable, post.author_id]
    [(suspended_until, banned_at)] = run(_COUNT_NEW_POST, values, writes=Subforum)
    _refuse_the_suspended(suspended_until, banned_at)


def count_held_post(post: Post) -> None:
    """A held post is not counted yet; only its author is checked. Raises NotAllowed as count_new_post does."""
    author = User.objects.select_for_update(no_key=True).only("suspended_until", "banned_at").get(pk=post.author_id)
    _refuse_the_suspended(author.suspended_until, author.banned_at)


def _refuse_the_suspended(suspended_until: datetime | None, banned_at: datetime | None) -> None:
    if banned_at is not None or (suspended_until is not None and suspended_until > timezone.now()):
        raise NotAllowed


# Raw SQL, because every reply runs it: by the ORM each such statement costs a reply 10 to 18 % (docs/performance.md).
# When two topics of a subforum are answered at once, who comes to its row last may have written first. The row itself
# is compared, because PostgreSQL reads nothing else again after waiting for its lock. The author's row is locked after
# the subforum's, by whose access it is counted.
_COUNT_NEW_POST = """
    WITH counted AS (
        UPDATE forum_subforum
        SET posts_count = posts_count + 1, topics_count = topics_count + %s, version = version + 1,
            last_post_id = CASE WHEN (last_post_at, last_post_id) > (%s::timestamptz, %s) THEN last_post_id ELSE %s END,
            last_post_at = greatest(last_post_at, %s::timestamptz)
        WHERE id = %s RETURNING access
    )
    UPDATE accounts_user SET posts_count = posts_count + (access = ANY (%s::text[]))::int
    FROM counted WHERE accounts_user.id = %s RETURNING suspended_until, banned_at
"""


def count_changed_access(subforum: Subforum, step: int) -> None:
    """Count a subforum that became readable by all (step +1) or ceased to be (-1) for members. Not its own counters."""
    _count_for_members(
        Post.objects.readable().filter(topic__subforum=subforum, topic__hidden_at=None, topic__held_at=None),
        step,
    )


def count_reaction(post: Post, user: User, kind: str, step: int) -> None:
    """Count one reaction that was given (step +1) or withdrawn (-1)."""
    counter = f"{kind}_count"
    changes: dict[str, object] = {counter: F(counter) + step}
    if kind != Reaction.Kind.HELPFUL:
        changes[f"{kind}_at"] = post.reactions.filter(kind=kind).aggregate(latest=Max("given_at"))["latest"]
    bump(Post, post.pk, **changes)
    if kind != Reaction.Kind.HELPFUL:
        return
    if locks.lock_subforum(post.topic.subforum_id).is_readable_by_all:
        change_users({user.pk: {"reactions_given": step}, post.author_id: {"reactions_received": step}})


def change_users(changes: dict[int, dict[str, int]]) -> None:
    """Add to members' counters, in order of primary key, so that concurrent writers cannot deadlock."""
    for pk in sorted(changes):
        steps = {name: F(name) + step for name, step in changes[pk].items() if step}
        if steps:
            User.objects.filter(pk=pk).update(**steps)


_LAST = ("last_post", "last_post_at")


def set_last_post_of_subforum(subforum_id: int) -> None:
    topics = Topic.objects.readable().filter(subforum_id=subforum_id)
    newest = topics.exclude(last_post=None).order_by("-last_post_at", "-last_post").first()
    last = {"last_post": newest.last_post_id, "last_post_at": newest.last_post_at} if newest else dict.fromkeys(_LAST)
    bump(Subforum, subforum_id, **last)


def _count_for_members(posts, step: int) -> None:
    """Add a set of posts (times `step`) to the counters of their authors and of those who reacted."""
    changes: dict[int, Counter[str]] = {}
    written = posts.order_by().values_list("author_id").annotate(Count("pk"), Sum("helpful_count"))
    for author_id, count, received in written:
        changes.setdefault(author_id, Counter()).update(posts_count=step * count, reactions_received=step * received)
    helpful = Reaction.objects.filter(post__in=posts.order_by().values("pk"), kind=Reaction.Kind.HELPFUL)
    for user_id, count in helpful.order_by().values_list("user_id").annotate(Count("pk")):
        changes.setdefault(user_id, Counter()).update(reactions_given=step * count)
    change_users({pk: dict(steps) for pk, steps in changes.items()})
