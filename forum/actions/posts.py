"""Opening topics, replying, and authors withdrawing their own. All of it is idempotent."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.text.slugs import slug_of
from forum import markup, unread
from forum.actions import drafts, references, visibility
from forum.counters import expert_replies, increments, locks
from forum.counters.differences import counters_following
from forum.extensions import screeners
from forum.models import Post, Subforum, Topic
from forum.permissions import NotAllowed, can_open_topic, can_reply, can_withdraw, can_withdraw_topic
from forum.search import vectors
from forum.signals import post_held, post_published
from pagecache.prepared import run


@dataclass
class SentBefore(Exception):
    """The idempotency key was used before with another text; `post` is what was stored then."""

    post: Post


@transaction.atomic
def open_topic(
    user: User,
    subforum: Subforum,
    *,
    title: str,
    source: str,
    idempotency_key: UUID | None = None,
    draft_version: int | None = None,
    also: Iterable[Callable[[Post], object]] = (),
) -> Post:
    """Open a topic with its first post, which is returned; the same key and text again return the same post.

    `also`: callables given the new post, in the same transaction. `draft_version`: the draft with which the form was
    opened ends, and a newer one of another tab stays; None: any ends. If a screener holds it, the post has `held_at`.
    Raises SentBefore, NotAllowed, screeners.Refused, and ValidationError from forum.markup.
    """
    if stored := _sent_before(user, idempotency_key, source, title=title):
        return stored
    if not can_open_topic(user, subforum):
        raise NotAllowed
    draft = screeners.Draft(author=user, subforum=subforum, source=source, title=title)
    held = screeners.screen(draft)
    words = vectors.body_vector(source)
    now = timezone.now()
    topic = Topic.objects.create(
        subforum=subforum,
        title=title,
        slug=slug_of(title),
        author=user,
        opened_at=now,
        last_post_at=now,
        held_at=now if held else None,
    )
    return _add_post(topic, draft, words, drafts.Origin(idempotency_key, draft_version), held=held, also=also)


@transaction.atomic
def open_running_topic(user: User, subforum: Subforum, *, title: str) -> Topic:
    """Open a topic that belongs to nobody, before the user writes its first post by `reply`. Raises NotAllowed."""
    if not can_open_topic(user, subforum):
        raise NotAllowed
    now = timezone.now()
    with counters_following([]) as counted:
        topic = Topic.objects.create(
            subforum=subforum, title=title, slug=slug_of(title), author=user, opened_at=now, last_post_at=now,
            is_running=True,
        )  # fmt: skip
        counted.add(topic.pk)
    return topic


@transaction.atomic
def reply(
    user: User,
    topic: Topic,
    *,
    source: str,
    idempotency_key: UUID | None = None,
    draft_version: int | None = None,
    also: Iterable[Callable[[Post], object]] = (),
) -> Post:
    """Add a post to a topic and return it; the same key and text again return the same post.

    `also`: callables given the new post, in the same transaction. `draft_version`: the draft with which the form was
    opened ends, and a newer one of another tab stays; None: any ends. If a screener holds it, the post has `held_at`.
    Raises SentBefore, NotAllowed, screeners.Refused, and ValidationError from forum.markup.
    """
    if stored := _sent_before(user, idempotency_key, source, topic=topic):
        return stored
    draft = screeners.Draft(author=user, subforum=topic.subforum, source=source, topic=topic)
    held = screeners.screen(draft)
    words = vectors.body_vector(source)
    topic = locks.lock_topic(topic)
    if not can_reply(user, topic):
        raise NotAllowed
    return _add_post(topic, draft, words, drafts.Origin(idempotency_key, draft_version), held=held, also=also)


@transaction.atomic
def withdraw_post(user: User, post: Post) -> None:
    """Hide the user's own post. Idempotent. Raises NotAllowed."""
    post = locks.lock_post(post)
    if post.is_withdrawn:
        return
    if not can_withdraw(user, post):
        raise NotAllowed
    visibility.hide(user, post)


@transaction.atomic
def withdraw_topic(user: User, topic: Topic) -> None:
    """Hide the user's own topic while it has no replies. Idempotent. Raises NotAllowed."""
    topic = locks.lock_topic(topic)
    if topic.hidden_at is not None and topic.hidden_by_id == user.pk:
        return
    if not can_withdraw_topic(user, topic):
        raise NotAllowed
    visibility.hide_whole(user, topic)


def _sent_before(
    user: User, key: UUID | None, source: str, *, title: str = "", topic: Topic | None = None
) -> Post | None:
    """The post stored with this idempotency key, if any. Raises SentBefore if its text differs.

    The advisory lock makes a concurrent request with the same key wait for the first.
    """
    if key is None:
        return None
    run("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{user.pk} {key}"], writes=Post)
    found = run("SELECT id FROM forum_post WHERE author_id = %s AND idempotency_key = %s", [user.pk, key], writes=Post)
    if not found:
        return None
    post = Post.objects.select_related("topic").get(pk=found[0][0])
    same_place = post.topic_id == topic.pk if topic else post.is_opening_post and post.topic.title == title
    if post.source != source or not same_place:
        raise SentBefore(post)
    return post


def _add_post(
    topic: Topic,
    draft: screeners.Draft,
    words: vectors.Indexed,
    origin: drafts.Origin,
    *,
    held: screeners.Hold | None,
    also: Iterable[Callable[[Post], object]],
) -> Post:
    """Write the next post of a topic that this transaction has locked or just created; `words`: those of its text."""
    user, source = draft.author, draft.source
    html, named = references.render(source, topic.subforum)
    # Posts of a topic are in the order of their times, also where a clock steps back.
    now = max(timezone.now(), topic.last_post_at + timedelta(microseconds=1))
    post = Post(
        topic=topic,
        author=user,
        number=topic.last_number + 1,
        heading=topic.title,
        source=source,
        **vectors.columns_with(topic.title, words),
        html=html,
        markup_version=markup.MARKUP_VERSION,
        written_at=now,
        held_at=now if held else None,
        idempotency_key=origin.key,
    )
    post.save(force_insert=True)
    references.remember(post, named, is_new=True)
    is_last = not held or post.is_opening_post
    opening = post.pk if post.is_opening_post else None
    last = [post.pk, now] if is_last else [None, None]
    if held:
        increments.count_held_post(post)
    else:
        increments.count_new_post(topic, post)
    # After the author's row was locked: a badge that is given at the same moment is seen here, or sees this post.
    may_answer = not held and not post.is_opening_post and bool(topic.countries)
    [(post.author_has_badge,)] = run(
        _ADD_TO_TOPIC, [post.number, int(not held), may_answer, user.pk, user.pk, opening, *last, topic.pk, user.pk],
        writes=Topic,
    )  # fmt: skip
    for write in also:
        write(post)
    if held:
        post_held.send(Post, post=post, reason=held.reason)
    else:
        post_published.send(Post, post=post, draft=draft)
    unread.note_reading(user, topic, post.number)
    drafts.discard(user, topic.subforum if post.is_opening_post else topic, origin)
    return post


_IS_EXPERT = expert_replies.IS_EXPERT.format(user="%s", countries="forum_topic.countries")
_ADD_TO_TOPIC = f"""
    UPDATE forum_topic
    SET last_number = %s, version = version + 1, posts_count = posts_count + %s,
        expert_replies_count = expert_replies_count + CASE
            WHEN %s AND author_id <> %s AND {_IS_EXPERT} THEN 1 ELSE 0 END,
        opening_post_id = coalesce(%s, opening_post_id),
        last_post_id = coalesce(%s, last_post_id), last_post_at = coalesce(%s, last_post_at)
    WHERE id = %s
    RETURNING EXISTS (SELECT FROM accounts_expertbadge WHERE user_id = %s AND withdrawn_at IS NULL)
"""  # noqa: S608
