"""The closed days of a crossing as iCalendar, at an address that anybody may subscribe to."""

from django.http import HttpResponse
from django.utils import timezone

from accounts.limits.work_limits import costs
from crossings.closures import crossing_calendar, icalendar, public_calendar
from crossings.hours import kept
from crossings.views.crossing_page import find_crossing
from pagecache.versions import keepable

REFRESH_HOURS = 12


@keepable("crossing", "slug")
@costs("feed")
def crossing_calendar_feed(request, slug: str):
    """Kept until the next midnight at one of the two posts."""
    found, _, today = find_crossing(slug)
    now = timezone.now()
    events = public_calendar.events_of(found, list(found.notices.not_over(today - public_calendar.BACK)), now)
    text = icalendar.as_ics(f"{found.name}: closed days", events, refresh_hours=REFRESH_HOURS)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{found.slug}.ics"'
    response["Access-Control-Allow-Origin"] = "*"
    response.valid_until = crossing_calendar.days_at_posts(kept.of(found), now)[1]  # type: ignore[attr-defined]
    return response
