"""What the page of a crossing and the home page show of watching."""

from typing import Any

from accounts.models import User
from accounts.readers import Reader
from crossings.models import Crossing
from crossings.status.update import today
from forum.extensions.fragments import HomeParts
from notifications.forms import WatchForm
from notifications.models import Watch
from notifications.watches.watched_crossings import watched_by


def of_crossing(user: User, crossing: Crossing) -> dict[str, Any]:
    """For members their watch, or its form; for visitors, whose page is cached, a link."""
    part: dict[str, Any] = {"template": "notifications/_watch.html", "crossing": crossing}
    if user.is_authenticated:
        watch = Watch.objects.filter(user=user, crossing=crossing).first()
        part |= {"watch": watch, "form": WatchForm(crossing=crossing, initial=plan_of(watch))}
    return part


def plan_of(watch: Watch | None) -> dict[str, Any]:
    return {"travel_on": watch.travel_on, "direction": watch.direction} if watch else {}


def of_home(reader: Reader) -> HomeParts:
    """A member's own crossings; nothing for visitors, whose page is kept, and for members who watch none."""
    if reader.pk is None:
        return HomeParts()
    rows = watched_by(reader.pk, today())
    if not rows:
        return HomeParts()
    return HomeParts(own=[{"template": "notifications/_your_crossings.html", "rows": rows, "key": rows}])
