"""The page of a member for moderators."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render

from accounts import security_log
from accounts.models import User
from accounts.text import names
from forum.permissions import NotAllowed
from moderation.actions import member_acts
from moderation.actions.jurisdiction import place_of
from moderation.forms.acts import MemberActForm
from moderation.forms.staff import NoteForm
from moderation.log import member_history
from moderation.member_choices import choices_for, preset
from moderation.permissions import can_moderate_something, can_note, can_read_record
from moderation.views.done import done_of, may_undo


@login_required
def member(request, username: str):
    """The history of a member, with notes of moderators and the form of a new one."""
    if not can_moderate_something(request.user):
        raise PermissionDenied
    member = get_object_or_404(User, username_skeleton=names.skeleton(username))
    if not can_read_record(request.user, member):
        raise PermissionDenied
    security_log.note("looked-at-member", request, of=member.pk)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            member_acts.add_note(request.user, member, form.cleaned_data["text"])
        except NotAllowed as error:
            raise PermissionDenied from error
        messages.success(request, "Note kept.")
        return redirect("moderation:member", member.username)
    return show(request, member, form=form, status=400 if request.method == "POST" else 200)


def show(request, member: User, *, form: NoteForm | None = None, acts: MemberActForm | None = None, status: int = 200):
    """Render the page, with what was typed into either of its two forms."""
    user, place = request.user, place_of(request.user, member)
    choices = choices_for(user, member, place)
    acts = acts or MemberActForm()
    chosen = acts.data.get("act", "")
    context = {
        "member": member,
        "form": form or NoteForm(),
        "acts": acts,
        "choices": choices,
        "chosen": chosen if chosen in {choice.act for choice in choices} else preset(choices),
        "place": place,
        "may_note": can_note(user, member, place),
        "done": done_of(request),
        "nav": "queue",
    }
    history = member_history.of_member(user, member)
    for entry in history["entries"]:
        entry.may_undo = may_undo(user, entry)
    return render(request, "moderation/member.html", context | history, status=status)
