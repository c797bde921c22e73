"""Merging and splitting topics, moving posts between them, and undoing all that exactly.

Posts are ordered by the time they were written and renumbered without gaps. A FormerPlace records where a post was
before, for permanent redirects of old URLs (forum/redirects.py) and for undoing. Both topics are locked, in order of
primary key, before anything is read.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.text.slugs import slug_of
from forum.actions import reading_marks
from forum.counters import locks
from forum.counters.differences import counters_following
from forum.models import FormerPlace, Post, Rearrangement, Subforum, Topic
from forum.permissions import CannotBeDone, NotAllowed, can_moderate
from forum.search import vectors
from forum.signals import posts_moved
from forum.tasks import AT_ONCE, render_moved
from pagecache.prepared import run
from pagecache.tasks import soon

Kind = Rearrangement.Kind
Places = dict[int, tuple[int, int]]  # by primary key of the post: primary key of its topic, and its number in it


@transaction.atomic
def merge_topics(user: User, source: Topic, target: Topic) -> Rearrangement:
    """Move all posts of `source` into `target`, to which it then redirects. Raises NotAllowed, CannotBeDone."""
    if source.pk == target.pk:
        raise CannotBeDone("A topic cannot be merged into itself.")
    source, target = _lock(user, source, target)
    for topic in (source, target):
        if not topic.is_readable:
            raise CannotBeDone(f"“{topic.title}” is hidden or waits for a moderator. Decide about that first.")
    if source.is_running and not target.is_running:
        raise CannotBeDone(
            "The first is a running topic, which belongs to nobody. Merge the other into it, or move single posts."
        )
    if source.duplicates_count or source.duplicate_of_id not in {None, target.pk}:
        raise CannotBeDone("The first topic is a duplicate, or has duplicates. Take those marks back first.")
    if source.duplicate_of_id == target.pk:
        raise CannotBeDone("The first topic is marked as a duplicate of the other. Take that mark back first.")
    rows = _posts_of(source, target)
    made = _begin(Kind.MERGE, user, source, target)
    with counters_following([source.pk, target.pk]):
        _number_anew(made, {source.pk: [], target.pk: [row[0] for row in rows]})
        Topic.objects.filter(pk=source.pk).update(merged_into=target, hidden_at=made.made_at, hidden_by=user)
    return _finish(made)


@transaction.atomic
def split_posts(user: User, posts: Sequence[Post], *, title: str, subforum: Subforum | None = None) -> Rearrangement:
    """Move posts of one topic into a new topic, here or in another subforum. Raises NotAllowed, CannotBeDone."""
    source = _one_topic(posts)
    [source] = locks.lock_topics(source)
    subforum = subforum or source.subforum
    if not can_moderate(user, source.subforum) or not can_moderate(user, subforum):
        raise NotAllowed
    staying, moving = _divide(source, posts)
    with counters_following([source.pk]) as counted:
        target = Topic.objects.create(
            subforum=subforum, title=title, slug=slug_of(title), author_id=moving[0].author_id,
            opened_at=moving[0].written_at, last_post_at=moving[0].written_at,
        )  # fmt: skip
        counted.add(target.pk)
        made = _begin(Kind.SPLIT, user, source, target)
        _number_anew(made, {source.pk: [post.pk for post in staying], target.pk: [post.pk for post in moving]})
    return _finish(made)


@transaction.atomic
def move_posts(user: User, posts: Sequence[Post], target: Topic) -> Rearrangement:
    """Move posts of one topic into another existing one, in order of time. Raises NotAllowed, CannotBeDone."""
    source = _one_topic(posts)
    if source.pk == target.pk:
        raise CannotBeDone("These posts stand in that topic already.")
    source, target = _lock(user, source, target)
    if not target.is_readable:
        raise CannotBeDone("The other topic is hidden, or waits for a moderator.")
    staying, moving = _divide(source, posts)
    together = sorted([*_posts_of(target), *[(post.pk, post.written_at) for post in moving]], key=lambda row: row[::-1])
    made = _begin(Kind.MOVE, user, source, target)
    with counters_following([source.pk, target.pk]):
        _number_anew(made, {source.pk: [post.pk for post in staying], target.pk: [row[0] for row in together]})
    return _finish(made)


@transaction.atomic
def undo_rearrangement(user: User, made: Rearrangement) -> None:
    """Move every post back. Posts written since stay in the topic that continues to exist.

    Idempotent. Raises NotAllowed, and CannotBeDone if a later rearrangement must be undone first, or something was
    hidden, held or marked since that the undo would show or break.
    """
    source, target = _lock(user, made.source, made.target, merged_too=True)
    made = Rearrangement.objects.select_for_update(no_key=True).get(pk=made.pk)
    made.source, made.target = source, target
    if made.undone_at is not None:
        return
    _refuse_if_later(made)
    _lock_all(source, target)
    with counters_following([source.pk, target.pk]):
        was, new = _places(made), _former_places(made)
        reading_marks.restore(made, was, new)
        _refuse_hidden_openings(new)
        _take_numbers(was, new)
        _restore_topics(made)
    Rearrangement.objects.filter(pk=made.pk).update(undone_by=user, undone_at=timezone.now())
    made.refresh_from_db()
    _tell(made, is_undone=True)


def _lock(user: User, source: Topic, target: Topic, *, merged_too: bool = False) -> tuple[Topic, Topic]:
    locked = {topic.pk: topic for topic in locks.lock_topics(source, target)}
    source, target = locked[source.pk], locked[target.pk]
    if not can_moderate(user, source.subforum) or not can_moderate(user, target.subforum):
        raise NotAllowed
    if not merged_too and any(topic.merged_into_id is not None for topic in (source, target)):
        raise CannotBeDone("One of the two topics was merged into another meanwhile.")
    return source, target


def _one_topic(posts: Sequence[Post]) -> Topic:
    if not posts:
        raise CannotBeDone("Choose at least one post.")
    if len({post.topic_id for post in posts}) > 1:
        raise CannotBeDone("Choose posts of one topic.")
    return posts[0].topic


def _divide(source: Topic, posts: Iterable[Post]) -> tuple[list[Post], list[Post]]:
    """The posts that stay in a locked topic and those that leave it, in order. Both must begin with a readable post."""
    wanted = {post.pk for post in posts}
    fields = ("topic", "number", "author", "written_at", "hidden_at", "held_at")
    everything = list(source.posts.only(*fields).order_by("number"))
    staying = [post for post in everything if post.pk not in wanted]
    moving = sorted((post for post in everything if post.pk in wanted), key=lambda post: (post.written_at, post.pk))
    if source.merged_into_id is not None or len(moving) < len(wanted):
        raise CannotBeDone("Some of these posts stand in another topic meanwhile. Look again.")
    if not source.is_readable:
        raise CannotBeDone("This topic is hidden, or waits for a moderator.")
    if not staying or not (staying[0].is_readable or source.is_running):
        raise CannotBeDone("What stays must begin with a post that can be read. Merge the topics to move everything.")
    if not moving[0].is_readable:
        raise CannotBeDone("The first of the posts that leave must be one that can be read.")
    return staying, moving


def _posts_of(*topics: Topic) -> list[tuple[int, datetime]]:
    posts = Post.objects.filter(topic__in=topics).order_by("written_at", "pk")
    return list(posts.values_list("pk", "written_at"))


def _lock_all(source: Topic, target: Topic) -> None:
    """Lock the posts, then the subforums, before any post is renumbered.

    A writer that sets one of these posts as `last_post` of a subforum has locked that subforum, and waits for the post
    at its commit: waiting for its subforum after renumbering would be a deadlock.
    """
    posts = Post.objects.filter(topic__in=[source, target]).order_by("pk").select_for_update(no_key=True)
    list(posts.values_list("pk"))
    for pk in sorted({source.subforum_id, target.subforum_id}):
        locks.lock_subforum(pk)


def _begin(kind: Kind, user: User, source: Topic, target: Topic) -> Rearrangement:
    _lock_all(source, target)
    topics = {str(topic.pk): _state_of(topic) for topic in (source, target)}
    return Rearrangement.objects.create(
        kind=kind, source=source, target=target, made_by=user, made_at=timezone.now(), before={"topics": topics}
    )


def _state_of(topic: Topic) -> dict:
    """The fields of a topic that a rearrangement changes, besides counters."""
    return {
        "author": topic.author_id,
        "opened_at": topic.opened_at.isoformat(),
        "hidden_at": topic.hidden_at and topic.hidden_at.isoformat(),
        "hidden_by": topic.hidden_by_id,
        "last_post_at": topic.last_post_at.isoformat(),
        "merged_into": topic.merged_into_id,
    }


def _number_anew(made: Rearrangement, wanted: dict[int, list[int]]) -> None:
    """Renumber the posts of both topics, and write a FormerPlace for each that moved."""
    was = _places(made)
    new = {pk: (topic_id, number) for topic_id, ids in wanted.items() for number, pk in enumerate(ids, 1)}
    reading_marks.follow(made, was, new)
    moved = _take_numbers(was, new)
    places = [FormerPlace(rearrangement=made, post_id=pk, topic_id=was[pk][0], number=was[pk][1]) for pk in moved]
    FormerPlace.objects.bulk_create(places, batch_size=5_000)
    for topic_id in wanted:
        _take_opening(topic_id)
    made.before["last_numbers"] = {str(topic_id): len(ids) for topic_id, ids in wanted.items()}
    made.save(update_fields=["before"])


def _places(made: Rearrangement) -> Places:
    posts = Post.objects.filter(topic__in=[made.source_id, made.target_id])
    return {pk: (topic_id, number) for pk, topic_id, number in posts.values_list("pk", "topic_id", "number")}


def _take_numbers(was: Places, new: Places) -> list[int]:
    """Write topic and number of the posts that moved; return those. Opening and last posts are None until recounted."""
    moved = [pk for pk, place in new.items() if was[pk] != place]
    topic_ids = {topic_id for topic_id, _ in [*was.values(), *new.values()]}
    Topic.objects.filter(pk__in=topic_ids).update(opening_post=None, last_post=None)
    titles = dict(Topic.objects.filter(pk__in=topic_ids).values_list("pk", "title"))
    words = {pk: vectors.title_vector(title) for pk, title in titles.items()}
    places = [[new[pk][0] for pk in moved], [new[pk][1] for pk in moved]]
    run(_MOVE, [list(words), list(words.values()), moved, *places], writes=Post)
    return moved


_MOVE = f"""
    WITH title AS MATERIALIZED (SELECT * FROM unnest(%s::bigint[], %s::text[]) AS title (topic, words))
    UPDATE forum_post AS post
    SET topic_id = place.topic, number = place.number, heading = topic.title, version = post.version + 1,
        {vectors.with_title_sql("title.words")}
    FROM unnest(%s::bigint[], %s::bigint[], %s::int[]) AS place (id, topic, number)
    JOIN forum_topic AS topic ON topic.id = place.topic
    JOIN title ON title.topic = place.topic
    WHERE post.id = place.id
"""  # noqa: S608 (all of it is ours)


def _take_opening(topic_id: int) -> None:
    """Author and date of a topic are those of its opening post."""
    opening = Post.objects.filter(topic=topic_id, number=1).values("author_id", "written_at").first()
    if opening:
        Topic.objects.filter(pk=topic_id).update(author=opening["author_id"], opened_at=opening["written_at"])


def _refuse_if_later(made: Rearrangement) -> None:
    """Undo only the latest rearrangement, because former places mean the numbering of their time; never show what was
    hidden since: the posts of a hidden topic would move back into a readable one."""
    both = [made.source_id, made.target_id]
    for topic in [made.target] if made.kind == Kind.MERGE else [made.source, made.target]:
        if not topic.is_readable:
            raise CannotBeDone(f"“{topic.title}” was hidden since, or waits for a moderator. Decide about that first.")
    later = Rearrangement.objects.filter(Q(source__in=both) | Q(target__in=both), undone_at=None, pk__gt=made.pk)
    if later.exists():
        raise CannotBeDone("Posts of these topics were moved again since then. Take that back first.")
    if made.kind == Kind.SPLIT and (made.target.duplicates_count or made.target.duplicate_of_id):
        raise CannotBeDone("The new topic is a duplicate, or has duplicates. Take those marks back first.")


def _refuse_hidden_openings(places: Places) -> None:
    """A topic whose opening post was hidden or held since would show its title again."""
    running = set(Topic.objects.filter(pk__in={pk for pk, _ in places.values()}, is_running=True).values_list("pk"))
    firsts = [pk for pk, (topic_id, number) in places.items() if number == 1 and (topic_id,) not in running]
    openings = Post.objects.filter(pk__in=firsts)
    if openings.exclude(hidden_at=None, held_at=None).exists():
        raise CannotBeDone(
            "A post that opened one of these topics was hidden since, or waits. Decide about that first."
        )


def _former_places(made: Rearrangement) -> Places:
    """The former places of the posts of both topics; posts written since follow, in the topic that goes on."""
    former = {pk: (topic, number) for pk, topic, number in made.former_places.values_list("post", "topic", "number")}
    rows = Post.objects.filter(topic__in=[made.source_id, made.target_id]).order_by("written_at", "pk")
    ends = made.before["last_numbers"]
    order: dict[int, list[tuple[bool, int, int]]] = {made.source_id: [], made.target_id: []}
    for at, (pk, topic_id, number) in enumerate(rows.values_list("pk", "topic_id", "number")):
        if number > ends[str(topic_id)]:
            home = made.source_id if made.kind == Kind.SPLIT else topic_id
            order[home].append((True, at, pk))
        else:
            topic, place = former.get(pk, (topic_id, number))
            order[topic].append((False, place, pk))
    return {pk: (topic_id, number) for topic_id, row in order.items() for number, (*_, pk) in enumerate(sorted(row), 1)}


def _restore_topics(made: Rearrangement) -> None:
    """Restore the other fields of both topics. A topic created by a split is merged back into its source."""
    for pk, state in made.before["topics"].items():
        Topic.objects.filter(pk=pk).update(**state)
    if made.kind == Kind.SPLIT:
        now = timezone.now()
        Topic.objects.filter(pk=made.target_id).update(merged_into=made.source, hidden_at=now, hidden_by=made.made_by)


def _finish(made: Rearrangement) -> Rearrangement:
    _tell(made, is_undone=False)
    return made


def _tell(made: Rearrangement, *, is_undone: bool) -> None:
    for topic_id in sorted([made.source_id, made.target_id]):
        soon(render_moved, topic_id, AT_ONCE)
    posts_moved.send(Rearrangement, rearrangement=made, is_undone=is_undone)
