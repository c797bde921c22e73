"""Watching a crossing, the list of watches, and ending one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render

from accounts import rate_limits
from crossings.models import Crossing
from crossings.status.update import today
from notifications.forms import WatchForm
from notifications.letters import preferences
from notifications.models import Letter, Watch
from notifications.watches import actions
from notifications.watches.panels import plan_of


@login_required
def watch(request, slug: str):
    """The form of a watch on a page of its own, after signing in or with errors."""
    crossing = get_object_or_404(Crossing.objects.with_countries(), slug=slug)
    found = Watch.objects.filter(user=request.user, crossing=crossing).first()
    form = WatchForm(request.POST if request.method == "POST" else None, crossing=crossing, initial=plan_of(found))
    context = {"crossing": crossing, "watch": found, "form": form, "nav": "crossings"}
    if request.method != "POST":
        return render(request, "notifications/watch.html", context)
    rate_limits.take("edit", request)
    if not form.is_valid():
        return render(request, "notifications/watch.html", context, status=400)
    actions.watch(request.user, crossing, **form.cleaned_data)
    messages.success(request, f"You watch {crossing.name}. What changes there is told in your news.")
    return redirect(crossing)


@login_required
def stop_watching(request, slug: str):
    """Idempotent. A GET redirects to the list."""
    crossing = get_object_or_404(Crossing, slug=slug)
    if request.method == "POST":
        actions.stop_watching(request.user, crossing)
        messages.success(request, f"You no longer watch {crossing.name}.")
    return redirect("notifications:watches")


@login_required
def watches(request):
    """The member's watches with the crossings' current status, and the kinds of letters they get."""
    found = Watch.objects.filter(user=request.user, crossing__isnull=False).order_by("crossing__name")
    crossings = Crossing.objects.with_countries().with_status(today())
    by_id = crossings.in_bulk([watch.crossing_id for watch in found])
    unwanted = preferences.unwanted(request.user)
    context = {
        "rows": [(watch, by_id[watch.crossing_id]) for watch in found],
        "kinds": [(kind, kind not in unwanted) for kind in Letter.Kind],
        "nav": "watches",
    }
    return render(request, "notifications/watches.html", context)


@login_required
def want_letters(request, kind: str):
    """Subscribe or unsubscribe a kind of letters. Idempotent; a GET redirects to the list."""
    if request.method == "POST" and kind in Letter.Kind:
        preferences.set_wanted(request.user, Letter.Kind(kind), is_wanted="again" in request.POST)
        messages.success(request, "Your wish is saved.")
    return redirect("notifications:watches")
