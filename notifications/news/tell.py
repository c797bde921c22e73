"""Notifying members: a Notification, and optionally a letter. Both are idempotent by their key."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from forum.models import Post
from moderation.models import ModerationEntry
from notifications.letters.write import write
from notifications.models import Letter, Notification

MOST_WORDS = 10_000
# The stored subject of notifications whose text is composed from an entry.
FROM_MODERATORS = "From the moderators"


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


def _values(kind: Notification.Kind, subject: str, words: str, url: str, post: Post | None) -> dict[str, Any]:
    return {
        "kind": kind, "subject": " ".join(subject.split())[:200], "words": words[:MOST_WORDS], "url": url,
        "post": post, "made_at": timezone.now(),
    }  # fmt: skip
