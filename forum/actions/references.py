"""Rendering a post with its mentions and quotes, and storing them as PostReferences."""

from django.db import transaction
from django.db.models import QuerySet

from accounts.members.named_members import members_named
from accounts.models import User
from accounts.text import names
from forum import markup
from forum.counters import increments, locks
from forum.models import Post, PostReference, Subforum
from pagecache.versions import bump


def render(source: str, subforum: Subforum) -> tuple[str, list[PostReference]]:
    """The safe HTML of Markdown, and its unsaved PostReferences. ValidationError from forum.markup.

    Quotes name author and URL only of posts that every reader of the subforum may read.
    """
    found = markup.references(source)
    users = _users_named(found.names)
    posts = _posts_quoted(found.posts, subforum)
    html = markup.to_html(
        source,
        mentions={name: user.get_absolute_url() for name, user in users.items()},
        quotes={post.pk: markup.Quoted(author=post.author.username, url=post.get_absolute_url()) for post in posts},
    )
    named = {user.pk: user for user in users.values()}
    references = [PostReference(user=user) for user in named.values()]
    # Also quoted posts that are not readable now: they may be restored, and then this post is rendered again.
    ids = Post.objects.filter(pk__in=found.posts).values_list("pk", flat=True) if found.posts else ()
    references += [PostReference(post_id=pk) for pk in ids]
    return html, references


def remember(post: Post, references: list[PostReference], *, is_new: bool = False) -> None:
    """Replace the stored references of a post; `is_new` saves the DELETE."""
    if not is_new:
        post.references.all().delete()
    for reference in references:
        reference.referrer = post
    PostReference.objects.bulk_create(references)


def render_all_anew(posts: QuerySet[Post], at_most: int | None = None) -> None:
    """Render these posts again with current names and quotes, at most `at_most`, each in its own transaction."""
    ids = posts.order_by("pk").distinct().values_list("pk", flat=True)[:at_most]
    for post in Post.objects.filter(pk__in=list(ids)).select_related("topic").order_by("pk"):
        render_anew(post)


@transaction.atomic
def render_anew(post: Post) -> None:
    """Render a post again. If its HTML changed, invalidate cached pages. ValidationError from forum.markup."""
    post = locks.lock_post(post)
    html, references = render(post.source, post.topic.subforum)
    remember(post, references)
    if (html, markup.MARKUP_VERSION) == (post.html, post.markup_version):
        return
    bump(Post, post.pk, html=html, markup_version=markup.MARKUP_VERSION)
    increments.raise_version(post.topic)


def _users_named(written: tuple[str, ...]) -> dict[str, User]:
    if not written:
        return {}
    wanted = {name: names.skeleton(name) for name in written}
    users = members_named(wanted.values())
    return {name: users[skeleton] for name, skeleton in wanted.items() if skeleton in users}


def _posts_quoted(ids: tuple[int, ...], subforum: Subforum) -> list[Post]:
    if not ids:
        return []
    here = Post.objects.readable().filter(
        topic__subforum=subforum, topic__hidden_at=None, topic__held_at=None, pk__in=ids
    )
    elsewhere = Post.objects.readable_by_all().filter(pk__in=ids)
    return list((here | elsewhere).select_related("author"))
