"""Changing one's own name."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render

from accounts.forms import OwnNameForm
from accounts.limits import rate_limits
from accounts.logs import security_log
from accounts.members.rename import may_rename_from, rename
from accounts.models import FormerName


@login_required
def own_name(request):
    """The form with the names of before; for a waiting time after a change without the form."""
    waits_until = may_rename_from(request.user)
    form = OwnNameForm(request.POST if request.method == "POST" else None, initial={"name": request.user.username})
    if request.method == "POST":
        if not request.user.can_write:
            raise PermissionDenied("While your account is suspended you cannot change your name.")
        rate_limits.take("edit", request)
        if form.is_valid() and _renamed(request, form):
            messages.success(request, "Your name is changed. The old one leads to you.")
            return redirect("accounts:own-name")
    context = {
        "form": form,
        "waits_until": waits_until,
        "former": FormerName.objects.filter(user=request.user).latest_first(),
        "days": settings.NAME_CHANGE_DAYS,
        "nav": "settings",
    }
    return render(request, "accounts/own_name.html", context, status=400 if form.is_bound else 200)


def _renamed(request, form):
    try:
        rename(request.user, form.cleaned_data["name"], by=request.user)
    except ValidationError as error:
        form.add_error("name", error)
        return False
    security_log.note("renamed", request, of=request.user.pk)
    return True
