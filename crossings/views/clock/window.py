"""When to be at the gate: the calculator of a crossing, with everything it is asked in its address."""

from collections.abc import Sequence
from datetime import date

from django.shortcuts import render
from django.utils import timezone

from crossings.clock import zones
from crossings.clock.days import zone_of_side
from crossings.clock.rules import SIDES
from crossings.closures.crossing_calendar import calendar_of
from crossings.closures.panels import closed_days
from crossings.closures.rules import both_sides, of_day
from crossings.closures.wording import in_a_day
from crossings.hours import calculator, kept, wording
from crossings.hours.forms import WindowForm
from crossings.models import Crossing, Notice
from crossings.views.crossing_page import find_crossing, own_zone


def window(request, slug: str):
    """Not kept: there are as many addresses as days."""
    found, stamp, today = find_crossing(slug)
    hours = kept.of(found)
    zone = zone_of_side(hours, "a") or zone_of_side(hours, "b")
    form = WindowForm(request.GET, crossing=found, today=zones.day_of(timezone.now(), zone) if zone else today)
    notices = list(found.notices.not_over(today))
    context = {
        "closed_days": closed_days(found, notices, timezone.now()),
        "crossing": found, "stamp": stamp, "form": form, "also": wording.clocks_also(found, today), "nav": "crossings",
        "canonical": "" if request.GET else request.path,
    }  # fmt: skip
    if not form.is_valid():
        return render(request, "crossings/clock/window.html", context, status=400)
    asked = form.cleaned_data
    context["answer"] = calculator.work_out(
        found, to=asked["to"], mode=asked["by"], day=asked["day"], spare=asked["spare"], now=timezone.now(),
        own_zone=own_zone(request.user),
    )  # fmt: skip
    context["closing"] = found.notices.closing(asked["day"]).first()
    context["may_be_shut"] = _not_by_the_hours(found, notices, asked["day"], today)
    return render(request, "crossings/clock/window.html", context)


def _not_by_the_hours(crossing: Crossing, notices: Sequence[Notice], day: date, today: date) -> list[str]:
    """What the hours do not say of a day, and no notice: a holiday, on which a post may rest."""
    calendar = calendar_of(crossing, notices)
    found = both_sides(one for side in SIDES for one in of_day(calendar, side, day, today))
    return in_a_day((one for one in found if not one.is_sure), crossing.country_names)
