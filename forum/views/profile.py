"""The profile page of a member."""

from django.db.models import FETCH_RAISE
from django.http import Http404
from django.shortcuts import redirect, render

from accounts import names
from accounts.models import User
from accounts.permissions import can_ignore
from accounts.readers import ignored_ids
from forum import markup
from forum.models import Post

RECENT_POSTS = 10


def profile(request, username: str):
    """A member, and their latest posts that the reader may read."""
    member = User.objects.filter(username_skeleton=names.skeleton(username), is_active=True).first()
    if member is None or member.email_confirmed_at is None:
        raise Http404
    if member.username != username:
        return redirect(member, permanent=True)
    posts = (
        Post.objects.visible_to(request.user)
        .readable()
        .filter(author=member)
        .select_related("topic__subforum")
        .order_by("-written_at")
        .fetch_mode(FETCH_RAISE)[:RECENT_POSTS]
    )
    context = {
        "member": member,
        "badges": list(member.badges.standing()),
        "recent_posts": [_with_excerpt(post) for post in posts],
        "canonical": member.get_absolute_url(),
        "og_title": member.username,
        "og_type": "profile",
        "is_self": member == request.user,
        "may_ignore": can_ignore(request.user, member),
        "is_ignored": member.pk in ignored_ids(request.user),
    }
    return render(request, "forum/profile.html", context)


def _with_excerpt(post: Post) -> Post:
    post.excerpt = markup.excerpt(post.source, 200)
    return post
