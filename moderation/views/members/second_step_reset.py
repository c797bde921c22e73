from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render

from accounts.limits import rate_limits
from accounts.models import User
from accounts.signin.freshness import require_fresh
from accounts.text import names
from forum.permissions import NotAllowed
from moderation.actions import second_steps
from moderation.forms.staff import SecondStepResetForm
from moderation.log.entries import Why
from moderation.permissions import can_reset_second_step


@login_required
def reset_second_step(request, username: str):
    """A GET asks for the reason."""
    member = get_object_or_404(User, username_skeleton=names.skeleton(username))
    if not can_reset_second_step(request.user, member):
        raise PermissionDenied
    if request.method == "POST":
        require_fresh(request)
    form = SecondStepResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        rate_limits.take("edit", request)
        _take_off(request, member, form.cleaned_data["reason"])
        return redirect("moderation:member", member.username)
    context = {"form": form, "member": member, "nav": "queue"}
    status = 400 if request.method == "POST" else 200
    return render(request, "moderation/reset_second_step.html", context, status=status)


def _take_off(request, member: User, reason: str) -> None:
    try:
        entry = second_steps.take_off(request.user, member, Why(reason=reason))
    except NotAllowed as error:
        raise PermissionDenied from error
    words = "The second step is taken off, and they are told." if entry else "There is no second step any more."
    messages.success(request, words)
