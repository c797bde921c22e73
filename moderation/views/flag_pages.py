"""Pages on which members flag posts, and profiles."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render

from accounts.limits import rate_limits
from accounts.models import User
from accounts.trust_levels import allowed
from forum.models import Post
from forum.pages.about_member import find_member
from forum.pages.profile_fields import shown
from forum.permissions import NotAllowed
from moderation.actions import flags, profile_flags
from moderation.forms.members import FlagForm, ProfileFlagForm
from moderation.models import Flag
from moderation.permissions import can_flag, can_flag_profile


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


@login_required
def flag_profile(request, username: str):
    """The form of a flag of a profile; a member who has flagged it can withdraw the flag there."""
    member = find_member(username)
    if not can_flag_profile(request.user, member):
        raise PermissionDenied
    standing = Flag.objects.open().filter(profile=member, by=request.user).first()
    texts = shown(request.user, member)
    form = ProfileFlagForm(request.POST or None, texts=texts)
    if request.method == "POST" and form.is_valid():
        if standing is None:
            _flag(request, member, form)
        messages.success(request, "Thank you. A moderator will look at it.")
        return redirect(member)
    context = {"member": member, "shown": texts, "form": form, "standing": standing, "nav": "forum"}
    return render(request, "moderation/flag_profile.html", context, status=400 if request.method == "POST" else 200)


@login_required
def withdraw_profile_flag(request, username: str):
    """Idempotent. A GET redirects to the profile."""
    member = find_member(username)
    if request.method == "POST":
        try:
            profile_flags.withdraw_profile_flag(request.user, member)
        except NotAllowed as error:
            raise PermissionDenied from error
        messages.success(request, "Your flag is taken back.")
    return redirect(member)


def _flag(request, flagged: Post | User, form: FlagForm | ProfileFlagForm) -> None:
    rate_limits.take(allowed(request.user).flag_limit, request)
    address = rate_limits.address_block(rate_limits.client_address(request))
    try:
        if isinstance(flagged, Post):
            flags.flag_post(request.user, flagged, **form.chosen, address=address)
        else:
            profile_flags.flag_profile(request.user, flagged, **form.chosen, address=address)
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
