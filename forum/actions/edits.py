"""Editing a post. Each former text is kept as a PostRevision, with editor, time and reason."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from accounts.text.slugs import slug_of
from forum import markup
from forum.actions import drafts, references
from forum.counters import increments, locks
from forum.extensions import screeners
from forum.models import Post, PostRevision, Topic
from forum.permissions import TITLE_IS_GIVEN, NotAllowed, can_edit, can_restore
from forum.search import vectors
from forum.signals import post_changed
from pagecache.versions import bump


@dataclass
class EditedMeanwhile(Exception):
    """Edit conflict: somebody else edited the post since the form was opened; `post` is its current state."""

    post: Post


@transaction.atomic
def edit_post(
    user: User,
    post: Post,
    *,
    source: str,
    based_on: int,
    title: str | None = None,
    reason: str = "",
    origin: drafts.Origin = drafts.ANY,
) -> Post:
    """Edit the text of a post, and with an opening post the title of its topic. Idempotent. Returns the post.

    `based_on` is the `edits_count` that the form was opened with; `title=None` keeps the title; `origin` is the form,
    whose draft ends. Raises NotAllowed, EditedMeanwhile, screeners.Refused, and ValidationError from forum.markup.
    """
    post = locks.lock_post(post)
    if post.topic.is_running and title not in {None, post.topic.title}:
        raise NotAllowed(TITLE_IS_GIVEN)
    title = post.topic.title if title is None or not post.is_opening_post else title
    if (post.source, post.topic.title) == (source, title):
        drafts.discard(user, post, origin)
        return post
    if not can_edit(user, post):
        raise NotAllowed
    if post.edits_count != based_on:
        raise EditedMeanwhile(post)
    return change(user, post, source=source, title=title, reason=reason, origin=origin)


def change(user: User, post: Post, *, source: str, title: str, reason: str, origin: drafts.Origin = drafts.ANY) -> Post:
    """Write an edit without checking permissions; the caller holds the row lock of the post.

    Raises screeners.Refused, and ValidationError from forum.markup.
    """
    draft = _screen(user, post, source, title)
    _keep_revision(user, post, reason)
    _write(post, source, edits_count=F("edits_count") + 1, edited_at=timezone.now())
    if title != post.topic.title:
        rename_topic(post.topic, title)
    increments.raise_version(post.topic)
    post.refresh_from_db()
    drafts.discard(user, post, origin)
    post_changed.send(Post, post=post, by=user, draft=draft)
    return post


@transaction.atomic
def restore_revision(user: User, revision: PostRevision) -> Post:
    """Restore a former text of a post as a new edit. Idempotent. Raises what edit_post raises."""
    post = locks.lock_post(revision.post)
    if not can_restore(user, post):
        raise NotAllowed
    return edit_post(
        user,
        post,
        source=revision.source,
        title=(revision.title or None) if post.is_opening_post else None,
        based_on=post.edits_count,
        reason=f"Version {revision.number} restored",
    )


def rename_topic(topic: Topic, title: str) -> None:
    """Change the title and slug of a topic whose row is locked. Old URLs still work, because they contain its pk."""
    topic.title, topic.slug = title, slug_of(title)
    Topic.objects.filter(pk=topic.pk).update(title=topic.title, slug=topic.slug)
    vectors.retitle(topic.pk, topic.title)


def _screen(user: User, post: Post, source: str, title: str) -> screeners.Draft:
    """An edit cannot be held while the old text is shown, so what would be held is refused.

    A post that is held already stays held, with its new text.
    """
    title = title if post.is_opening_post else ""
    draft = screeners.Draft(
        author=user, subforum=post.topic.subforum, source=source, title=title, topic=post.topic, post=post
    )
    held = screeners.screen(draft)
    if held and post.held_at is None:
        raise screeners.Refused(f"A moderator would have to look at this change first: {held.reason}")
    return draft


def _keep_revision(user: User, post: Post, reason: str) -> None:
    PostRevision.objects.create(
        post=post,
        number=post.edits_count + 1,
        title=post.topic.title if post.is_opening_post else "",
        source=post.source,
        edited_by=user,
        edited_at=timezone.now(),
        reason=reason,
        was_public=post.is_readable and post.topic.is_readable and post.topic.subforum.is_readable_by_all,
    )


def rewrite(post: Post, source: str) -> None:
    """Replace a text that the forum itself wrote, in a post that this transaction has locked: no edit of anybody's, and
    no revision keeps what it said before."""
    if post.source != source:
        _write(post, source)
        post.source = source
        increments.raise_version(post.topic)


def _write(post: Post, source: str, **more: Any) -> None:
    html, named = references.render(source, post.topic.subforum)
    more |= vectors.columns(post.heading, source)
    bump(Post, post.pk, source=source, html=html, markup_version=markup.MARKUP_VERSION, **more)
    references.remember(post, named)
