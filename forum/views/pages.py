"""Members' profiles, and the few pages of words."""

from django.db.models import FETCH_RAISE
from django.http import Http404
from django.shortcuts import redirect, render

from accounts import names
from accounts.models import User
from forum import markup
from forum.models import Post, RulesBanner
from forum.models.subforum import readable_subforums

RECENT_POSTS = 10


def profile(request, username: str):
    """A member, and what they wrote lately, as far as the reader may see it."""
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
    }
    return render(request, "forum/profile.html", context)


def rules(request):
    """The rules of the whole forum, then those of every subforum the reader may see."""
    banners = RulesBanner.objects.select_related("subforum", "set_by").order_by(
        "subforum__section__position", "subforum__position"
    )
    of_subforums = banners.filter(readable_subforums(request.user, "subforum__"), subforum__isnull=False)
    context = {"banner": banners.filter(subforum=None).first(), "banners": of_subforums, "canonical": request.path}
    return render(request, "forum/rules.html", context)


def help_writing(request):
    return render(request, "forum/help_writing.html", {"canonical": request.path})


def about(request):
    return render(request, "forum/about.html", {"canonical": request.path})


def _with_excerpt(post: Post) -> Post:
    post.excerpt = markup.excerpt(post.source, 200)
    return post
