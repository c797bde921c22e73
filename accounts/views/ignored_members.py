"""Ignoring a member, reading them again, and the list of whom one ignores."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render

from accounts import actions
from accounts.models import User
from accounts.permissions import can_ignore
from accounts.readers import ignored_ids
from accounts.text import names


@login_required
def ignore(request, username: str):
    """A page that says what ignoring means, with the button; a POST ignores."""
    member = _member(username)
    if not can_ignore(request.user, member):
        raise PermissionDenied
    if request.method != "POST":
        return render(request, "accounts/ignore.html", {"member": member})
    try:
        actions.ignore(request.user, member)
    except actions.CannotIgnore as error:
        messages.error(request, str(error))
        return redirect("accounts:ignored")
    messages.success(request, f"You ignore {member.username} now. Nobody else learns of it.")
    return redirect(member)


@login_required
def stop_ignoring(request, username: str):
    """A POST shows the member's posts again. A GET, as after signing in, only redirects."""
    member = _member(username)
    if request.method == "POST":
        actions.stop_ignoring(request.user, member)
        messages.success(request, f"You read {member.username} again.")
    return redirect("accounts:ignored")


@login_required
def ignored(request):
    """The members whom the user ignores, by name."""
    members = User.objects.filter(pk__in=ignored_ids(request.user)).order_by("username_skeleton")
    return render(request, "accounts/ignored.html", {"members": members, "nav": "settings"})


def _member(username: str) -> User:
    confirmed = User.objects.filter(is_active=True, email_confirmed_at__isnull=False)
    return get_object_or_404(confirmed, username_skeleton=names.skeleton(username))
