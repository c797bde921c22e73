"""Rendering a post with the members it mentions and the posts it quotes, and remembering which they are."""

from accounts import names
from accounts.models import User
from forum import markup
from forum.models import Post, PostReference, Subforum


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
    references += [PostReference(post=post) for post in posts]
    return html, references


def remember(post: Post, references: list[PostReference]) -> None:
    """Replace what is known of a post's references."""
    post.references.all().delete()
    for reference in references:
        reference.referrer = post
    PostReference.objects.bulk_create(references)


def render_anew(post: Post) -> None:
    """Bring a post's HTML up to date with whom and what it names today."""
    html, references = render(post.source, post.topic.subforum)
    Post.objects.filter(pk=post.pk).update(html=html, markup_version=markup.MARKUP_VERSION)
    remember(post, references)


def _users_named(written: tuple[str, ...]) -> dict[str, User]:
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
