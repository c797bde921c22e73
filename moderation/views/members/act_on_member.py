"""Warning, suspending, banning and vouching from a member's page; cleaning up after a spammer."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.text import names
from forum.permissions import CannotBeDone, NotAllowed
from moderation.actions import member_acts, spam
from moderation.forms.acts import MemberActForm
from moderation.log.entries import NoSuchRule
from moderation.models import ModerationEntry
from moderation.permissions import can_moderate_something, can_read_record
from moderation.rules import CHANGED
from moderation.views.done import address
from moderation.views.members.member_page import show


@login_required
@require_POST
def act_on_member(request, username: str):
    """Perform one act; errors are shown on the member's page, with what was typed."""
    if not can_moderate_something(request.user):
        raise PermissionDenied
    member = get_object_or_404(User, username_skeleton=names.skeleton(username))
    if not can_read_record(request.user, member):
        raise PermissionDenied
    form, name, status = MemberActForm(request.POST), request.POST.get("act", ""), 400
    if form.is_valid() and name not in ACTS:
        form.add_error(None, "Choose one of the acts.")
    if form.is_valid() and not form.must_say_why(name):
        try:
            entry = ACTS[name](request.user, member, form)
        except NotAllowed:
            form.add_error(None, NOT_YOURS)
            status = 403
        except NoSuchRule:
            form.add_error("rule", CHANGED)
        except CannotBeDone as error:
            form.add_error(None, str(error))
        else:
            page = reverse("moderation:member", args=[member.username])
            if entry is None:
                messages.success(request, "That was done already.")
            return redirect(address(page, [entry]) if entry else page)
    return show(request, member, acts=form, status=status)


def _warn(user: User, member: User, form: Any) -> ModerationEntry | None:
    return member_acts.warn(user, member, form.why, points=form.cleaned_data["points"])


def _suspend(user: User, member: User, form: Any) -> ModerationEntry | None:
    days = form.cleaned_data["days"]
    if not days:
        raise CannotBeDone("Say for how many days.")
    # To the full hour, so that submitting it twice is the same act.
    until = (timezone.now() + timedelta(days=days)).replace(minute=0, second=0, microsecond=0)
    return member_acts.suspend(user, member, until, form.why)


NOT_YOURS = (
    "Only administrators may do this. Moderators act on what members wrote where they moderate, suspend for 30 days, "
    "and ban newcomers."
)
ACTS: dict[str, Callable[[User, User, Any], ModerationEntry | None]] = {
    "warn": _warn,
    "suspend": _suspend,
    "lift": lambda user, member, form: member_acts.lift(user, member, form.why),
    "ban": lambda user, member, form: member_acts.ban(user, member, form.why),
    "unban": lambda user, member, form: member_acts.unban(user, member, form.why),
    "vouch": lambda user, member, form: member_acts.vouch(user, member, form.why),
    "clean": lambda user, member, form: spam.clean_spam(user, member, form.why),
}
