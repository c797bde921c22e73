"""The page of a member for moderators."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render

from accounts import names
from accounts.models import User
from moderation.actions import member_acts
from moderation.forms.acts import MemberActForm
from moderation.forms.staff import NoteForm
from moderation.log import member_history
from moderation.permissions import (
    can_ban,
    can_clean_spam,
    can_lift,
    can_moderate_something,
    can_read_notes,
    can_suspend,
    can_vouch,
    can_warn,
)


@login_required
def member(request, username: str):
    """The history of a member, with notes of moderators and the form of a new one."""
    if not can_moderate_something(request.user):
        raise PermissionDenied
    member = get_object_or_404(User, username_skeleton=names.skeleton(username))
    if not can_read_notes(request.user, member):
        raise PermissionDenied
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        member_acts.add_note(request.user, member, form.cleaned_data["text"])
        messages.success(request, "Note kept.")
        return redirect("moderation:member", member.username)
    return show(request, member, form=form, status=400 if request.method == "POST" else 200)


def show(request, member: User, *, form: NoteForm | None = None, acts: MemberActForm | None = None, status: int = 200):
    """Render the page, with what was typed into either of its two forms."""
    user = request.user
    may = {
        "warn": can_warn(user, member),
        "suspend": can_suspend(user, member) and not member.is_suspended,
        "lift": can_lift(user, member) and member.is_suspended and not member.is_banned,
        "ban": can_ban(user, member) and not member.is_banned,
        "unban": can_lift(user, member) and member.is_banned,
        "vouch": can_vouch(user, member),
        "clean": can_clean_spam(user, member),
    }
    context = {
        "member": member,
        "form": form or NoteForm(),
        "acts": acts or MemberActForm(),
        "may": may,
        "nav": "queue",
    }
    return render(request, "moderation/member.html", context | member_history.of_member(user, member), status=status)
