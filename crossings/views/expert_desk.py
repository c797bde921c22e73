"""The experts' desk, and the one tap with which they confirm an answer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.limits import rate_limits
from crossings.freshness import actions
from crossings.freshness.desk import desk_of
from crossings.permissions import is_expert
from forum.models import Post
from forum.permissions import NotAllowed


@login_required
def desk(request):
    if not is_expert(request.user):
        raise PermissionDenied
    found = desk_of(request.user)
    context = {"desk": found, "has_countries": any(section.country for section in found), "nav": "desk"}
    return render(request, "crossings/desk.html", context)


@login_required
def confirm_answer(request, post_id: int):
    """Back to where the button was. A GET comes from the sign-in page and goes on to the post."""
    posts = Post.objects.visible_to(request.user).select_related("topic__subforum")
    post = get_object_or_404(posts, pk=post_id)
    if request.method != "POST":
        return redirect(post)
    rate_limits.take("react", request)
    try:
        actions.confirm_answer(request.user, post)
    except NotAllowed as error:
        raise PermissionDenied from error
    messages.success(request, "Confirmed: still true as of today.")
    return redirect(reverse("crossings:desk") if "from_desk" in request.GET else post)
