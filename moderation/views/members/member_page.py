"""The page of a member for moderators."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.logs import security_log
from accounts.models import FormerName, User
from accounts.text import names
from forum.pages.profile_fields import name_of
from forum.permissions import NotAllowed
from moderation.actions import member_acts
from moderation.actions.jurisdiction import place_of
from moderation.forms.acts import MemberActForm
from moderation.forms.staff import ClearProfileForm, NoteForm
from moderation.log import member_history
from moderation.log.entries import Why
from moderation.member_choices import choices_for, preset
from moderation.permissions import (
    can_clear_profile,
    can_moderate_something,
    can_note,
    can_read_record,
    can_reset_second_step,
)
from moderation.views.done import address, done_of, may_undo

MOST_NAMES = 20


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


@login_required
@require_POST
def clear_profile(request, username: str):
    """Clear a text of a profile, with a reason for its member."""
    member = get_object_or_404(User, username_skeleton=names.skeleton(username))
    if not can_clear_profile(request.user, member):
        raise PermissionDenied
    form = ClearProfileForm(request.POST)
    if not form.is_valid():
        return show(request, member, clearing=form, status=400)
    try:
        why = Why(reason=form.cleaned_data["reason"])
        entry = member_acts.clear_profile(request.user, member, [form.cleaned_data["field"]], why)
    except NotAllowed as error:
        raise PermissionDenied from error
    page = reverse("moderation:member", args=[member.username])
    if entry is None:
        messages.success(request, "That was done already.")
    return redirect(address(page, [entry]) if entry else page)


def show(request, member: User, *, form: NoteForm | None = None, acts: MemberActForm | None = None,
    clearing: ClearProfileForm | None = None, status: int = 200,
):  # fmt: skip
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
        "may_reset_second_step": member.second_step_at and can_reset_second_step(user, member),
        "done": done_of(request),
        "former_names": FormerName.objects.filter(user=member).latest_first()[:MOST_NAMES],
        "clearing": clearing,
        "texts": _texts(member) if can_clear_profile(user, member) else [],
        "nav": "queue",
    }
    history = member_history.of_member(user, member)
    for entry in history["entries"]:
        entry.may_undo = may_undo(user, entry)
    return render(request, "moderation/member.html", context | history, status=status)


def _texts(member: User) -> list[tuple[str, str, str]]:
    """What others may see of the profile: field, its name, and the text as typed."""
    return [(field, name_of(field), text) for field, text in member_acts.texts_of_profile(member).items()]
