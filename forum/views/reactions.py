"""Adding and removing reactions, and the list of who gave them."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.limits import rate_limits
from accounts.models import User
from accounts.readers import Reader, reader_of
from forum import actions
from forum.models import Post, Reaction
from forum.models.reaction import OPPOSITES
from forum.permissions import NotAllowed, PostPermissions, can_date, can_react
from forum.views.topic_page import one_post

SHOWN_PER_KIND = 200


@login_required
def react(request, post_id: int, kind: str):
    return _answer(request, post_id, kind, actions.reactions.react)


@login_required
def withdraw_reaction(request, post_id: int, kind: str):
    return _answer(request, post_id, kind, actions.reactions.withdraw_reaction)


def reactions(request, post_id: int):
    """The members who reacted to a post, by kind."""
    post = get_object_or_404(
        Post.objects.visible_to(request.user).with_called_outdated().select_related("topic__subforum", "author"),
        pk=post_id,
    )
    shown = post.reactions.select_related("user").order_by("given_at")
    if not post.called_outdated_at:  # as on the page of the topic, until enough members say so
        shown = shown.exclude(~Q(user=request.user.pk), kind=Reaction.Kind.OUTDATED)
    given = list(shown[: 3 * SHOWN_PER_KIND])
    groups = [
        {"label": kind.label, "reactions": [reaction for reaction in given if reaction.kind == kind]}
        for kind in Reaction.Kind
    ]
    return render(request, "forum/reactions.html", {"post": post, "groups": groups, "nav": "forum"})


def _answer(request, post_id: int, kind: str, verb):
    """A POST acts. Returns a fragment for htmx, else a redirect to the post; a GET comes from the sign-in page."""
    if kind not in Reaction.Kind.values:
        raise Http404
    post = _post(request.user, post_id)
    if request.method == "POST":
        rate_limits.take("react", request)
        try:
            verb(request.user, post, kind)
        except NotAllowed as error:
            raise PermissionDenied from error
    if not request.htmx:
        return redirect(post)
    if kind in OPPOSITES:
        return _whole(reader_of(request), post)
    post = _post(request.user, post_id)
    post.may = PostPermissions(react=can_react(request.user, post), date=can_date(request.user, post))
    return render(request, "forum/_post.html#reactions", {"post": post})


def _whole(reader: Reader, post: Post) -> HttpResponse:
    """The whole post, because reactions on whether it is still true also show above its text."""
    response = HttpResponse(one_post(reader, post))
    response["HX-Retarget"] = f"#p{post.pk}"
    return response


def _post(user: User, post_id: int) -> Post:
    posts = Post.objects.visible_to(user).with_reactions_of(user).with_called_outdated()
    posts = posts.select_related("topic__subforum")
    return get_object_or_404(posts, pk=post_id)
