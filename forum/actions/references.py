"""Rendering a post with the members it mentions and the posts it quotes, and remembering which they are."""

from django.db import transaction
from django.db.models import QuerySet

from accounts import names
from accounts.models import User
from forum import markup
from forum.counters import increments, locks
from forum.models import Post, PostReference, Subforum
from pagecache.versions import bump


def render(source: str, subforum: Subforum) -> tuple[str, list[PostReference]]:
    """The safe HTML of a source, and unsaved references. It names only what every reader of the subforum may see."""
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
    # Those that are not named now as well: they may be shown again.
    ids = Post.objects.filter(pk__in=found.posts).values_list("pk", flat=True) if found.posts else ()
    references += [PostReference(post_id=pk) for pk in ids]
    return html, references


def remember(post: Post, references: list[PostReference], *, is_new: bool = False) -> None:
    """Replace what is known of a post's references; of a new post nothing is."""
    if not is_new:
        post.references.all().delete()
    for reference in references:
        reference.referrer = post
    PostReference.objects.bulk_create(references)


def render_all_anew(posts: QuerySet[Post], at_most: int | None = None) -> None:
    """Bring the HTML of these posts up to date with whom and what they name today, each in a transaction of its own."""
    ids = posts.order_by("pk").distinct().values_list("pk", flat=True)[:at_most]
    for post in Post.objects.filter(pk__in=list(ids)).select_related("topic").order_by("pk"):
        render_anew(post)


@transaction.atomic
def render_anew(post: Post) -> None:
    """Render a post once more. Where it then looks otherwise, kept pages end."""
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
    users = {user.username_skeleton: user for user in User.objects.filter(username_skeleton__in=wanted.values())}
    return {name: users[skeleton] for name, skeleton in wanted.items() if skeleton in users}


def _posts_quoted(ids: tuple[int, ...], subforum: Subforum) -> list[Post]:
    if not ids:
        return []
    here = Post.objects.readable().filter(
        topic__subforum=subforum, topic__hidden_at=None, topic__held_at=None, pk__in=ids
    )
    elsewhere = Post.objects.readable_by_all().filter(pk__in=ids)
    return list((here | elsewhere).select_related("author"))
