"""A member, as moderators know them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render

from accounts import names
from accounts.models import User
from moderation import history
from moderation.actions import members
from moderation.forms import NoteForm
from moderation.permissions import can_moderate_something, can_read_notes


@login_required
def member(request, username: str):
    """The history of one member, and notes of moderators; a note is written here, too."""
    if not can_moderate_something(request.user):
        raise PermissionDenied
    member = get_object_or_404(User, username_skeleton=names.skeleton(username))
    if not can_read_notes(request.user, member):
        raise PermissionDenied
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        members.add_note(request.user, member, form.cleaned_data["text"])
        messages.success(request, "Note kept.")
        return redirect("moderation:member", member.username)
    context = {"member": member, "form": form, "nav": "moderation"} | history.of_member(request.user, member)
    return render(request, "moderation/member.html", context, status=400 if request.method == "POST" else 200)
