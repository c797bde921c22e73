"""What changes more than one model. Every verb may be repeated, and is done or not done as a whole."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from forum import counting, drafts, hiding, markup, references, screening, unread
from forum.models import Post, Reaction, Subforum, Topic
from forum.models.reaction import OPPOSITES
from forum.models.topic import slug_of
from forum.permissions import (
    NotAllowed,
    can_open_topic,
    can_react,
    can_reply,
    can_withdraw,
    can_withdraw_topic,
)
from forum.signals import access_changed, post_held, post_published, reacted
from forum.statements import insert, run
from forum.tasks import render_quoting_subforum, soon


@dataclass
class SentBefore(Exception):
    """The same form was sent before with another text; `post` is what was stored then."""

    post: Post


@transaction.atomic
def open_topic(
    user: User,
    subforum: Subforum,
    *,
    title: str,
    source: str,
    idempotency_key: UUID | None = None,
    also: Iterable[Callable[[Post], object]] = (),
) -> Post:
    """Open a topic with its first post, which is returned. The same key and text again: the same post.

    `also` is done with the new post, in the same transaction.
    Raises SentBefore, NotAllowed, screening.Refused, and what forum.markup raises.
    """
    if stored := _sent_before(user, idempotency_key, source, title=title):
        return stored
    if not can_open_topic(user, subforum):
        raise NotAllowed
    draft = screening.Draft(author=user, subforum=subforum, source=source, title=title)
    held = screening.screen(draft)
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
    return _add_post(topic, draft, idempotency_key, held=held, also=also)


@transaction.atomic
def reply(
    user: User,
    topic: Topic,
    *,
    source: str,
    idempotency_key: UUID | None = None,
    also: Iterable[Callable[[Post], object]] = (),
) -> Post:
    """Add a post to a topic. The same key and text again: the same post.

    `also` is done with the new post, in the same transaction.
    Raises SentBefore, NotAllowed, screening.Refused, and what forum.markup raises.
    """
    if stored := _sent_before(user, idempotency_key, source, topic=topic):
        return stored
    draft = screening.Draft(author=user, subforum=topic.subforum, source=source, topic=topic)
    held = screening.screen(draft)
    topic = counting.lock_topic(topic)
    if not can_reply(user, topic):
        raise NotAllowed
    return _add_post(topic, draft, idempotency_key, held=held, also=also)


@transaction.atomic
def withdraw_post(user: User, post: Post) -> None:
    """Hide the user's own post. Withdrawing it twice changes nothing. Raises NotAllowed."""
    post = counting.lock_post(post)
    if post.is_withdrawn:
        return
    if not can_withdraw(user, post):
        raise NotAllowed
    hiding.hide(user, post)


@transaction.atomic
def withdraw_topic(user: User, topic: Topic) -> None:
    """Hide the user's own topic, as long as nobody answered. Twice changes nothing. Raises NotAllowed."""
    topic = counting.lock_topic(topic)
    if topic.hidden_at is not None and topic.hidden_by_id == user.pk:
        return
    if not can_withdraw_topic(user, topic):
        raise NotAllowed
    hiding.hide_whole(user, topic)


@transaction.atomic
def react(user: User, post: Post, kind: str) -> None:
    """Give the user's reaction to a post; its opposite is taken back. Twice changes nothing. Raises NotAllowed."""
    post = _lock_post_to_react(user, post)
    opposite = OPPOSITES.get(Reaction.Kind(kind))
    if opposite and Reaction.objects.filter(post=post, user=user, kind=opposite).delete()[0]:
        counting.count_reaction(post, user, opposite, -1)
    _, given = Reaction.objects.get_or_create(post=post, user=user, kind=kind, defaults={"given_at": timezone.now()})
    if given:
        counting.count_reaction(post, user, kind, +1)
        counting.raise_version(post.topic)
        reacted.send(Reaction, post=post, kind=kind, by=user)


@transaction.atomic
def withdraw_reaction(user: User, post: Post, kind: str) -> None:
    """Take back the user's reaction. Twice changes nothing. Raises NotAllowed."""
    post = _lock_post_to_react(user, post)
    if Reaction.objects.filter(post=post, user=user, kind=kind).delete()[0]:
        counting.count_reaction(post, user, kind, -1)
        counting.raise_version(post.topic)


@transaction.atomic
def change_access(subforum: Subforum, access: str) -> None:
    """Let others read and write a subforum; members' counters follow what visitors may read."""
    counting.end_kept_pages(Subforum.objects.filter(pk=subforum.pk))
    subforum = counting.lock_subforum(subforum.pk)
    was_readable = subforum.is_readable_by_all
    subforum.access = access
    if subforum.is_readable_by_all != was_readable:
        counting.count_changed_access(subforum, +1 if subforum.is_readable_by_all else -1)
        soon(render_quoting_subforum, subforum.pk)
        access_changed.send(Subforum, subforum=subforum)
    # Last, because it raises the site's version, and members are locked before that.
    Subforum.objects.filter(pk=subforum.pk).update(access=access)


def _sent_before(
    user: User, key: UUID | None, source: str, *, title: str = "", topic: Topic | None = None
) -> Post | None:
    """The post stored under this key, if its text is the same. The lock makes a second sender wait for the first."""
    if key is None:
        return None
    run("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{user.pk} {key}"])
    found = run("SELECT id FROM forum_post WHERE author_id = %s AND idempotency_key = %s", [user.pk, key])
    if not found:
        return None
    post = Post.objects.select_related("topic").get(pk=found[0][0])
    same_place = post.topic_id == topic.pk if topic else post.topic.title == title
    if post.source != source or not same_place:
        raise SentBefore(post)
    return post


def _add_post(
    topic: Topic,
    draft: screening.Draft,
    key: UUID | None,
    *,
    held: screening.Hold | None,
    also: Iterable[Callable[[Post], object]],
) -> Post:
    """Write the next post of a topic that this transaction has locked or just made."""
    user, source = draft.author, draft.source
    html, named = references.render(source, topic.subforum)
    now = timezone.now()
    post = Post(
        topic=topic,
        author=user,
        number=topic.last_number + 1,
        heading=topic.title,
        source=source,
        html=html,
        markup_version=markup.MARKUP_VERSION,
        written_at=now,
        held_at=now if held else None,
        idempotency_key=key,
    )
    insert(post)
    references.remember(post, named, is_new=True)
    is_last = not held or post.is_opening_post
    opening = post.pk if post.is_opening_post else None
    last = [post.pk, now] if is_last else [None, None]
    run(_ADD_TO_TOPIC, [post.number, int(not held), opening, *last, topic.pk])
    if held:
        counting.count_held_post(post)
    else:
        counting.count_new_post(topic, post)
    for write in also:
        write(post)
    if held:
        post_held.send(Post, post=post, reason=held.reason)
    else:
        post_published.send(Post, post=post, draft=draft)
    unread.note_reading(user, topic, post.number)
    drafts.discard(user, topic.subforum if post.is_opening_post else topic)
    return post


_ADD_TO_TOPIC = """
    UPDATE forum_topic
    SET last_number = %s, version = version + 1, posts_count = posts_count + %s,
        opening_post_id = coalesce(%s, opening_post_id),
        last_post_id = coalesce(%s, last_post_id), last_post_at = coalesce(%s, last_post_at)
    WHERE id = %s
"""


def _lock_post_to_react(user: User, post: Post) -> Post:
    post = counting.lock_post(post)
    if not can_react(user, post):
        raise NotAllowed
    return post
