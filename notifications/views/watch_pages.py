"""Watching: the level of anything, the form of a crossing with a day, and the list of all watches."""

from collections.abc import Sequence
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateformat import format as written
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.limits import rate_limits
from crossings.closures.wording import in_a_day
from crossings.models import Crossing
from crossings.status.update import today
from forum.pages import wrong_filters
from notifications.closure_news import closures_on
from notifications.forms import LevelForm, PreferenceForm, WatchForm, WatchPageForm
from notifications.models import Watch, WatchPreference
from notifications.models.watch import Target
from notifications.permissions import can_watch
from notifications.watches import actions, listing, panels
from notifications.watches.level_menu import STOP
from notifications.watches.targets import find_target


@login_required
def choose_level(request, kind: str, key: str):
    """Choose how much to hear about something, or stop. Idempotent; a GET shows the choices, as after signing in."""
    target = find_target(request.user, kind, key)
    if not can_watch(request.user, target):
        raise PermissionDenied
    if request.method != "POST":
        return _choices(request, target)
    rate_limits.take("react", request)
    form = LevelForm(request.POST)
    if not form.is_valid():
        return _choices(request, target, errors=[str(error) for error in form.errors["level"]], status=400)
    if form.cleaned_data["level"] == STOP:
        actions.stop_watching(request.user, target)
    else:
        actions.choose_level(request.user, target, Watch.Level(form.cleaned_data["level"]))
    menu = panels.menu_of(request.user.pk, target)
    if request.htmx:
        return render(request, "notifications/_level_menu.html", {"part": {"menu": menu, "is_open": True}})
    messages.success(request, f"{menu.about}: {menu.label if menu.level else 'not watching'}.")
    return redirect(_page_before(request, target))


def _choices(request, target: Target, errors: Sequence[str] = (), status: int = 200):
    """The choices on a page of their own; those of a crossing stand in its form."""
    if isinstance(target, Crossing) and not errors:
        return redirect("notifications:watch", target.slug)
    context = {"target": target, "menu": panels.menu_of(request.user.pk, target), "errors": errors}
    return render(request, "notifications/choose_level.html", context, status=status)


def _page_before(request, target: Target) -> str:
    """The page of ours whose button was pressed, such as page 3 of a topic, or that of the target."""
    address = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    if not is_ours or not address.startswith(request.build_absolute_uri("/")) or request.path in address:
        return target.get_absolute_url()
    return address


@login_required
def watch(request, slug: str):
    """The form of a crossing's watch on a page of its own, after signing in or with errors."""
    crossing = get_object_or_404(Crossing.objects.with_countries(), slug=slug)
    found = Watch.objects.filter(user=request.user, crossing=crossing).first()
    initial = panels.plan_of(found)
    form = WatchForm(request.POST if request.method == "POST" else None, crossing=crossing, initial=initial)
    context = {"crossing": crossing, "watch": found, "form": form, "nav": "crossings"}
    if request.method != "POST":
        return render(request, "notifications/watch.html", context)
    rate_limits.take("edit", request)
    if not form.is_valid():
        return render(request, "notifications/watch.html", context, status=400)
    actions.watch(request.user, crossing, **form.cleaned_data)
    messages.success(request, f"You watch {crossing.name}. What changes there is told in your news.")
    if closed := _closed_on(crossing, form.cleaned_data["travel_on"]):
        messages.warning(request, closed)
    return redirect(crossing)


def _closed_on(crossing: Crossing, day: date | None) -> str:
    """What its calendar says against the day."""
    if day is None:
        return ""
    notices = crossing.notices.not_over(today())
    said = in_a_day(closures_on(crossing, notices, day, today()), crossing.country_names)
    return " ".join([f"On {written(day, 'l j F')}:", *said]) if said else ""


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
    """All that the member watches, by kind; `?of=topic&before=9` is a further page of one kind."""
    asked, wrong = wrong_filters.form_without(WatchPageForm, request.GET)
    if "before" in wrong:  # no filter, and no page of ours says so
        raise Http404
    kind, before = asked.cleaned_data["of"], asked.cleaned_data["before"]
    context = {
        "lists": {kind: listing.list_of(request.user, kind, before)} if kind else listing.all_of(request.user),
        "of": kind,
        "wrong_filters": wrong,
        "form": _preference_form(request.user),
        "nav": "watches",
    }
    return render(request, "notifications/watches.html", context)


@login_required
def prefer(request):
    """Set which topics the member watches by themselves. Idempotent; a GET redirects to the list."""
    if request.method == "POST":
        rate_limits.take("edit", request)
        form = PreferenceForm(request.POST)
        form.is_valid()  # two boxes, ticked or not
        actions.prefer(request.user, **form.cleaned_data)
        messages.success(request, "Your wish is saved.")
    return redirect("notifications:watches")


def _preference_form(user) -> PreferenceForm:
    return PreferenceForm(instance=WatchPreference.objects.filter(user=user).first() or WatchPreference(user=user))
