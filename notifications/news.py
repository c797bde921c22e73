"""Notifying members: a Notification, and optionally a letter. Both are idempotent by their key."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from forum.models import Post
from moderation.models import ModerationEntry
from notifications import tasks
from notifications.models import Letter, Notification
from pagecache.store import Store

MOST_WORDS = 10_000
# The stored subject of notifications whose text is composed from an entry.
FROM_MODERATORS = "From the moderators"
MOST_COUNTED = 100


@transaction.atomic
def tell(
    user_id: int,
    kind: Notification.Kind,
    key: str,
    *,
    subject: str,
    words: str = "",
    url: str,
    post: Post | None = None,
    entry: ModerationEntry | None = None,
    letter: bool = True,
) -> Notification:
    """Create a notification in the caller's transaction; the same `key` again returns the same one.

    `subject` is one line, `words` plain text, `url` a path of this site. With a `post` it is shown and sent only while
    the member may read that; with an `entry` its text is composed from that. With `letter` it is also sent by e-mail,
    as soon as the transaction is committed.
    """
    values = _values(kind, subject, words, url, post) | {"entry": entry}
    news, is_new = Notification.objects.get_or_create(user_id=user_id, key=key, defaults=values)
    if is_new and letter:
        news.letter, _ = write(user_id, Letter.Kind.NEWS, f"news-{key}")
        news.save(update_fields=["letter"])
    return news


def tell_all(
    user_ids: Iterable[int],
    kind: Notification.Kind,
    key: str,
    *,
    subject: str,
    words: str = "",
    url: str,
    post: Post | None = None,
) -> None:
    """Create the same notification for many members, without letters. Idempotent."""
    values = _values(kind, subject, words, url, post)
    rows = [Notification(user_id=user_id, key=key, **values) for user_id in user_ids]
    Notification.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


@transaction.atomic
def write(user_id: int, kind: Letter.Kind, key: str, **about: Any) -> tuple[Letter, bool]:
    """Create a letter, to be sent after the commit, and whether it is new; the same key returns the same letter."""
    values = {"kind": kind, "made_at": timezone.now()} | about
    letter, is_new = Letter.objects.get_or_create(user_id=user_id, key=key, defaults=values)
    if is_new:
        tasks.send_letter.enqueue(letter.pk)
    return letter, is_new


def mark_read(user: User, *, one: int | None = None, until: int | None = None) -> None:
    """Mark `one` of the member's notifications as read, or all up to the pk `until`. Idempotent."""
    unread = Notification.objects.filter(user=user).unread()
    found = unread.filter(pk=one) if one else unread.filter(pk__lte=until or 0)
    found.update(read_at=timezone.now())
    _counts.drop(user.pk)


# Cache of the number in the header of every page: up to a minute stale in one process.
_counts: Store[int, int] = Store(max_items=2_000, ttl=60)


def unread_count(user: User, *, fresh: bool = False) -> int:
    """How many readable notifications a member has not read, up to MOST_COUNTED; cached unless `fresh`."""
    if fresh:
        return _counts.put(user.pk, _count(user))
    return _counts.get_or_make(user.pk, lambda: _count(user))


def _count(user: User) -> int:
    return Notification.objects.readable_by(user).unread()[:MOST_COUNTED].count()


def _values(kind: Notification.Kind, subject: str, words: str, url: str, post: Post | None) -> dict[str, Any]:
    return {
        "kind": kind, "subject": " ".join(subject.split())[:200], "words": words[:MOST_WORDS], "url": url,
        "post": post, "made_at": timezone.now(),
    }  # fmt: skip
