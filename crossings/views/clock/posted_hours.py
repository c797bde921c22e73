"""All posted hours of a crossing with their sources and their history, and what members and the staff do with them."""

from copy import copy

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.limits import rate_limits
from accounts.text.plain_text import visible
from crossings.hours import actions, wording
from crossings.hours.forms import ClocksForm, HoursForm
from crossings.hours.listing import read_at_gates, shown
from crossings.models import Crossing, Hours
from crossings.permissions import can_edit_hours
from crossings.views import base
from crossings.views.crossing_page import find_crossing
from forum.permissions import NotAllowed

PAGE = "crossings/clock/hours.html"
MOST_PAST = 50


def hours(request, slug: str):
    """What is posted, since when that is known, and from whom."""
    found, stamp, today = find_crossing(slug)
    visit = actions.newest_visit(request.user, found)
    context = {
        "crossing": found, "stamp": stamp, "nav": "crossings", "canonical": request.path,
        "clocks": wording.clocks(found, today), "also": wording.clocks_also(found, today),
        "read": read_at_gates(found, today),
        "rows": shown(found, found.hours.standing().in_order(), request.user, visit, today),
        "past": shown(found, _past(found), request.user, None, today),
        "may_edit": can_edit_hours(request.user, found),
    }  # fmt: skip
    return render(request, PAGE, context)


def _past(found: Crossing):
    return found.hours.filter(withdrawn_at__isnull=False).order_by("-withdrawn_at", "-pk")[:MOST_PAST]


@base.editors_only
def new_hours(request, slug: str):
    crossing = base.find_crossing(request.user, slug, can_edit_hours)
    form = HoursForm(base.typed_in(request), crossing=crossing)

    def save() -> str:
        actions.enter_hours(request.user, crossing, values=form.values, reason=form.cleaned_data["reason"])
        return _address(crossing)

    context = {"crossing": crossing, "title": f"New hours of {crossing.name}", "tab": "hours", "verb": "Enter hours"}
    return base.answer_form(request, form, save, context, done="Hours entered.")


@base.editors_only
def edit_hours(request, slug: str, hours_id: int):
    """What replaced a row in the meantime is what is edited; a POST names what it began with."""
    crossing, row = _find(request, slug, hours_id)
    standing = actions.standing_in_place_of(row)
    if request.method != "POST" and standing != row:
        return (
            redirect("crossings:edit-hours", crossing.slug, standing.pk) if standing else redirect(_address(crossing))
        )
    form = HoursForm(base.typed_in(request), crossing=crossing, hours=copy(row))

    def save() -> str:
        asked = {name: form.cleaned_data[name] for name in ("reason", "based_on")}
        actions.change_hours(request.user, row, values=form.values, **asked)
        return _address(crossing)

    context = {"crossing": crossing, "title": f"Hours of {crossing.name}", "tab": "hours", "hours": row}
    return base.answer_form(request, form, save, context, done="Hours saved.")


@base.editors_only
def withdraw_hours(request, slug: str, hours_id: int):
    crossing, row = _find(request, slug, hours_id)
    if request.method != "POST":
        standing = actions.standing_in_place_of(row)
        context = {"crossing": crossing, "hours": standing, "words": standing and wording.of_row(standing)}
        return render(request, "crossings/clock/withdraw_hours.html", context | {"nav": "crossings"})
    rate_limits.take("edit", request)
    reason = visible(" ".join(request.POST.get("reason", "").split()))[:200] or "Hours taken out"
    try:
        actions.withdraw_hours(request.user, row, reason=reason)
    except NotAllowed as error:
        raise PermissionDenied from error
    messages.success(request, "Hours taken out. The history keeps them.")
    return redirect(_address(crossing))


@base.editors_only
def restore_hours(request, slug: str, hours_id: int):
    """Undo: a row as it was, in the place of what replaced it. A GET comes from the sign-in page, and goes on."""
    crossing, row = _find(request, slug, hours_id)
    if request.method != "POST":
        return redirect(_address(crossing))
    rate_limits.take("edit", request)
    try:
        actions.restore_hours(request.user, row)
    except NotAllowed as error:
        raise PermissionDenied from error
    except ValidationError as error:
        messages.error(request, f"Not brought back. {' '.join(error.messages)}")
    else:
        messages.success(request, "Hours brought back.")
    return redirect(_address(crossing))


@base.editors_only
def confirm_hours(request, slug: str, hours_id: int):
    """ "Still so." A GET comes from the sign-in page, and goes on to the hours."""
    crossing = get_object_or_404(Crossing, slug=slug)
    row = get_object_or_404(Hours, crossing=crossing, pk=hours_id)
    if request.method != "POST":
        return redirect(_address(crossing))
    rate_limits.take("edit", request)
    try:
        actions.confirm_hours(request.user, row)
    except NotAllowed as error:
        raise PermissionDenied from error
    messages.success(request, "Thank you. The hours say so.")
    return redirect(_address(crossing))


@base.editors_only
def edit_clocks(request, slug: str):
    crossing = base.find_crossing(request.user, slug, can_edit_hours)
    form = ClocksForm(base.typed_in(request), crossing=crossing)

    def save() -> str:
        asked = {name: form.cleaned_data[name] for name in ("reason", "based_on")}
        actions.edit_clocks(request.user, crossing, values=form.values, **asked)
        return _address(crossing)

    context = {"crossing": crossing, "title": f"Clocks of {crossing.name}", "tab": "clocks"}
    return base.answer_form(request, form, save, context, done="Clocks saved.")


def _find(request, slug: str, hours_id: int) -> tuple[Crossing, Hours]:
    crossing = base.find_crossing(request.user, slug, can_edit_hours)
    rows = Hours.objects.select_related("crossing__country_a", "crossing__country_b")
    return crossing, get_object_or_404(rows, crossing=crossing, pk=hours_id)


def _address(crossing: Crossing) -> str:
    return reverse("crossings:hours", args=[crossing.slug])
