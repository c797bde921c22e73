"""The settings page of a member's own profile, with a preview."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.limits import rate_limits
from accounts.models import User
from forum.forms.profile_form import ProfileForm
from forum.pages.profile_fields import html_of, ways_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile_settings(request):
    member = User.objects.get(pk=request.user.pk)
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=member)
    is_preview = "preview" in request.POST
    if is_preview:
        rate_limits.take("preview", request)
    if request.method == "POST" and form.is_valid() and not is_preview:
        rate_limits.take("profile", request)
        form.save_shown()
        messages.success(request, "Profile saved.")
        return redirect("forum:profile-settings")
    status = 400 if request.method == "POST" and form.errors else 200
    shown = _preview(form) if is_preview and not form.errors else None
    return render(
        request, "forum/members/profile_settings.html", {"form": form, "shown": shown, "nav": "settings"}, status=status
    )


def _preview(form: ProfileForm) -> dict[str, str]:
    """As those would see it who may; the instance has what was typed."""
    member = form.instance
    return {
        "bio": html_of(member, "bio"),
        "signature": html_of(member, "signature"),
        "location": member.location,
        "languages": member.languages,
        "travels_by": ways_of(member),
        "countries_known": member.countries_known,
        "home_page": member.home_page,
    }
