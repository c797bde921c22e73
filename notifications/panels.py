"""The part about watching on the page of a crossing."""

from typing import Any

from accounts.models import User
from crossings.models import Crossing
from notifications.forms import WatchForm
from notifications.models import Watch


def of_crossing(user: User, crossing: Crossing) -> dict[str, Any]:
    """For members their watch, or its form; for visitors, whose page is cached, a link."""
    part: dict[str, Any] = {"template": "notifications/_watch.html", "crossing": crossing}
    if user.is_authenticated:
        watch = Watch.objects.filter(user=user, crossing=crossing).first()
        part |= {"watch": watch, "form": WatchForm(crossing=crossing, initial=plan_of(watch))}
    return part


def plan_of(watch: Watch | None) -> dict[str, Any]:
    return {"travel_on": watch.travel_on, "direction": watch.direction} if watch else {}
