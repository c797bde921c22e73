"""Notifying members: one row for each cause and reader, however often the task runs."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import batched

from django.db import transaction
from django.utils import timezone

from accounts.models import NewsVersion
from forum.models import Post
from moderation.models import ModerationEntry
from notifications.letters.policy import letter_for
from notifications.models import Notification
from pagecache.prepared import run

MOST_WORDS = 10_000
# So many readers are told in one transaction: members of whom it locks something wait for a part of a second at most.
TOLD_AT_ONCE = 1_000
# The stored subject of notifications whose text is composed from an entry.
FROM_MODERATORS = "From the moderators"


@dataclass(frozen=True)
class Cause:
    """Something that happened, as a notification to everybody whom it concerns.

    `key` is unique for it: a reader is notified of a key once. `subject` is one line and `words` plain text, which
    are shown where news/wording.py composes nothing from `kind`, `actor_id` and `post`. `url` is a path of this site.
    What has a `post` is shown and sent only while its reader may read that, and `rests_on`, if there is one.
    """

    kind: Notification.Kind
    key: str
    url: str
    subject: str = ""
    words: str = ""
    group: str = ""
    actor_id: int | None = None
    post: Post | None = None
    rests_on: Post | None = None


def cause_of_post(kind: Notification.Kind, post: Post, *, subject: str = "", group: str = "") -> Cause:
    """That a post was written. All notifications of it have one key, so that a reader hears of it once."""
    url = post.get_absolute_url()
    return Cause(kind, f"post-{post.pk}", url, subject=subject, group=group, actor_id=post.author_id, post=post)


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
    """Notify one member in the caller's transaction; the same `key` again returns the same notification.

    With an `entry` its text is composed from that. With `letter` it is also sent by e-mail, as soon and as
    often as the member wishes (notifications/letters/policy.py).
    """
    values = {
        "kind": kind, "subject": _one_line(subject), "words": words[:MOST_WORDS], "url": url, "post": post,
        "topic_id": post.topic_id if post else None, "entry": entry, "made_at": timezone.now(),
    }  # fmt: skip
    news, is_new = Notification.objects.get_or_create(user_id=user_id, key=key, defaults=values)
    if is_new:
        NewsVersion.bump([user_id])
    if is_new and letter:
        letter_for([news.pk])
        news.refresh_from_db(fields=["letter"])
    return news


def tell_all(user_ids: Iterable[int], cause: Cause, *, is_just_written: bool = False) -> None:
    """Notify many members of the same, TOLD_AT_ONCE of them in a transaction. Idempotent, also after a half.

    Of a post that `is_just_written`, those who have read it already are told as of something that they have read.
    """
    for some in batched(sorted(set(user_ids)), TOLD_AT_ONCE):
        _tell_some(some, cause, is_just_written=is_just_written)


@transaction.atomic
def _tell_some(user_ids: tuple[int, ...], cause: Cause, *, is_just_written: bool) -> None:
    post = cause.post
    values = {
        "users": list(user_ids), "kind": cause.kind.value, "key": cause.key,
        "subject": _one_line(cause.subject or cause.kind.label), "words": cause.words[:MOST_WORDS], "url": cause.url,
        "group": cause.group, "actor": cause.actor_id, "post": post and post.pk, "topic": post and post.topic_id,
        "rests_on": cause.rests_on and cause.rests_on.pk, "now": timezone.now(),
    }  # fmt: skip
    made = [pk for (pk,) in run(_TELL, values, writes=Notification)]
    if made and post and is_just_written:
        run(_MARK_READ, [made, post.topic_id, post.number], writes=Notification)
    new = Notification.objects.filter(pk__in=made).unread().order_by("user").values_list("pk", "user")
    if rows := list(new):
        NewsVersion.bump(user_id for _, user_id in rows)
        letter_for([pk for pk, _ in rows])


_TELL = """
    INSERT INTO notifications_notification
        (user_id, kind, key, subject, words, url, "group", actor_id, post_id, topic_id, rests_on_id, made_at)
    SELECT id, %(kind)s, %(key)s, %(subject)s, %(words)s, %(url)s, %(group)s, %(actor)s::bigint, %(post)s::bigint,
           %(topic)s::bigint, %(rests_on)s::bigint, %(now)s::timestamptz
    FROM unnest(%(users)s::bigint[]) AS id ORDER BY id
    ON CONFLICT (user_id, key) DO NOTHING
    RETURNING id
"""
_MARK_READ = """
    UPDATE notifications_notification AS news SET read_at = news.made_at
    FROM forum_reading AS reading
    WHERE news.id = ANY(%s::bigint[]) AND reading.user_id = news.user_id
      AND reading.topic_id = %s AND reading.number >= %s
"""


def _one_line(subject: str) -> str:
    return " ".join(subject.split())[:200]
