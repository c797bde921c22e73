"""Recovery codes are shown for a few minutes to the session in which they were made, and never again."""

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from accounts.signin import new_codes
from accounts.site_info import site_name


@login_required
@never_cache
@reauthentication_required(app="allauth.mfa")
def recovery_codes(request):
    """The codes that were made just now; otherwise how many are left, and making new ones."""
    if not new_codes.are_shown(request):
        return redirect("mfa_generate_recovery_codes")
    return render(request, "mfa/recovery_codes/index.html", {"codes": _codes_of(request.user)})


@login_required
@never_cache
@reauthentication_required(app="allauth.mfa")
def download(request):
    if not new_codes.are_shown(request):
        return redirect("mfa_generate_recovery_codes")
    text = "\n".join([f"Recovery codes of {request.user.username} at {site_name()}. Each works once.", ""])
    response = HttpResponse(text + "\n".join([*_codes_of(request.user), ""]), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="recovery-codes.txt"'
    return response


def _codes_of(user) -> list[str]:
    kept = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    codes = kept.wrap().get_unused_codes() if kept else []
    if not codes:
        raise Http404
    return codes
