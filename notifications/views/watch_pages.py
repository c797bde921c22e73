"""Watching a crossing, the list of what one watches, and ending it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render

from accounts import rate_limits
from crossings.models import Crossing
from crossings.status.update import today
from notifications.forms import WatchForm
from notifications.letters import preferences
from notifications.models import Letter, Watch
from notifications.panels import plan_of
from notifications.watches import stop_watching as end_watch
from notifications.watches import watch as begin_watch


@login_required
def watch(request, slug: str):
    """The form of the crossing's page, alone: for whoever comes from the sign-in page, or typed no date."""
    crossing = get_object_or_404(Crossing.objects.with_countries(), slug=slug)
    found = Watch.objects.filter(user=request.user, crossing=crossing).first()
    form = WatchForm(request.POST if request.method == "POST" else None, crossing=crossing, initial=plan_of(found))
    context = {"crossing": crossing, "watch": found, "form": form, "nav": "crossings"}
    if request.method != "POST":
        return render(request, "notifications/watch.html", context)
    rate_limits.take("edit", request)
    if not form.is_valid():
        return render(request, "notifications/watch.html", context, status=400)
    begin_watch(request.user, crossing, **form.cleaned_data)
    messages.success(request, f"You watch {crossing.name}. What changes there is told in your news.")
    return redirect(crossing)


@login_required
def stop_watching(request, slug: str):
    """Twice changes nothing. A GET goes to the list."""
    crossing = get_object_or_404(Crossing, slug=slug)
    if request.method == "POST":
        end_watch(request.user, crossing)
        messages.success(request, f"You no longer watch {crossing.name}.")
    return redirect("notifications:watches")


@login_required
def watches(request):
    """What the member watches, with the status it has now, and which letters they want."""
    found = Watch.objects.filter(user=request.user).order_by("crossing__name")
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
    """Wish for a kind of letters, or for none of it. Twice changes nothing; a GET goes to the list."""
    if request.method == "POST" and kind in Letter.Kind:
        preferences.set_wanted(request.user, Letter.Kind(kind), is_wanted="again" in request.POST)
        messages.success(request, "Your wish is saved.")
    return redirect("notifications:watches")
