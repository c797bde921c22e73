"""Drafts: unsent text of one member for one topic, subforum or post, stored until it is posted or discarded."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.models import User
from forum.models import Draft, Post, Subforum, Topic
from pagecache.prepared import run

Place = Topic | Subforum | Post


def save(user: User, place: Place, *, source: str, title: str = "", based_on: int | None = None) -> Draft | None:
    """Create or update the user's draft of a place; without any text delete it. `based_on`: `edits_count` of a post."""
    if not (source.strip() or title.strip()):
        discard(user, place)
        return None
    draft, _ = Draft.objects.update_or_create(
        user=user,
        **_key(place),
        defaults={"source": source, "title": title, "based_on": based_on, "saved_at": timezone.now()},
    )
    return draft


def find(user: User, place: Place) -> Draft | None:
    return Draft.objects.filter(user=user, **_key(place)).first()


def is_posted(user: User, place: Place, *, source: str, title: str, key: UUID | None) -> bool:
    """Whether an autosave comes too late: the same form was posted, or the edit saved, before this request arrived."""
    text = source.replace("\r\n", "\n").strip()
    if isinstance(place, Post):
        same_title = not place.is_opening_post or place.topic.title == title
        return place.edits_count > 0 and place.source == text and same_title
    return key is not None and Post.objects.filter(author=user, idempotency_key=key, source=text).exists()


def discard(user: User, place: Place) -> None:
    key = {name: thing and thing.pk for name, thing in _key(place).items()}
    run(_DISCARD, [user.pk, key["topic"], key["subforum"], key["post"]], writes=Draft)


_DISCARD = """
    DELETE FROM forum_draft WHERE user_id = %s AND topic_id IS NOT DISTINCT FROM %s
    AND subforum_id IS NOT DISTINCT FROM %s AND post_id IS NOT DISTINCT FROM %s
"""


def _key(place: Place) -> dict[str, Any]:
    return {name: place if isinstance(place, kind) else None for name, kind in _KINDS.items()}


_KINDS: dict[str, type[Place]] = {"topic": Topic, "subforum": Subforum, "post": Post}
