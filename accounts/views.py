from allauth.account.views import PasswordResetView, SignupView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts import rate_limits
from accounts.forms import SettingsForm, ThemeForm

YEAR = 365 * 24 * 60 * 60


class SignUp(SignupView):
    """allauth's, within our limits."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        rate_limits.take("sign_up", request)
        return super().post(request, *args, **kwargs)


class ResetPassword(PasswordResetView):
    """allauth's, within our limits on letters."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        rate_limits.take("mail", request)
        return super().post(request, *args, **kwargs)


@login_required
def edit_settings(request: HttpRequest) -> HttpResponse:
    form = SettingsForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        # Only what the form shows: counters on the same row change meanwhile.
        form.instance.save(update_fields=form._meta.fields)
        messages.success(request, "Settings saved.")
        return redirect("accounts:settings")
    status = 400 if request.method == "POST" else 200
    request.user.refresh_from_db(fields=["theme", "location", "bio", "signature"])
    return render(request, "accounts/settings.html", {"form": form, "nav": "settings"}, status=status)


def theme(request: HttpRequest) -> HttpResponse:
    """Light or dark, without a script: a member's choice is kept with the account, a visitor's in a cookie."""
    form = ThemeForm(request.POST or None, initial={"theme": request.COOKIES.get("theme", "")})
    if request.method != "POST" or not form.is_valid():
        status = 400 if request.method == "POST" else 200
        return render(request, "accounts/theme.html", {"form": form}, status=status)
    chosen = form.cleaned_data["theme"]
    answer = redirect("forum:index")
    if request.user.is_authenticated:
        type(request.user).objects.filter(pk=request.user.pk).update(theme=chosen)
    elif chosen:
        answer.set_cookie(
            "theme", chosen, max_age=YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
        )
    else:
        answer.delete_cookie("theme", samesite="Lax")
    return answer
