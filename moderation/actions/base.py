"""Shared by all acts: row locks in order, the log entry, and its signal."""

from collections.abc import Callable, Iterable, Sequence

from django.db import transaction
from django.db.models import Model, Q, QuerySet

from accounts.models import User
from forum.counters import locks
from forum.models import Post, Reaction, Subforum, Topic
from forum.permissions import NotAllowed
from moderation.log.entries import Snapshot, Why, tell, write
from moderation.models import ModerationEntry
from moderation.permissions import can_judge_post, can_judge_topic, can_keep_topic

Act = Callable[..., ModerationEntry | None]


def lock_kept_topic(user: User, topic: Topic) -> Topic:
    """Lock a topic for a moderator with can_keep_topic. Raises NotAllowed."""
    topic = locks.lock_topic(topic)
    if not can_keep_topic(user, topic):
        raise NotAllowed
    return topic


def lock_judged_topic(user: User, topic: Topic) -> Topic:
    """Lock a topic for a moderator with can_judge_topic. Raises NotAllowed."""
    topic = locks.lock_topic(topic)
    if not can_judge_topic(user, topic):
        raise NotAllowed
    return topic


def lock_judged_post(user: User, post: Post) -> Post:
    """Lock a post, after its topic, for a moderator with can_judge_post. Raises NotAllowed."""
    post = locks.lock_post(post)
    if not can_judge_post(user, post):
        raise NotAllowed
    return post


def lock_member(member: User) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=member.pk)


def on_topic(
    user: User,
    verb: str,
    why: Why,
    topic: Topic,
    *,
    before: Snapshot | None = None,
    after: Snapshot | None = None,
) -> ModerationEntry:
    """Write the log entry of an act on a topic, and send its signal."""
    member = None if topic.is_running else topic.author
    entry = write(user, verb, why, subforum=topic.subforum, topic=topic, member=member, before=before, after=after)
    return tell(entry)


def on_post(
    user: User,
    verb: str,
    why: Why,
    post: Post,
    *,
    before: Snapshot | None = None,
    after: Snapshot | None = None,
) -> ModerationEntry:
    """Write the log entry of an act on a post, and send its signal."""
    topic = post.topic
    entry = write(
        user,
        verb,
        why,
        subforum=topic.subforum,
        topic=topic,
        post=post,
        member=post.author,
        before=before,
        after=after,
    )
    return tell(entry)


@transaction.atomic
def for_each(act: Act, user: User, things: Sequence[Topic] | Sequence[Post], *values: object) -> list[ModerationEntry]:
    """Bulk act: call `act(user, thing, *values)` for each topic or post, all in one transaction, with an entry each.

    Raises what the act raises; then nothing is done.
    """
    posts = sorted({thing.pk: thing for thing in things if isinstance(thing, Post)}.items())
    topics = sorted({thing.pk: thing for thing in things if isinstance(thing, Topic)}.items())
    lock_all(
        Topic.objects.filter(pk__in=[pk for pk, _ in topics]),
        Post.objects.filter(pk__in=[pk for pk, _ in posts]),
        # The topic of a post when it was ticked, and the target of a move.
        more_topics=[post.topic_id for _, post in posts],
        more_subforums=[value.pk for value in values if isinstance(value, Subforum)],
    )
    entries = [act(user, thing, *values) for _, thing in [*topics, *posts]]
    return [entry for entry in entries if entry is not None]


def lock_all(
    topics: QuerySet[Topic],
    posts: QuerySet[Post],
    *,
    more_topics: Iterable[int] = (),
    more_subforums: Iterable[int] = (),
    more_members: Iterable[int] = (),
) -> set[int]:
    """Lock all rows that acts on these topics and posts will lock, in the order of locks. Returns pks of the topics.

    Otherwise the second act would wait for a topic while the first holds locks of counters: a deadlock. Callers must
    skip posts that were moved concurrently into a topic that is not among those returned, because it is not locked.
    """
    topic_ids = {*topics.values_list("pk", flat=True), *posts.values_list("topic", flat=True), *more_topics}
    post_ids = list(posts.values_list("pk", flat=True))
    _lock(Topic, topic_ids)
    _lock(Post, post_ids)
    _lock(Subforum, [*Topic.objects.filter(pk__in=topic_ids).values_list("subforum", flat=True), *more_subforums])
    counted = Post.objects.filter(Q(topic__in=topics.values("pk")) | Q(pk__in=post_ids)).order_by()
    writers = counted.values_list("author", flat=True).distinct()
    thankful = Reaction.objects.filter(post__in=counted.values("pk"), kind=Reaction.Kind.HELPFUL)
    _lock(User, [*writers, *thankful.values_list("user", flat=True).distinct(), *more_members])
    return topic_ids


def _lock(model: type[Model], ids: Iterable[int]) -> None:
    rows = model._default_manager.filter(pk__in=set(ids)).order_by("pk").select_for_update(no_key=True)
    list(rows.values_list("pk", flat=True))
