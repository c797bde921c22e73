"""Pages on which members flag posts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render

from accounts.limits import rate_limits
from accounts.models import User
from accounts.trust_levels import allowed
from forum.models import Post
from forum.permissions import NotAllowed
from moderation.actions import flags
from moderation.forms.members import FlagForm
from moderation.models import Flag
from moderation.permissions import can_flag


@login_required
def flag_post(request, post_id: int):
    """The form of a flag; a member who has flagged the post can withdraw the flag there."""
    post = _post(request.user, post_id)
    if not can_flag(request.user, post):
        raise PermissionDenied
    standing = Flag.objects.open().filter(post=post, by=request.user).first()
    form = FlagForm(request.POST or None, user=request.user, post=post)
    if request.method == "POST" and form.is_valid():
        if standing is None:
            _flag(request, post, form)
        messages.success(request, "Thank you. A moderator will look at it.")
        return _back(request.user, post)
    context = {"post": post, "topic": post.topic, "form": form, "standing": standing, "nav": "forum"}
    return render(request, "moderation/flag.html", context, status=400 if request.method == "POST" else 200)


@login_required
def withdraw_flag(request, post_id: int):
    """Idempotent. A GET redirects to the post."""
    post = _post(request.user, post_id)
    if request.method == "POST":
        try:
            flags.withdraw_flag(request.user, post)
        except NotAllowed as error:
            raise PermissionDenied from error
        messages.success(request, "Your flag is taken back.")
    return redirect(post)


def _flag(request, post: Post, form: FlagForm) -> None:
    rate_limits.take(allowed(request.user).flag_limit, request)
    try:
        address = rate_limits.address_block(rate_limits.client_address(request))
        flags.flag_post(request.user, post, **form.chosen, address=address)
    except NotAllowed as error:
        raise PermissionDenied from error


def _back(user: User, post: Post):
    """Redirect to the post, or, if it is held now, to what can still be read."""
    if Post.objects.visible_to(user).filter(pk=post.pk).exists():
        return redirect(post)
    post.topic.refresh_from_db()
    return redirect(post.topic if post.topic.is_readable else post.topic.subforum)


def _post(user: User, post_id: int) -> Post:
    return get_object_or_404(
        Post.objects.visible_to(user).select_related("topic__subforum__section", "author"), pk=post_id
    )
