"""Drafts: unsent text of one member for one topic, subforum or post, stored until it is posted or discarded.

Two forms for one place, in two tabs or on two devices, do not overwrite each other: what is saved from a form that was
opened with an older draft is kept as a copy beside it.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from forum.models import Draft, Post, Subforum, Topic
from pagecache.prepared import MARK, run
from pagecache.prepared_models import instances

Place = Topic | Subforum | Post
MAX_COPIES = 10  # of one draft; the oldest goes first


class Origin(NamedTuple):
    """The form in which a text was typed: its idempotency key, and the version of the draft with which it was opened.

    Version 0: there was no draft. None: not known, and then the form may replace any draft.
    """

    key: UUID | None = None
    version: int | None = None

    def may_replace(self, draft: Draft) -> bool:
        """Whether nobody else has saved the draft since the form was opened."""
        return self.version in {None, draft.version} or (self.key is not None and draft.form_key == self.key)


ANY = Origin()


@dataclass
class SavedElsewhere(Exception):
    """Another form saved another text since; both are kept, the later one in `draft.copies`."""

    draft: Draft


def save(
    user: User, place: Place, *, source: str, title: str = "", based_on: int | None = None, origin: Origin = ANY
) -> Draft | None:
    """Create or update the user's draft of a place; without any text delete it. `based_on`: `edits_count` of a post.

    Raises SavedElsewhere, with the text kept as a copy, if the draft is newer than the form and has another text.
    """
    is_empty = not (source.strip() or title.strip())
    values = {"source": source, "title": title, "based_on": based_on, "form_key": origin.key}
    with transaction.atomic():
        draft = _locked(user, place, None if is_empty else values)
        if draft is None:
            return None
        copies = [copy for copy in draft.copies or () if copy["key"] != str(origin.key)]
        is_other = not origin.may_replace(draft) and not is_empty and (draft.source, draft.title) != (source, title)
        if is_other:
            copy = _copy(origin.key, source=source, title=title, based_on=based_on, saved_at=timezone.now())
            copies = [*copies, copy][-MAX_COPIES:]
        elif origin.may_replace(draft):
            if is_empty:
                return _remove(draft, copies)
            _write(draft, **values)
        draft.copies = copies or None
        draft.save()
    if is_other:
        raise SavedElsewhere(draft)
    return draft


def _copy(key: UUID | None, *, saved_at: datetime, **text: Any) -> dict:
    return {"key": str(key or uuid4()), "saved_at": saved_at.isoformat(), **text}


def _as_draft(copy: dict) -> dict:
    text = {name: copy[name] for name in ("source", "title", "based_on")}
    return {**text, "form_key": UUID(copy["key"])}


def _locked(user: User, place: Place, values: dict | None) -> Draft | None:
    """The draft of a place with its row locked, made of these values if there is none; None without values."""
    key = {"user": user, **_key(place)}
    if values is not None:
        made = {**values, "saved_at": timezone.now(), "version": _next_version(0)}
        Draft.objects.get_or_create(**key, defaults=made)
    return Draft.objects.select_for_update(of=("self",)).filter(**key).first()


def _write(draft: Draft, **values: Any) -> None:
    for name, value in values.items():
        setattr(draft, name, value)
    draft.saved_at, draft.version = timezone.now(), _next_version(draft.version)


def _next_version(version: int) -> int:
    """Later than all before, those of drafts that are gone included: milliseconds."""
    return max(version + 1, int(timezone.now().timestamp() * 1000))


def _remove(draft: Draft, copies: list[dict]) -> Draft | None:
    """Delete a draft; the latest of its copies takes its place."""
    if not copies:
        draft.delete()
        return None
    *others, latest = copies
    _write(draft, **_as_draft(latest))
    draft.copies = others or None
    draft.save()
    return draft


@transaction.atomic
def take_copy(user: User, draft: Draft, key: UUID, *, use: bool) -> None:
    """Discard a copy, or `use` it as the draft, whose text becomes a copy in turn. Idempotent."""
    locked = Draft.objects.select_for_update(of=("self",)).filter(pk=draft.pk, user=user).first()
    if locked is None:  # posted or discarded since
        return
    draft = locked
    found = [copy for copy in draft.copies or () if copy["key"] == str(key)]
    others = [copy for copy in draft.copies or () if copy["key"] != str(key)]
    if not found:
        return
    if use:
        text = {"source": draft.source, "title": draft.title, "based_on": draft.based_on}
        others.append(_copy(draft.form_key, saved_at=draft.saved_at, **text))
        _write(draft, **_as_draft(found[0]))
    draft.copies = others or None
    draft.save()


def add_as_copy(draft: Draft, other: Draft) -> None:
    """Keep the text of another draft, and its copies, as copies beside a draft that this transaction has locked."""
    text = {"source": other.source, "title": other.title, "based_on": other.based_on}
    moved = [*(other.copies or ()), _copy(other.form_key, saved_at=other.saved_at, **text)]
    draft.copies = [*(draft.copies or ()), *moved][-MAX_COPIES:]
    draft.save()


@transaction.atomic
def discard_one(user: User, draft_id: int) -> Draft | None:
    """Delete one draft of the user, which is returned; the latest of its copies takes its place. Idempotent."""
    drafts = Draft.objects.select_for_update(of=("self",)).filter(user=user)
    draft = drafts.select_related("topic", "subforum", "post").filter(pk=draft_id).first()
    if draft:
        _remove(draft, draft.copies or [])
    return draft


def find(user: User, place: Place) -> Draft | None:
    here = {name: None if thing is None else MARK + 1 for name, thing in _key(place).items()}
    found = instances(("draft", *here.values()), lambda: Draft.objects.filter(user=MARK, **here), user.pk, place.pk)
    return found[0] if found else None


def is_posted(user: User, place: Place, *, source: str, title: str, key: UUID | None) -> bool:
    """Whether an autosave comes too late: the same form was posted, or the edit saved, before this request arrived."""
    text = source.replace("\r\n", "\n").strip()
    if isinstance(place, Post):
        same_title = not place.is_opening_post or place.topic.title == title
        return place.edits_count > 0 and place.source == text and same_title
    return key is not None and Post.objects.filter(author=user, idempotency_key=key, source=text).exists()


def discard(user: User, place: Place, origin: Origin = ANY) -> None:
    """Delete what the form of this origin has saved, as its text is posted; a newer text of another form stays."""
    place_key = {name: thing and thing.pk for name, thing in _key(place).items()}
    own = str(origin.key) if origin.key else None
    params = {**place_key, "user": user.pk, "version": origin.version, "key": own, "copy": json.dumps([{"key": own}])}
    for (copies,) in run(_DISCARD, params, writes=Draft):
        others = [copy for copy in json.loads(copies) if copy["key"] != own]
        if others:
            _remove(Draft(user=user, **_key(place)), others)


_PLACE = """
    user_id = %(user)s AND topic_id IS NOT DISTINCT FROM %(topic)s
    AND subforum_id IS NOT DISTINCT FROM %(subforum)s AND post_id IS NOT DISTINCT FROM %(post)s
"""
_IS_OWN = """
    (%(version)s::bigint IS NULL OR version = %(version)s::bigint OR (form_key = %(key)s::text::uuid) IS TRUE)
"""
_DISCARD = f"""
    WITH gone AS (DELETE FROM forum_draft WHERE {_PLACE} AND {_IS_OWN} RETURNING copies),
    kept AS (
        UPDATE forum_draft SET copies = (
            SELECT jsonb_agg(copy) FROM jsonb_array_elements(copies) AS copy WHERE copy->>'key' <> %(key)s::text
        )
        WHERE {_PLACE} AND NOT {_IS_OWN} AND copies @> %(copy)s::jsonb
    )
    SELECT copies::text FROM gone WHERE copies IS NOT NULL
"""  # noqa: S608


def _key(place: Place) -> dict[str, Any]:
    return {name: place if isinstance(place, kind) else None for name, kind in _KINDS.items()}


_KINDS: dict[str, type[Place]] = {"topic": Topic, "subforum": Subforum, "post": Post}
