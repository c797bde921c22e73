"""The page about signing in: second steps, where one is signed in, name and password."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from accounts.logs import security_log
from accounts.models import MemberSession
from accounts.signin import devices
from accounts.signin.freshness import fresh_posts_only
from accounts.social.connected import sites_of

FEW_CODES = 3


@login_required
@never_cache
def signing_in(request):
    ways = list(Authenticator.objects.filter(user=request.user).order_by("pk"))
    sessions = MemberSession.objects.standing_of(request.user)[: devices.MOST_LISTED]
    codes = _of_type(ways, Authenticator.Type.RECOVERY_CODES)
    context = {
        "passkeys": [way.wrap() for way in ways if way.type == Authenticator.Type.WEBAUTHN],
        "app": _of_type(ways, Authenticator.Type.TOTP),
        "codes": codes,
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "few_codes": FEW_CODES,
        "sessions": sessions,
        "this_key": request.session.session_key,
        "short_email": _short(request.user.email),
        "grace_for_staff": settings.SECOND_STEP_FOR_STAFF,
        "social_sites": sites_of(request.user),
    }
    return render(request, "accounts/signing_in.html", context)


@login_required
@fresh_posts_only
def end_session(request, number):
    """A GET, or a number that is nobody's or somebody else's, changes nothing. Idempotent."""
    if request.method == "POST":
        if MemberSession.objects.filter(pk=number, session=request.session.session_key).exists():
            return redirect("account_logout")
        if devices.end(request.user, number):
            security_log.note("session-ended", request, of=request.user.pk)
        messages.success(request, "That device is signed out.")
    return redirect("accounts:signing-in")


@login_required
@fresh_posts_only
def end_other_sessions(request):
    if request.method == "POST":
        devices.end_others(request, request.user)
        security_log.note("sessions-ended", request, of=request.user.pk)
        messages.success(request, "All other devices are signed out, and private feeds have no address any more.")
    return redirect("accounts:signing-in")


def _of_type(ways: list[Authenticator], kind: str) -> Authenticator | None:
    return next((way for way in ways if way.type == kind), None)


def _short(email: str) -> str:
    """ "i…@example.org", so that nobody who looks over a shoulder learns it."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}…@{domain}"
