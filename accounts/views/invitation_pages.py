"""The invitations that a member made, or all for administrators: made, copied, withdrawn."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render

from accounts.limits import rate_limits
from accounts.logs import security_log
from accounts.models import Invitation
from accounts.permissions import can_administer_invitations, can_invite, can_withdraw_invitation
from accounts.signup import invitations
from accounts.signup.forms import InvitationForm

SHOWN = 50


@login_required
def invitation_list(request):
    """The list with the form that makes one."""
    if not can_invite(request.user):
        raise PermissionDenied
    is_admin = can_administer_invitations(request.user)
    form = InvitationForm(request.POST if request.method == "POST" else None, may_have_many=is_admin)
    if request.method == "POST" and form.is_valid():
        rate_limits.take("invite", request)
        try:
            made = invitations.invite(request.user, **form.cleaned_data)
        except invitations.CannotInvite as error:
            form.add_error(None, str(error))
        else:
            security_log.note("invited", request, invitation=made.pk, uses=made.most_uses)
            messages.success(request, "The letter is on its way." if made.address else "The link is made: copy it.")
            return redirect("accounts:invitations")
    context = {"form": form, "rows": _rows(request), "signup": settings.SIGNUP, "nav": "settings"}
    return render(request, "accounts/invitations.html", context, status=400 if form.is_bound else 200)


def _rows(request):
    """The newest SHOWN, of everybody for administrators, with who signed up and has confirmed the address since."""
    found = Invitation.objects.select_related("made_by", "withdrawn_by").prefetch_related("members__user")
    if not can_administer_invitations(request.user):
        found = found.filter(made_by=request.user)
    return [
        {
            "invitation": row,
            "url": invitations.url_of(row) if row.is_standing and row.made_by_id == request.user.pk else "",
            "members": [invited.user for invited in row.members.all() if invited.user.email_confirmed_at],
        }
        for row in found.order_by("-made_at", "-pk")[:SHOWN]
    ]


@login_required
def withdraw(request, invitation_id: int):
    """A POST withdraws; a GET, as after signing in, only redirects. Of others' it is not there."""
    invitation = get_object_or_404(Invitation, pk=invitation_id)
    if not can_withdraw_invitation(request.user, invitation):
        raise PermissionDenied
    if request.method == "POST":
        invitations.withdraw(request.user, invitation)
        security_log.note("invitation-withdrawn", request, invitation=invitation.pk, of=invitation.made_by_id)
        messages.success(request, "The invitation is withdrawn.")
    return redirect("accounts:invitations")
