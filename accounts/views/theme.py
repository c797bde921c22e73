"""The light or dark theme: a field of the User for members, a cookie for visitors."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.forms import ThemeForm
from accounts.models import User
from accounts.readers import is_member

A_YEAR = 365 * 24 * 60 * 60


@require_http_methods(["GET", "HEAD", "POST"])
def theme(request):
    """Saves the choice in a cookie, and for members on the User, then redirects back."""
    user = User.objects.get(pk=request.user.pk) if is_member(request) else None
    form = ThemeForm(request.POST or None, instance=user, initial={"theme": request.COOKIES.get("theme", "")})
    if request.method == "POST" and form.is_valid():
        return _keep_theme(request, form, user)
    return render(request, "accounts/theme.html", {"form": form, "next": _next(request)})


def _keep_theme(request, form, user):
    response = redirect(_next(request))
    if user is not None:
        form.save_shown()
    response.set_cookie(
        "theme",
        form.cleaned_data["theme"],
        max_age=A_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _next(request):
    """The page to return to, if it is on this site."""
    address = request.POST.get("next") or request.GET.get("next") or "/"
    return address if get_adapter(request).is_safe_url(address) else "/"
