from allauth.account.adapter import get_adapter
from django.conf import settings as site_settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.forms import SettingsForm, ThemeForm
from accounts.models import User
from accounts.visitors import is_member

A_YEAR = 365 * 24 * 60 * 60


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request):
    form = SettingsForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        _save(form)
        messages.success(request, "Settings saved.")
        return redirect("accounts:settings")
    status = 400 if request.method == "POST" else 200
    return render(request, "accounts/settings.html", {"form": form, "nav": "settings"}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def theme(request):
    """Members keep their choice with the account, visitors in a cookie."""
    user = User.objects.get(pk=request.user.pk) if is_member(request) else None
    form = ThemeForm(request.POST or None, instance=user, initial={"theme": request.COOKIES.get("theme", "")})
    if request.method == "POST" and form.is_valid():
        return _keep_theme(request, form, user)
    return render(request, "accounts/theme.html", {"form": form, "next": _next(request)})


def _keep_theme(request, form, user):
    response = redirect(_next(request))
    if user is not None:
        _save(form)
    response.set_cookie(
        "theme",
        form.cleaned_data["theme"],
        max_age=A_YEAR,
        secure=site_settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _save(form):
    """Only what the form shows: the counters on the same row change meanwhile."""
    form.instance.save(update_fields=form._meta.fields)


def _next(request):
    """Where the reader came from, if that is one of our pages."""
    address = request.POST.get("next") or request.GET.get("next") or "/"
    return address if get_adapter(request).is_safe_url(address) else "/"
