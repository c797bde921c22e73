"""The page of settings on which members choose how often they get letters."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.limits import rate_limits
from notifications.forms import LettersForm
from notifications.letters import bounces, delivery, preferences


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def letters(request):
    """A frequency for each category."""
    form = LettersForm(request.POST if request.method == "POST" else None, choices=preferences.choices_of(request.user))
    if request.method == "POST":
        rate_limits.take("edit", request)
        if form.is_valid():
            preferences.choose(request.user, form.changed_choices())
            messages.success(request, "Your wishes are saved.")
            return redirect("notifications:letters")
    context = {
        "form": form,
        "is_stopped_by_bounces": bounces.is_stopped(request.user),
        "is_all_stopped": preferences.is_stopped(request.user, preferences.ALL),
        "most_a_day": delivery.MOST_A_DAY,
        "nav": "settings",
    }
    return render(request, "notifications/letters.html", context, status=400 if form.is_bound else 200)


@login_required
def stop_all_letters(request):
    """Stop all letters, or send them again as before. Idempotent; a GET redirects to the page."""
    if request.method == "POST":
        rate_limits.take("edit", request)
        if "again" in request.POST:
            preferences.resume(request.user, preferences.ALL)
            messages.success(request, "You get letters again, as before.")
        else:
            preferences.stop(request.user, preferences.ALL)
            messages.success(request, "You get no letters any more. Your news still stands on its page.")
    return redirect("notifications:letters")


@login_required
def try_address_again(request):
    """Send letters again to an address from which they came back. Idempotent; a GET redirects to the page."""
    if request.method == "POST":
        rate_limits.take("edit", request)
        bounces.forgive(request.user)
        messages.success(request, "We send letters to your address again.")
    return redirect("notifications:letters")
